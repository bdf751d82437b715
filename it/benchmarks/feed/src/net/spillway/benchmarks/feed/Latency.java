package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after 240 at the feeder an article is readable at the taker, while nothing else goes on.
 *
 * @param median milliseconds
 * @param p99    milliseconds
 */
record Latency(double median, double p99) {
    private static final int BODY_LINES = 26;
    private static final long LOOK_NANOS = 100_000;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    static Latency measure(Both both, int samples) throws IOException {
        double[] millis = new double[samples];
        try (Nntp feeder = new Nntp(both.feeder().port());
                Nntp taker = new Nntp(both.taker().port())) {
            for (int i = 0; i < samples; i++) {
                millis[i] = one(feeder, taker, "<latency." + System.nanoTime() + "@bench.invalid>");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        Arrays.sort(millis);
        return new Latency(millis[samples / 2], millis[samples * 99 / 100]);
    }

    private static double one(Nntp feeder, Nntp taker, String id) throws IOException {
        feeder.post("From: bench@bench.invalid\r\nNewsgroups: " + Pair.GROUP
                + "\r\nSubject: latency\r\nMessage-ID: " + id + "\r\n\r\n"
                + ("x".repeat(72) + "\r\n").repeat(BODY_LINES) + "end");
        long acknowledged = System.nanoTime();
        while (!taker.has(id)) {
            if (System.nanoTime() - acknowledged > PATIENCE_NANOS) {
                throw new IOException(id + " did not arrive within a minute");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return (System.nanoTime() - acknowledged) / 1e6;
    }
}
