package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a peer that behaves waits for its answers: CHECK and TAKETHIS one after the other, some
 * forty articles a second.
 *
 * @param median milliseconds
 * @param p99    milliseconds
 */
record FairPeer(double median, double p99) {
    private static final long PAUSE_NANOS = 20_000_000;

    static FairPeer measure(int port, int samples) throws IOException {
        double[] millis = new double[samples];
        try (Nntp peer = new Nntp(port)) {
            for (int i = 0; i < samples; i++) {
                String id = BenchArticle.id("fair");
                String article = BenchArticle.wire(id, Pair.GROUP);
                long from = System.nanoTime();
                expect("238", peer.ask("CHECK " + id));
                expect("239", peer.ask("TAKETHIS " + id + "\r\n" + article));
                millis[i] = (System.nanoTime() - from) / 1e6;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        Arrays.sort(millis);
        return new FairPeer(millis[samples / 2], millis[samples * 99 / 100]);
    }

    private static void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("instead of " + code + " the relay said " + reply);
        }
    }
}
