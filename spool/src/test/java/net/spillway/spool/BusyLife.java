package net.spillway.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import net.spillway.conf.Retention;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.Wildmat;

/**
 * A spool that lives through everything on a {@link SimulatedDisk}: articles of one or two storage
 * classes, removals, expiry, new groups, restarts; with a note of what was promised after how many
 * steps of the disk. Then the power can be cut after any step, and the promises are checked on what
 * is left.
 */
final class BusyLife {
    private static final String[] GROUPS = {"spill.a", "spill.b", "spill.c"};
    /** So that segments, and partitions of the history, come and go within a short life. */
    private static final long SEGMENT = 12_000;
    private static final int HEAP = 40;

    /** An article was acknowledged, under those numbers, after that many steps. */
    private record Told(int step, int n, Map<String, Long> numbers) {}

    /** Something that takes articles away began and ended. */
    private record Span(int from, int to) {}

    private final SpoolHarness it;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Span> removed = new HashMap<>();
    private final Map<String, Integer> groups = new TreeMap<>();
    private final List<Span> expiries = new ArrayList<>();
    private final List<CompletableFuture<StoreOutcome>> waiting = new ArrayList<>();
    private int last;
    private long checked;
    private int images;
    private int rebuilt;

    /** In every other life one group's articles are in a storage class of their own. */
    BusyLife(Path dir, FsyncMode fsync, Random random) {
        this.random = random;
        it = new SpoolHarness(dir).with(SEGMENT, null, 0).with(fsync);
        if (random.nextBoolean()) {
            it.config = it.config.with(List.of(new StorageConfig("second", dir.resolve("second"),
                    Wildmat.parse(GROUPS[1]), 0, Long.MAX_VALUE, Optional.empty(),
                    new Retention(Optional.empty(), OptionalLong.of(3 * SEGMENT), Duration.ZERO),
                    StorageConfig.IfDown.LATER)));
        }
        it.files = disk;
        it.heapEntries = HEAP;
    }

    SimulatedDisk disk() {
        return disk;
    }

    int steps() {
        return disk.steps();
    }

    /** Promises that were checked so far. */
    long checked() {
        return checked;
    }

    void live() throws Exception {
        it.open();
        makeGroup(GROUPS[0]);
        int scenes = 25 + random.nextInt(15);
        for (int scene = 0; scene < scenes; scene++) {
            switch (random.nextInt(12)) {
                case 0 -> makeGroup(GROUPS[random.nextInt(GROUPS.length)]);
                case 1 -> restart();
                case 2 -> expire();
                case 3, 4 -> remove();
                case 5 -> it.disk.indexer().flush();
                case 6 -> it.spool.saveFeedPosition("peer", new FeedPosition(last, new long[0]));
                default -> store(1 + random.nextInt(25));
            }
        }
        awaitAll();
        it.close();
    }

    private void makeGroup(String name) throws IOException {
        it.spool.createGroup(name, 'y', "");
        groups.putIfAbsent(name, disk.steps());
    }

    private void restart() throws Exception {
        awaitAll();
        it.reopen();
    }

    private void store(int articles) throws Exception {
        for (int i = 0; i < articles; i++) {
            int n = ++last;
            String[] where = groups.keySet().stream()
                    .filter(g -> random.nextInt(3) > 0).toArray(String[]::new);
            var done = it.spool.store(Articles.article(n, where));
            waiting.add(done);
            done.thenAccept(outcome -> {
                if (outcome instanceof StoreOutcome.Stored stored) {
                    told.add(new Told(disk.steps(), n, stored.numbers()));
                }
            });
        }
        if (random.nextBoolean()) {
            awaitAll();
        }
    }

    private void awaitAll() throws Exception {
        for (CompletableFuture<StoreOutcome> each : waiting) {
            StoreOutcome outcome = each.get(20, TimeUnit.SECONDS);
            assertTrue(outcome instanceof StoreOutcome.Stored, outcome::toString);
        }
        waiting.clear();
    }

