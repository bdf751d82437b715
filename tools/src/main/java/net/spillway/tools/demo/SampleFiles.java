package net.spillway.tools.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import net.spillway.tools.progress.Progress;

/** Something to post: a large file, and a small tree with the names and sizes that go wrong. */
final class SampleFiles {
    private static final int LARGE = 64 << 20;
    private static final int CHUNK = 1 << 20;

    private SampleFiles() {}

    /** Writes them; the same seed gives the same octets. */
    static List<Path> write(Path folder, long seed, Progress progress) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path large = folder.resolve("large.bin");
        Path tree = folder.resolve("tree");
        try (Progress.Task task = progress.start("making files", LARGE, Progress.Unit.BYTES)) {
            write(large, LARGE, random, task);
            write(tree.resolve("empty.txt"), 0, random, task);
            write(tree.resolve("one octet"), 1, random, task);
            write(tree.resolve("a/b/c/deep.bin"), 300_000, random, task);
            write(tree.resolve("a/two parts and a bit.bin"), 2 * 700 * 1024 + 1, random, task);
            write(tree.resolve("Grüße/Übermut – 文書.bin"), 77_777, random, task);
            Files.writeString(tree.resolve("read me (1 of 2).txt"),
                    "Posted by spillway demo.\r\n.\r\n..dots\n", StandardCharsets.UTF_8);
        }
        return List.of(large, tree);
    }

    private static void write(Path file, int length, SplittableRandom random, Progress.Task task)
            throws IOException {
        Files.createDirectories(file.getParent());
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int left = length; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                out.write(chunk, 0, Math.min(left, CHUNK));
                task.advance(Math.min(left, CHUNK));
            }
        }
    }
}
