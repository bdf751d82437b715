package net.spillway.tools.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.NzbSource;

/**
 * A hidden folder inside the output folder, where files are put together before they get their
 * names. It is called after the manifest, and stays if the fetch does not succeed, so that the same
 * command goes on with what came; a lock, which the system takes back from the dead, keeps two
 * fetches of one manifest apart.
 */
final class Workplace implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    private static final int NAME_OCTETS = 8;
    private static final String LOCK = "lock";
    private static final String JOURNAL = "journal";

    private final Path folder;
    private final FileChannel lock;
    private final Journal journal;
    private final Thread onExit = Thread.ofPlatform().unstarted(this::deleteIfEmpty);
    private final boolean madeOutput;
    private int files;
    private boolean done;

    private Workplace(Path folder, FileChannel lock, boolean madeOutput) throws IOException {
        this.madeOutput = madeOutput;
        this.folder = folder;
        this.lock = lock;
        this.journal = Journal.open(folder.resolve(JOURNAL));
    }

    /**
     * Makes the output folder if need be, and the hidden one in it, or finds what was left there.
     *
     * @throws CommandFailure {@code TEMPORARY} if another process has it
     */
    static Workplace in(Path output, NzbSource manifest) throws IOException {
        boolean made = !Files.exists(output);
        Files.createDirectories(output);
        Path folder = output.resolve(".spillway-" + nameFor(manifest) + ".part");
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        if (!isOurs(lock)) {
            lock.close();
            throw new CommandFailure(ExitCode.TEMPORARY, "Another fetch of " + manifest + " into "
                    + output + " is under way.");
        }
        Workplace place = new Workplace(folder, lock, made);
        Runtime.getRuntime().addShutdownHook(place.onExit);
        return place;
    }

    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String nameFor(NzbSource manifest) throws IOException {
        try (InputStream in = manifest.open()) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(sha.digest(), 0, NAME_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    Path folder() {
        return folder;
    }

    Journal journal() {
        return journal;
    }

    /** A temporary name; always the same ones, in the same order. */
    Path next() {
        return folder.resolve("f" + files++);
    }

    /** A temporary name behind which there is nothing yet. */
    Path fresh() throws IOException {
        Path path = next();
        Files.deleteIfExists(path);
        return path;
    }

    /** All is in its place: what is left here is not needed any more. */
    void done() {
        done = true;
    }

    /** Whether something is kept here for the next try. */
    boolean isWorthKeeping() {
        return !done && !journal.isEmpty();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // The JVM is going down, and the hook does its work.
        }
        deleteIfEmpty();
    }

    private void deleteIfEmpty() {
        if (!isWorthKeeping()) {
            deleteQuietly(folder);
            deleteOutputIfEmpty();
        }
        try (journal; lock) {
            return; // Closed now; with the process at the latest.
        } catch (IOException e) {
            return;
        }
    }

    /** Who asked for nothing that could be had gets no folder for it. */
    private void deleteOutputIfEmpty() {
        try {
            if (madeOutput) {
                Files.deleteIfExists(folder.getParent());
            }
        } catch (IOException e) {
            // Something is in it, as it should be.
        }
    }

    /** After a signal others may still be writing: then once is not enough. */
    private static void deleteQuietly(Path folder) {
        for (int i = 0; i < ATTEMPTS && Files.exists(folder); i++) {
            deleteOnce(folder);
        }
    }

    private static void deleteOnce(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes is)
                        throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, IOException e)
                        throws IOException {
                    Files.deleteIfExists(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // What stays behind is hidden, and under no final name.
        }
    }
}
