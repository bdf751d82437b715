package net.spillway.benchmarks.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One thing that is measured.
 *
 * @param name     what the table calls it
 * @param mode     the load generator's
 * @param size     octets of an article
 * @param count    articles or message-IDs, all connections together
 * @param repeat   how often the whole set is asked for
 * @param warmUp   articles or rounds before the clock runs
 * @param source   what it reads
 * @param options  further ones of the load generator
 */
record Row(String name, String mode, int size, int count, int repeat, int warmUp, Source source,
        List<String> options) {

    /** Where the articles of a row come from. */
    enum Source {
        /** It brings its own, and others may read them. */
        OWN,
        /** It brings its own, which nobody reads. */
        UNREAD,
        /** It names articles that nobody has. */
        NONE,
        /** What TAKETHIS of the same size brought. */
        FED
    }

    private static final List<String> LOCK_STEP = List.of("--window", "1");
    private static final double LOCK_STEP_INN = 100;
    /** What the load generator has under way on each connection unless it is told otherwise. */
    private static final int WINDOW = 64;
    private static final int SMALL_GROUP = 1 << 20;
    /**
     * The JVM compiles much anew that it has compiled when the first client goes and the next one
     * comes.
     */
    private static final int WARM_UP_RUNS = 4;

    /** Everything, in an order in which what is read was brought before. */
    static final List<Row> ALL = List.of(
            own("TAKETHIS 2K", "takethis", 2048, 100_000, 400_000),
            unread("TAKETHIS 2K 256 ahead", 40_000, "--window", "256"),
            unread("TAKETHIS 2K 8 peers", 40_000, "--conns", "8"),
            own("TAKETHIS 64K", "takethis", 65_536, 8_000, 24_000),
            own("TAKETHIS 700K", "takethis", 716_800, 1_000, 2_000),
            new Row("CHECK unknown", "check", 2048, 400_000, 1, 400_000, Source.NONE,
                    List.of("--window", "200")),
            new Row("CHECK known", "check", 2048, 100_000, 5, 5, Source.FED,
                    List.of("--window", "200", "--known")),
            fed("ARTICLE 2K", "article", 2048, 100_000, 2, 2, "--conns", "8"),
            fed("ARTICLE 64K", "article", 65_536, 8_000, 5, 3, "--conns", "8"),
            fed("ARTICLE 700K", "article", 716_800, 1_000, 6, 3, "--conns", "8"),
            fed("OVER 100 lines", "over", 2048, 100_000, 30_000, 100_000, "--num0", "1",
                    "--span", "100"),
            fed("STAT", "stat", 2048, 100_000, 2, 2),
            fed("HEAD in lock-step", "head", 2048, 40_000, 1, 1, "--window", "1"),
            own("POST 2K", "post", 2048, 30_000, 30_000, "--conns", "8"),
            own("POST 64K", "post", 65_536, 6_000, 4_000, "--conns", "8"),
            own("POST 700K", "post", 716_800, 800, 400, "--conns", "8"));

    private static Row own(String name, String mode, int size, int count, int warmUp,
            String... options) {
        return new Row(name, mode, size, count, 1, warmUp, Source.OWN, List.of(options));
    }

    /** More of TAKETHIS 2K, from a peer that has more under way, or from more of them. */
    private static Row unread(String name, int warmUp, String... options) {
        return new Row(name, "takethis", 2048, 100_000, 1, warmUp, Source.UNREAD,
                List.of(options));
    }

    private static Row fed(String name, String mode, int size, int count, int repeat, int warmUp,
            String... options) {
        return new Row(name, mode, size, count, repeat, warmUp, Source.FED, List.of(options));
    }

    /** Whether the articles go to the server. */
    boolean isIngest() {
        return source == Source.OWN || source == Source.UNREAD;
    }

    boolean isPeers() {
        return mode.equals("takethis") || mode.equals("check");
    }

    /**
     * How many articles are forced while as many more come in, if all that the senders have under
     * way takes turns in this; 0 if these are more octets than it matters for.
     */
    int halfUnderWay() {
        int half = option("--window", WINDOW) * option("--conns", 1) / 2;
        return mode.equals("takethis") && (long) half * size <= SMALL_GROUP ? half : 0;
    }

    private int option(String name, int otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(options.get(at + 1));
    }

    /** The same with so much less of everything. */
    Row scaled(double scale) {
        return new Row(name, mode, size, Math.max(100, (int) (count * scale)),
                isIngest() || source == Source.NONE ? repeat : scale(repeat, scale),
                scale(warmUp, scale), source, options);
    }

    private static int scale(int n, double scale) {
        return Math.max(1, (int) (n * scale));
    }

    /**
     * The same for INN, whose nnrpd sends a reply in pieces and so waits for a delayed ACK of 40
     * ms each time when a client asks one thing after the other.
     */
    Row forInn() {
        return options.equals(LOCK_STEP) ? scaled(LOCK_STEP_INN / count) : this;
    }

    /** The group its articles are in; each size has one. */
    String group() {
        return group(mode.equals("post") ? "post" : "fed", size);
    }

    static String group(String how, int size) {
        return "bench." + how + "." + size;
    }

    /** Every group that a server must have. */
    static List<String> groups() {
        return ALL.stream().map(Row::group).distinct().toList();
    }

    /** The prefix of the articles that TAKETHIS of some size brings. */
    static String fedPrefix(int size) {
        return "fed" + size;
    }

    private String prefix() {
        return source == Source.UNREAD ? name.replaceAll("\\W", "")
                : mode.equals("takethis") ? fedPrefix(size) : mode + size;
    }

    /** Arguments for what comes before the clock runs, one run after the other. */
    List<List<String>> warmUpArguments() {
        return switch (source) {
            case OWN, UNREAD -> IntStream.range(0, WARM_UP_RUNS).mapToObj(run ->
                    arguments("warm" + prefix() + "." + run,
                            Math.max(8, warmUp / WARM_UP_RUNS), 1)).toList();
            case NONE -> List.of(arguments("warm" + mode, warmUp, 1));
            case FED -> List.of(arguments(fedPrefix(size), count, warmUp));
        };
    }

    /** Arguments for what is measured. */
    List<String> arguments() {
        return switch (source) {
            case OWN, UNREAD -> arguments(prefix(), count, repeat);
            case NONE -> arguments("never" + mode, count, repeat);
            case FED -> arguments(fedPrefix(size), count, repeat);
        };
    }

    private List<String> arguments(String prefix, int articles, int times) {
        List<String> arguments = new ArrayList<>(List.of("--mode", mode, "--size", "" + size,
                "--group", group(), "--prefix", prefix, "--count", "" + articles,
                "--repeat", "" + times));
        arguments.addAll(options);
        return arguments;
    }
}
