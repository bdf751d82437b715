package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.time.Duration;
import net.spillway.benchmarks.relay.LoadGenerator;
import net.spillway.benchmarks.relay.Usage;

/** Has one pair do a row. */
record Course(Both both, LoadGenerator generator) {
    private static final long STRANDED_NANOS = Duration.ofMinutes(2).toNanos();
    private static final long LOOK_MILLIS = 5;

    /** Articles that do not arrive. */
    static final class Stranded extends IOException {
        private static final long serialVersionUID = 1;

        private Stranded(long articles) {
            super(articles + " articles are stranded: none has come for "
                    + Duration.ofNanos(STRANDED_NANOS).toMinutes() + " minutes");
        }
    }

    /** What comes before a row, unmeasured. */
    void warmUp(Row row) throws IOException, InterruptedException {
        bring(row, "warm", row.warmUp());
    }

    /** Articles are fed while they come in. */
    Result live(Row row) throws IOException, InterruptedException {
        warmUp(row);
        return timed(row, "live", () -> generator.run(
                row.arguments("takethis", "live", row.count()), both.feeder().port(),
                Pair.LOADER));
    }

    /** Articles lie at the feeder already when the feed begins. */
    Result held(Row row) throws IOException, InterruptedException {
        both.hold().set(true);
        generator.run(row.arguments("takethis", "held", row.count()), both.feeder().port(),
                Pair.LOADER);
        return timed(row, "held", () -> both.hold().set(false));
    }

    private interface Start {
        void run() throws IOException, InterruptedException;
    }

    private Result timed(Row row, String prefix, Start start)
            throws IOException, InterruptedException {
        Usage.awaitQuiet(both.feeder().process());
        Usage.awaitQuiet(both.taker().process());
        double feeder = Usage.of(both.feeder().process()).cpu();
        double taker = Usage.of(both.taker().process()).cpu();
        try (Nntp reader = new Nntp(both.taker().port())) {
            long before = reader.count(Pair.GROUP);
            long from = System.nanoTime();
            start.run();
            long loaded = System.nanoTime();
            await(reader, before + row.count());
            long end = System.nanoTime();
            Usage.awaitQuiet(both.feeder().process());
            Usage.awaitQuiet(both.taker().process());
            double n = row.count();
            double seconds = (end - from) / 1e9;
            Result result = new Result(n / seconds, n * row.size() / 1e6 / seconds,
                    (Usage.of(both.feeder().process()).cpu() - feeder) * 1e6 / n,
                    (Usage.of(both.taker().process()).cpu() - taker) * 1e6 / n,
                    (end - loaded) / 1e9);
            // Every octet of every body, at the taker.
            generator.run(row.arguments("article", prefix, row.count()), both.taker().port(),
                    "127.0.0.1");
            return result;
        }
    }

    private void bring(Row row, String prefix, int count)
            throws IOException, InterruptedException {
        try (Nntp reader = new Nntp(both.taker().port())) {
            long before = reader.count(Pair.GROUP);
            generator.run(row.arguments("takethis", prefix, count), both.feeder().port(),
                    Pair.LOADER);
            await(reader, before + count);
        }
    }

    private static void await(Nntp reader, long count) throws IOException, InterruptedException {
        long last = reader.count(Pair.GROUP);
        long moved = System.nanoTime();
        while (last < count) {
            Thread.sleep(LOOK_MILLIS);
            long now = reader.count(Pair.GROUP);
            if (now > last) {
                last = now;
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STRANDED_NANOS) {
                throw new Stranded(count - last);
            }
        }
    }
}
