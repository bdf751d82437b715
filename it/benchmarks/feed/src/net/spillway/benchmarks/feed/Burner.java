package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Uses as much of the processors as an attack does, on as many threads, and talks to nobody: what
 * others wait for beside it is not the relay's doing.
 */
final class Burner {
    /** Those of an attack that are not silent. */
    private static final int THREADS = 14;
    private static final long PERIOD_NANOS = 10_000_000;

    private Burner() {}

    /** @param processors how many are used up */
    static Other begin(double processors) throws IOException {
        return Other.begin(Burner.class, List.of(), "" + processors);
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        long busy = (long) (PERIOD_NANOS * Double.parseDouble(arguments[0]) / THREADS);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().daemon().start(() -> burn(busy));
        }
        Other.begun();
    }

    private static void burn(long busy) {
        while (true) {
            long from = System.nanoTime();
            while (System.nanoTime() - from < busy) {
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(from + PERIOD_NANOS - System.nanoTime());
        }
    }
}
