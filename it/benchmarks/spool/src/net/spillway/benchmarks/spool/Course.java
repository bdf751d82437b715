package net.spillway.benchmarks.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import net.spillway.conf.FsyncMode;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.ExpiryReport;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Presence;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import net.spillway.spool.StoredArticle;

/** One spool that grows, stops, starts, and loses its oldest day. */
final class Course implements AutoCloseable {
    /** Stores that wait for the disk at once, as many busy connections would have. */
    private static final int UNDER_WAY = 4000;
    private static final int QUESTIONS = 200_000;
    private static final int LINES = 100;

    private final Path home;
    private final Articles articles;
    private final SpoolConfig config;
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final Map<String, Double> byThread = new TreeMap<>();
    private Spool spool;
    private long stored;
    private long rawOctets;

    Course(Path home, Articles articles, long segmentSize, FsyncMode fsync) throws IOException {
        this.home = home;
        this.articles = articles;
        this.config = config(segmentSize, fsync, Optional.of(Duration.ofDays(9)));
        open();
        for (int n = 0; n < articles.groups(); n++) {
            spool.createGroup(Articles.group(n), 'y', "");
        }
    }

    private SpoolConfig config(long segmentSize, FsyncMode fsync, Optional<Duration> maxAge) {
        SpoolConfig standard = SpoolConfig.at(home);
        return new SpoolConfig(home, fsync, segmentSize, maxAge, OptionalLong.empty(),
                standard.remember(), standard.cutoff(), standard.index());
    }

    private void open() throws IOException {
        Instant now = Articles.BEGIN.plus(Duration.ofDays(10));
        spool = Spool.open(config, "relay.example", Clock.fixed(now, ZoneOffset.UTC));
    }

    /** Stores that many in steps, and prints a line after each. */
    void grow(int total, int steps) throws Exception {
        System.out.println("| articles | stored/s | CPU µs each | CHECK unknown/s | CHECK known/s"
                + " | overview lines/s | resident MiB | segments MiB | index MiB | index : raw |");
        System.out.println("|" + "---:|".repeat(10));
        for (int step = 1; step <= steps; step++) {
            line((long) total * step / steps);
        }
        System.out.printf("%nMost memory ever resident: %d MiB%n", Machine.residentMib("VmHWM"));
        printThreads();
    }

    /** What the last step's storing took, by thread; the compiler's and collector's is not here. */
    private void printThreads() {
        System.out.print("CPU µs an article by thread, in the last step:");
        byThread.forEach((name, each) -> {
            if (each >= 0.05) {
                System.out.printf(" %s %.1f", name, each);
            }
        });
        System.out.printf("%n%n");
    }

    private void line(long upTo) throws Exception {
        long before = stored;
        Map<String, Double> threads = Machine.cpuByThread();
        double cpu = Machine.cpuSeconds();
        long start = System.nanoTime();
        while (stored < upTo) {
            store(stored++);
        }
        room.acquire(UNDER_WAY);
        room.release(UNDER_WAY);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuEach = (Machine.cpuSeconds() - cpu) * 1e6 / (stored - before);
        byThread.clear();
        Machine.cpuByThread().forEach((name, used) -> byThread.put(name,
                (used - threads.getOrDefault(name, 0.0)) * 1e6 / (stored - before)));
        if (failure.get() != null) {
            throw new IOException("an article was not stored: " + failure.get());
        }
        long index = Machine.octets(config.index());
        System.out.printf("| %,d | %,.0f | %.1f | %,.0f | %,.0f | %,.0f | %,d | %,d | %,d | %.2f"
                + " |%n", stored, (stored - before) / seconds, cpuEach, unknown(), known(),
                overview(), Machine.residentMib("VmRSS"),
                Machine.octets(home) - index >> 20, index >> 20, (double) index / rawOctets);
    }