    private void remove() throws Exception {
        awaitAll();
        if (last > 0) {
            int n = 1 + random.nextInt(last);
            int from = disk.steps();
            if (it.spool.remove(Articles.id(n))) {
                removed.put(n, new Span(from, disk.steps()));
            }
        }
    }

    private void expire() throws Exception {
        awaitAll();
        int from = disk.steps();
        it.spool.close();
        it.with(SEGMENT, null, Math.max(1, it.disk.stats().bytes() / 2));
        it.open().expire(it.now);
        it.with(SEGMENT, null, 0);
        it.reopen();
        expiries.add(new Span(from, disk.steps()));
    }

    /**
     * Cuts the power, opens what is left, checks it, and sometimes cuts the power again while it
     * is opened.
     *
     * @param keeps whether everything acknowledged must be there
     */
    void cutPowerAndCheck(int step, long seed, boolean keeps) throws Exception {
        String where = "step " + step + " of " + steps() + ", seed " + seed;
        SimulatedDisk image = disk.afterPowerCut(step, seed);
        try {
            check(image, step, keeps);
            if (seed % 4 == 0) {
                int again = new Random(seed).nextInt(image.steps() + 1);
                SimulatedDisk second = image.afterPowerCut(again, seed + 1);
                try {
                    check(second, step, keeps);
                } finally {
                    second.forget();
                }
            }
        } catch (AssertionError | Exception e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        } finally {
            image.forget();
        }
    }

    /** Damages or deletes files of the index of the closed spool, and checks that nothing misses. */
    void damageIndexAndCheck(long seed) throws Exception {
        var chance = new Random(seed);
        SimulatedDisk image = disk.copy();
        List<String> files = image.names(name -> name.contains("/index/"));
        String file = files.get(chance.nextInt(files.size()));
        switch (chance.nextInt(8)) {
            case 0 -> image.remove(file);
            case 1 -> files.forEach(image::remove);
            case 2 -> image.cut(image.file(file), chance.nextInt(image.octets(file).length()));
            default -> image.damage(file, chance, 1 + chance.nextInt(3));
        }
        try {
            check(image, disk.steps(), true);
            rebuilt += image.names(name -> name.endsWith(".damaged")).isEmpty() ? 0 : 1;
        } catch (AssertionError | Exception e) {
            throw new AssertionError("damage to " + file + ", seed " + seed + ": "
                    + e.getMessage(), e);
        } finally {
            image.forget();
        }
    }

    /** How often the index was made anew after it was damaged. */
    int rebuilt() {
        return rebuilt;
    }

    private void check(SimulatedDisk image, int step, boolean keeps) throws Exception {
        try (var after = new SpoolHarness(it.dir).with(SEGMENT, null, 0)) {
            after.config = after.config.with(it.config.storage());
            after.files = image;
            after.heapEntries = HEAP;
            after.open();
            if (keeps) {
                requirePromises(after.spool, step);
                assertEquals(List.of(), after.spool.stats().damage());
            }
            requireWhole(after.spool);
            requireNoneRefusedForGood(after.spool);
            requireNewNumbers(after, step);
        }
    }

    private void requirePromises(Spool spool, int step) throws Exception {
        for (var group : groups.entrySet()) {
            assertTrue(group.getValue() > step || spool.group(group.getKey()).isPresent(),
                    () -> "group " + group.getKey() + " is lost");
        }
        for (Told one : told) {
            if (one.step() <= step) {
                requirePromise(spool, one, step);
                checked++;
            }
        }
    }

