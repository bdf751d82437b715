package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How fast the disk takes what must be on it: a file that grows, written in pieces with an fsync
 * behind each.
 *
 * @param small fsyncs a second with 4 KiB each
 * @param large MB (10^6) a second in pieces of 8 MiB
 */
public record Disk(double small, double large) {
    private static final int SMALL_COUNT = 1000;
    private static final int LARGE_COUNT = 64;

    public static Disk measure(Path folder) throws IOException {
        double small = rate(folder, 4 << 10, SMALL_COUNT);
        double large = rate(folder, 8 << 20, LARGE_COUNT);
        return new Disk(small, large * (8 << 20) / 1e6);
    }

    private static double rate(Path folder, int octets, int count) throws IOException {
        Path file = folder.resolve("disk");
        ByteBuffer piece = ByteBuffer.allocateDirect(octets);
        long from = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                piece.clear();
                channel.write(piece);
                channel.force(false);
            }
            return count / ((System.nanoTime() - from) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
