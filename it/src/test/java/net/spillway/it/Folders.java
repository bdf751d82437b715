package net.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes files for tests and compares folders by content. */
final class Folders {
    private Folders() {
    }

    /** A file of pseudo-random octets, the same for the same seed; its folder is made. */
    static Path file(Path file, long seed, int size) throws IOException {
        byte[] octets = new byte[size];
        new Random(seed).nextBytes(octets);
        Files.createDirectories(file.getParent());
        return Files.write(file, octets);
    }

    /** Relative names (with {@code /}) and SHA-256 of every file below a folder; none if absent. */
    static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return contents;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile).forEach(path -> contents.put(
                    folder.relativize(path).toString().replace('\\', '/'), sha256(path)));
        }
        return contents;
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
