package net.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A disk of which copies can be had while it is written to, each as a power cut would have left it.
 * It is a file behind a loop device, with a file system in it; the file lies on an XFS, which is in
 * a file behind a loop device too, and can give a file's content to another at one moment (a
 * reflink). What the system had not yet handed to the device by then is not in the copy.
 */
final class SnapshotDisk implements AutoCloseable {
    /** XFS is not made smaller; neither file takes more than what is written. */
    private static final String SIZE = "320M";
    private static final String OUTER_SIZE = "2G";

    /** What the disk is formatted with. */
    enum Format {
        EXT4(new String[] {"mkfs.ext4", "-q", "-F"}, "loop"),
        /** Two of the same ID are not mounted otherwise. */
        XFS(new String[] {"mkfs.xfs", "-q"}, "loop,nouuid");

        private final String[] make;
        private final String options;

        Format(String[] make, String options) {
            this.make = make;
            this.options = options;
        }
    }

    private final Path file;
    private final Path copy;
    private final Format format;
    private final Mounts mounts = new Mounts();

    private SnapshotDisk(Path outer, Format format) {
        this.file = outer.resolve("disk");
        this.copy = outer.resolve("copy");
        this.format = format;
    }

    /**
     * Makes one, with all its files below a folder.
     *
     * @param at the folder that becomes the disk's content
     * @return nothing if the system does not let us, or lacks a program for it
     */
    static Optional<SnapshotDisk> make(Path below, Format format, Path at)
            throws IOException, InterruptedException {
        Path outer = Files.createDirectories(below.resolve("outer"));
        SnapshotDisk disk = new SnapshotDisk(outer, format);
        boolean done = false;
        try {
            done = disk.mountBoth(below.resolve("outer.xfs"), outer, at);
        } finally {
            if (!done) {
                disk.close();
            }
        }
        return done ? Optional.of(disk) : Optional.empty();
    }

    private boolean mountBoth(Path outerFile, Path outer, Path at)
            throws IOException, InterruptedException {
        return SystemCommand.run("truncate", "-s", OUTER_SIZE, outerFile.toString())
                && SystemCommand.run("mkfs.xfs", "-q", "-m", "reflink=1", outerFile.toString())
                && mount(outerFile, Format.XFS, outer)
                && SystemCommand.run("truncate", "-s", SIZE, file.toString())
                && SystemCommand.run(and(format.make, file.toString()))
                && mount(file, format, Files.createDirectories(at));
    }

    /** Takes the disk's content as it is at one moment of this call, in place of that before. */
    void snapshot() throws InterruptedException {
        if (!SystemCommand.run("cp", "--reflink=always", file.toString(), copy.toString())) {
            throw new AssertionError("the disk cannot be copied");
        }
    }

    /** Makes a folder the content of the last snapshot, which can then be written to. */
    void mountSnapshot(Path at) throws IOException, InterruptedException {
        if (!mount(copy, format, Files.createDirectories(at))) {
            throw new AssertionError("what a power cut leaves cannot be mounted");
        }
    }

    /** Lets go of the snapshot. */
    void unmountSnapshot() throws InterruptedException {
        mounts.unmountLast();
    }

    private boolean mount(Path what, Format its, Path at) throws InterruptedException {
        return mounts.mount(at, "-t", its.name().toLowerCase(), "-o", its.options,
                what.toString());
    }

    @Override
    public void close() {
        mounts.close();
    }

    private static String[] and(String[] command, String last) {
        String[] whole = Arrays.copyOf(command, command.length + 1);
        whole[command.length] = last;
        return whole;
    }
}
