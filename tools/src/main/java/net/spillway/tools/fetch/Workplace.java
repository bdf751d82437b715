package net.spillway.tools.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A hidden folder inside the output folder, where files are put together before they get their
 * names. It goes away with the fetch, also when that is interrupted by a signal. What a fetch that
 * was killed has left is cleared away by the next one: a lock, which the system takes back from the
 * dead, tells such a folder from one that is in use.
 */
final class Workplace implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int ATTEMPTS = 10;

    /** What {@link #in} makes: eight hexadecimal digits stand in the middle. */
    private static final String NAMES = ".spillway-" + "[0-9a-f]".repeat(8) + ".part";
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lock;
    private final Thread onExit = Thread.ofPlatform().unstarted(this::deleteQuietly);
    private int files;

    private Workplace(Path folder) throws IOException {
        this.folder = folder;
        this.lock = FileChannel.open(folder.resolve(LOCK),
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.lock.lock();
    }

    /** Makes the output folder if need be, and the hidden one in it. */
    static Workplace in(Path output) throws IOException {
        Files.createDirectories(output);
        clearAwayWhatWasLeft(output);
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        Path folder = output.resolve(".spillway-" + HexFormat.of().formatHex(random) + ".part");
        Workplace place = new Workplace(Files.createDirectory(folder));
        Runtime.getRuntime().addShutdownHook(place.onExit);
        return place;
    }

    private static void clearAwayWhatWasLeft(Path output) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(output, NAMES)) {
            for (Path folder : folders) {
                if (isAbandoned(folder.resolve(LOCK))) {
                    deleteQuietly(folder);
                }
            }
        }
    }

    /** False too for a folder so new that its lock is not there yet, and if it cannot be told. */
    private static boolean isAbandoned(Path lock) {
        try (FileChannel channel = FileChannel.open(
                lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /** A fresh temporary name. */
    Path next() {
        return folder.resolve("f" + files++);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // The JVM is going down, and the hook does its work.
        }
        deleteQuietly();
    }

    private void deleteQuietly() {
        try {
            lock.close();
        } catch (IOException e) {
            // It ends with us at the latest.
        }
        deleteQuietly(folder);
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
