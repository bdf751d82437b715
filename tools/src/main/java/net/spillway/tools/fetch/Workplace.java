package net.spillway.tools.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A hidden folder inside the output folder, where files are put together before they get their
 * names. It goes away with the fetch, also when that is interrupted by a signal.
 */
final class Workplace implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int ATTEMPTS = 10;

    private final Path folder;
    private final Thread onExit = Thread.ofPlatform().unstarted(this::deleteQuietly);
    private int files;

    private Workplace(Path folder) {
        this.folder = folder;
    }

    /** Makes the output folder if need be, and the hidden one in it. */
    static Workplace in(Path output) throws IOException {
        Files.createDirectories(output);
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        Path folder = output.resolve(".spillway-" + HexFormat.of().formatHex(random) + ".part");
        Workplace place = new Workplace(Files.createDirectory(folder));
        Runtime.getRuntime().addShutdownHook(place.onExit);
        return place;
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

    /** After a signal others may still be writing: then once is not enough. */
    private void deleteQuietly() {
        for (int i = 0; i < ATTEMPTS && Files.exists(folder); i++) {
            deleteOnce();
        }
    }

    private void deleteOnce() {
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
