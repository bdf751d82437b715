package net.spillway.tools.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.spillway.tools.progress.Progress;

/** SHA-256 of files, by their names relative to where they are posted from or fetched to. */
final class Hashes {
    private Hashes() {}

    /** As they will be named when they are fetched: a folder's files under the folder's name. */
    static Map<String, String> ofInputs(List<Path> inputs, Progress progress) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Progress.Task task = progress.start("hashing", 0, Progress.Unit.BYTES)) {
            for (Path input : inputs) {
                Path real = input.toAbsolutePath().normalize();
                addAll(real, real.getParent() == null ? real : real.getParent(), hashes, task);
            }
        }
        return hashes;
    }

    /** Everything below a folder. */
    static Map<String, String> ofFolder(Path folder, Progress progress) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Progress.Task task = progress.start("comparing", 0, Progress.Unit.BYTES)) {
            addAll(folder, folder, hashes, task);
        }
        return hashes;
    }

    private static void addAll(Path top, Path base, Map<String, String> hashes, Progress.Task task)
            throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(top)) {
            files = tree.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            hashes.put(base.relativize(file).toString(), sha256(file, task));
        }
    }

    private static String sha256(Path file, Progress.Task task) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                task.advance(n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