    private void requirePromise(Spool spool, Told one, int step) throws Exception {
        Span gone = removed.getOrDefault(one.n(), new Span(Integer.MAX_VALUE, Integer.MAX_VALUE));
        boolean mayBeExpired = expiries.stream().anyMatch(
                e -> e.from() <= step && e.to() >= one.step());
        Presence presence = spool.presence(Articles.id(one.n()));
        try (StoredArticle open = spool.open(Articles.id(one.n())).orElse(null)) {
            if (open == null) {
                assertTrue(mayBeExpired || gone.from() <= step,
                        () -> "article " + one.n() + " is lost: " + presence);
                assertEquals(Presence.REMEMBERED, presence, "article " + one.n());
                return;
            }
            assertTrue(gone.to() > step, () -> "article " + one.n() + " is back");
            for (var number : one.numbers().entrySet()) {
                assertEquals(number.getValue(), open.number(number.getKey()));
                try (StoredArticle same = spool.open(number.getKey(), number.getValue())
                        .orElseThrow(() -> new AssertionError("article " + one.n()
                                + " is not found by its number"))) {
                    assertEquals(open.sequence(), same.sequence());
                }
            }
        }
    }

    /** What was lost, having been promised nothing, is taken when it is offered again. */
    private void requireNoneRefusedForGood(Spool spool) throws Exception {
        for (int n = 1; n <= last; n++) {
            if (spool.presence(Articles.id(n)) == Presence.STORED) {
                int article = n;
                try (StoredArticle open = spool.open(Articles.id(n)).orElseThrow(() ->
                        new AssertionError("article " + article + " is said to be here, and"
                                + " cannot be opened"))) {
                    assertEquals(Articles.id(n), open.id());
                }
            }
        }
    }

    /** Whatever is there, promised or not, is whole, and the same by each way to it. */
    private void requireWhole(Spool spool) throws Exception {
        var seen = new HashSet<Long>();
        for (LogEntry entry : spool.log(0, Integer.MAX_VALUE)) {
            assertTrue(seen.add(entry.sequence()));
            int n = Integer.parseInt(entry.id().bare().substring(1).replaceAll("@.*", ""));
            try (StoredArticle open = spool.open(entry.id()).orElseThrow(() ->
                    new AssertionError(entry.id() + " is in the log and cannot be opened: "
                            + spool.presence(entry.id())))) {
                String[] groupsOf = entry.groups().toArray(String[]::new);
                String[] filed = entry.groups().stream().map(g -> g + ":" + open.number(g))
                        .toArray(String[]::new);
                assertEquals(Articles.wire(Articles.article(n, groupsOf), filed),
                        Articles.text(open.readAll()));
            }
        }
        for (Newsgroup group : spool.groups()) {
            List<OverviewLine> lines = spool.overview(group.name(), 1, Long.MAX_VALUE,
                    Integer.MAX_VALUE);
            // Articles of segments that were dropped are counted until the index is rid of them.
            if (group.count() != lines.size()) {
                await(group.name()).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                        .until(() -> spool.group(group.name()).orElseThrow().count()
                                == lines.size());
            }
            for (OverviewLine line : lines) {
                try (StoredArticle open = spool.open(group.name(), line.number()).orElseThrow()) {
                    assertEquals(line.id(), open.id());
                }
                assertTrue(line.number() >= group.low() && line.number() <= group.high());
            }
        }
    }

    private void requireNewNumbers(SpoolHarness after, int step) throws Exception {
        var highest = new HashMap<String, Long>();
        for (Told one : told) {
            if (one.step() <= step) {
                one.numbers().forEach((group, number) -> highest.merge(group, number, Math::max));
            }
        }
        if (after.spool.group(GROUPS[0]).isEmpty()) {
            assertTrue(highest.isEmpty(), () -> "no group, though " + highest + " were given");
            return;
        }
        String[] where = after.spool.groups().stream().map(Newsgroup::name)
                .toArray(String[]::new);
        var stored = after.mustStore(Articles.article(1_000_000 + ++images, where));
        stored.numbers().forEach((group, number) -> assertTrue(
                number > highest.getOrDefault(group, 0L),
                () -> group + ":" + number + " is given again, after " + highest));
        for (String group : highest.keySet()) {
            assertTrue(stored.numbers().containsKey(group), () -> group + " is gone");
        }
    }
}