    private void store(long n) throws InterruptedException {
        NewArticle article = articles.article(n);
        rawOctets += articles.rawOctets(article, n / articles.groups() + 1);
        room.acquire();
        spool.store(article).thenAccept(outcome -> {
            room.release();
            if (!(outcome instanceof StoreOutcome.Stored)) {
                failure.compareAndSet(null, outcome.toString());
            }
        });
    }

    private double unknown() {
        return rate(QUESTIONS, n -> spool.presence(Articles.stranger(n)) == Presence.UNKNOWN);
    }

    private double known() {
        long stride = Math.max(1, stored / QUESTIONS);
        return rate(QUESTIONS, n -> spool.presence(Articles.id(n * stride % stored))
                == Presence.STORED);
    }

    private double overview() {
        long high = stored / articles.groups();
        return LINES * rate(QUESTIONS / LINES, n -> {
            long low = 1 + n * 7919 % Math.max(1, high - LINES);
            try {
                return spool.overview(Articles.group((int) (n % articles.groups())), low,
                        low + LINES - 1, LINES).size() == LINES;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Answers a second; all of them must be right. */
    private static double rate(int questions, LongPredicate question) {
        long start = System.nanoTime();
        for (int n = 0; n < questions; n++) {
            if (!question.test(n)) {
                throw new IllegalStateException("a wrong answer to question " + n);
            }
        }
        return questions * 1e9 / (System.nanoTime() - start);
    }

    /** Stops and starts again. */
    void restart() throws IOException {
        long start = System.nanoTime();
        spool.close();
        System.out.printf("Stopped in %.2f s%n", (System.nanoTime() - start) / 1e9);
        System.out.printf("Index after that: %,d MiB, %.2f x the raw entries of %,d MiB%n",
                Machine.octets(config.index()) >> 20,
                (double) Machine.octets(config.index()) / rawOctets, rawOctets >> 20);
        start = System.nanoTime();
        open();
        boolean first = spool.presence(Articles.id(0)) == Presence.STORED;
        System.out.printf("Started in %.2f s, %s%n", (System.nanoTime() - start) / 1e9,
                first ? "and knows the first article" : "AND LOST THE FIRST ARTICLE");
        System.out.printf("CHECK unknown/s %,.0f, known/s %,.0f%n%n", unknown(), known());
    }

    /** Drops the oldest day. */
    void drop() throws Exception {
        long before = Machine.octets(home) - Machine.octets(config.index());
        long start = System.nanoTime();
        ExpiryReport report = spool.expire(Articles.BEGIN.plus(Duration.ofDays(10)));
        double seconds = (System.nanoTime() - start) / 1e9;
        long after = Machine.octets(home) - Machine.octets(config.index());
        System.out.printf("Dropped %,d articles in %,d segments, %,d MiB, in %.2f s: %.1f %% of"
                + " their octets are free%n", report.articles(), report.segments(),
                report.bytes() >> 20, seconds, 100.0 * (before - after) / report.bytes());
        for (long n = 0; n < report.articles(); n += Math.max(1, report.articles() / 1000)) {
            requireGone(n);
        }
        System.out.println("Their message-IDs are remembered, and none can be read");
    }

    /** Starts without an index, which is made anew from the segments. */
    void rebuild() throws IOException {
        spool.close();
        delete(config.index());
        long start = System.nanoTime();
        open();
        double seconds = (System.nanoTime() - start) / 1e9;
        long articlesLeft = spool.stats().articles();
        System.out.printf("Started without an index in %.2f s: %.2f s for a million of %,d"
                + " articles%n", seconds, seconds * 1e6 / articlesLeft, articlesLeft);
    }

    private void requireGone(long n) throws IOException {
        MessageId id = Articles.id(n);
        try (StoredArticle open = spool.open(id).orElse(null)) {
            if (open != null || spool.presence(id) != Presence.REMEMBERED) {
                throw new IllegalStateException(id + " is " + spool.presence(id));
            }
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
        delete(home);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
