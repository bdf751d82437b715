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
    private static final int OVER_COUNT = 200;

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

    /**
     * How often a second the disk takes so many octets, each time with an fsync behind them, over
     * others that are on it already: there is nothing it has to note besides. Leaves its file, so
     * that the disk has not to forget it while something else is measured.
     */
    public static double overwrites(Path folder, int octets) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(octets);
        try (FileChannel channel = FileChannel.open(folder.resolve("overwritten"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (channel.position(channel.size()); channel.position() < OVER_COUNT * octets; ) {
                channel.write(piece.clear());
            }
            channel.force(true);
            channel.position(0);
            long from = System.nanoTime();
            for (int i = 0; i < OVER_COUNT; i++) {
                channel.write(piece.clear());
                channel.force(false);
            }
            return OVER_COUNT / ((System.nanoTime() - from) / 1e9);
        }
    }
}
