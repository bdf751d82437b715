package net.spillway.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The file layer of production, over {@link FileChannel}. */
public final class DiskFiles implements FileLayer {
    /** Below this much space a failed write is taken for a full disk, whatever its message. */
    private static final long NEARLY_FULL = 1 << 20;
    /** More space than is used up before it is looked at again. */
    private static final long PLENTY = 1L << 30;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Who may read which groups is for the relay to say, not for every user of the machine. */
    private static final FileAttribute<?>[] OURS =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-r-----"))}
                    : new FileAttribute<?>[0];

    /** What was found last, and when. */
    private record Space(long usable, long askedAt) {}

    private final Map<Path, Space> spaces = new ConcurrentHashMap<>();

    @Override
    public AppendFile create(Path file) throws IOException {
        try {
            return new ChannelFile(file, FileChannel.open(file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OURS));
        } catch (IOException e) {
            throw explained(e, file.getParent());
        }
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        return new ChannelFile(file, FileChannel.open(file, StandardOpenOption.WRITE));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return; // Windows opens no folders, and keeps names in its own journal.
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        // Asked for every group of articles.
        Space known = spaces.get(folder);
        long now = System.nanoTime();
        if (known != null && known.usable > PLENTY && now - known.askedAt < FRESH_NANOS) {
            return known.usable;
        }
        // A FileStore would read the system's list of mounts.
        long usable = folder.toFile().getUsableSpace();
        if (usable == 0) {
            usable = Files.getFileStore(folder).getUsableSpace();
        }
        spaces.put(folder, new Space(usable, now));
        return usable;
    }

    /** The space left is looked at besides what the system says. */
    private static IOException explained(IOException e, Path folder) {
        boolean full = NoSpaceException.is(e);
        try {
            full = full || Files.getFileStore(folder).getUsableSpace() < NEARLY_FULL;
        } catch (IOException unknown) {
            e.addSuppressed(unknown);
        }
        return full ? new NoSpaceException("no space left in " + folder, e) : e;
    }

    private record ChannelFile(Path file, FileChannel channel) implements AppendFile {
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            long at = position;
            try {
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
            } catch (IOException e) {
                throw explained(e, file.getParent());
            }
        }

        @Override
        public void force() throws IOException {
            try {
                channel.force(false);
            } catch (IOException e) {
                throw explained(e, file.getParent());
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
