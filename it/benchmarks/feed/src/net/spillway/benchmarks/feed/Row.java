package net.spillway.benchmarks.feed;

import java.util.List;

/**
 * Articles of one size that are fed.
 *
 * @param name   what the table calls it
 * @param size   octets of an article
 * @param count  how many are measured
 * @param warmUp how many go before them
 */
record Row(String name, int size, int count, int warmUp) {
    /**
     * All sizes. The second is the burst that must leave nothing behind. Large articles take other
     * ways than small ones, so they warm these up by themselves: with 3,000 of 64 KB most of what a
     * JVM took for the next 2,000 was compiling.
     */
    static final List<Row> ALL = List.of(
            new Row("2K", 2048, 60_000, 100_000),
            new Row("64K", 65_536, 2_000, 10_000),
            new Row("700K", 716_800, 600, 600));

    Row scaled(double scale) {
        return new Row(name, size, Math.max(50, (int) (count * scale)),
                Math.max(50, (int) (warmUp * scale)));
    }

    /** What has the load generator bring articles of that prefix, or read and compare them. */
    List<String> arguments(String mode, String prefix, int articles) {
        return List.of("--mode", mode, "--size", "" + size, "--group", Pair.GROUP, "--prefix",
                prefix + size, "--count", "" + articles);
    }
}
