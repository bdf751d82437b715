package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.Nobody;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.Fault;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.nzb.NzbSource;
import net.spillway.tools.nzb.NzbWriter;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Json;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our own poster posts, fetched from servers in all states. */
class FetcherTest {
    private static final int PART = 10_000;
    private static final int SLICES = 100;

    @TempDir Path folder;
    private final List<ScriptedServer> servers = new ArrayList<>();
    private ScriptedServer server;
    private Path file;
    private Path nzb;

    @BeforeEach
    void post() throws Exception {
        server = another();
        file = file("data.bin", SLICES * PART - 77);
        nzb = post(file).nzb();
    }

    @AfterEach
    void stop() throws IOException {
        for (ScriptedServer each : servers) {
            each.close();
        }
    }

    /** One more server with the same articles. */
    private ScriptedServer another() throws IOException {
        ScriptedServer one = server == null
                ? new ScriptedServer() : new ScriptedServer(server.articles());
        servers.add(one);
        return one;
    }

    // --- mirrors --------------------------------------------------------------------------------

    @Test
    void wholePostsNeedNoParity() throws Exception {
        FetchResult result = fetch(server);
        requireWhole(result);
        assertEquals(0, result.recoveryArticles());
        assertEquals(SLICES, result.dataSlices());
        assertTrue(result.mirrors().getFirst().bytes() > SLICES * PART, "counted on the way");
        assertEquals(FetchResult.How.FETCHED, result.files().getFirst().how());
        assertEquals(Set.of("data.bin"), namesIn(out()));
    }

    @Test
    void mirrorsMakeUpForEachOther() throws Exception {
        List<String> ids = dataIds();
        ScriptedServer second = another();
        ScriptedServer third = another();
        server.failing(new HashSet<>(ids.subList(0, 40)), Fault.MISSING);
        second.failing(new HashSet<>(ids.subList(30, 70)), Fault.MISSING);
        third.failing(union(ids.subList(60, 100), ids.subList(0, 10)), Fault.MISSING);
        FetchResult result = fetch(server, second, third);
        requireWhole(result);
        assertEquals(0, result.repairedSlices());
        assertEquals(SLICES + 1, result.articles());
        for (String id : ids) {
            for (ScriptedServer each : servers) {
                assertTrue(each.requests(id) <= 1, "nothing is asked twice of the same mirror");
            }
        }
    }

    @Test
    void onlyAsManyRecoverySlicesAreFetchedAsAreLacking() throws Exception {
        Set<String> lost = pick(dataIds(), 7);
        ScriptedServer second = another();
        server.failing(lost, Fault.MISSING);
        second.failing(lost, Fault.MISSING);
        FetchResult result = fetch(server, second);
        requireWhole(result);
        assertEquals(7, result.repairedSlices());
        assertEquals(7, result.missingArticles());
        assertEquals(7, result.recoveryArticles());
        assertEquals(FetchResult.How.REPAIRED, result.files().getFirst().how());
    }

    @Test
    void recoverySlicesThatAreMissingTooAreReplacedByOthers() throws Exception {
        Set<String> lost = pick(dataIds(), 5);
        lost.addAll(pick(recoveryIds(), 5));
        server.failing(lost, Fault.MISSING);
        FetchResult result = fetch(server);
        requireWhole(result);
        assertEquals(5, result.repairedSlices());
        assertEquals(5, result.recoveryArticles());
    }

    @Test
    void theIndexIsFoundInAVolumeIfItIsLost() throws Exception {
        Set<String> lost = new HashSet<>(ids(e -> e.isParity() && e.volume().isEmpty()));
        lost.addAll(pick(dataIds(), 3));
        server.failing(lost, Fault.MISSING);
        FetchResult result = fetch(server);
        requireWhole(result);
        assertEquals(3, result.repairedSlices());
    }

    @Test
    void whatTheIndexLacksIsFoundInAVolume() throws Exception {
        file = file("data.bin", 100_000);
        nzb = post(1024, file).nzb();
        List<String> index = ids(e -> e.isParity() && e.volume().isEmpty());
        assertTrue(index.size() > 2);
        for (String lost : index) {
            Set<String> missing = pick(dataIds(), 3);
            missing.add(lost);
            server.failing(missing, Fault.MISSING);
            FetchResult result = fetch(server);
            requireWhole(result);
            assertEquals(3, result.repairedSlices());
            Files.delete(out().resolve("data.bin"));
        }
    }

    @Test
    void withoutAnyParityTheManifestsOwnHashesDecide() throws Exception {
        server.failing(new HashSet<>(ids(NzbFile.Entry::isParity)), Fault.MISSING);
        requireWhole(fetch(server));
    }

    @Test
    void everyKindOfBadAnswerIsSurvived() throws Exception {
        ScriptedServer good = another();
        List<String> ids = dataIds();
        List<Fault> faults = Stream.of(Fault.values()).filter(f -> f != Fault.STALL).toList();
        server.failing(id -> ids.indexOf(id) % 3 != 0 || ids.indexOf(id) < 0 ? Optional.empty()
                : Optional.of(faults.get(ids.indexOf(id) / 3 % faults.size())));
        FetchResult result = fetch(server, good);
        requireWhole(result);
        assertEquals(0, result.repairedSlices());
    }

    @Test
    void whatIsBadEverywhereIsRepaired() throws Exception {
        for (Fault fault : List.of(Fault.CORRUPT, Fault.NO_YENC, Fault.ANOTHER)) {
            server.failing(pick(dataIds(), 4), fault);
            FetchResult result = fetch(server);
            requireWhole(result);
            assertEquals(4, result.repairedSlices(), fault.toString());
            Files.delete(out().resolve("data.bin"));
        }
    }

    @Test
    void whatAlwaysBreaksTheConnectionIsRepaired() throws Exception {
        server.failing(pick(dataIds(), 2), Fault.CUT);
        FetchResult result = fetch(server);
        requireWhole(result);
        assertEquals(2, result.repairedSlices());
    }

    @Test
    void stalledRequestsAreTakenOverByOthers() throws Exception {
        ScriptedServer good = another();
        server.failing(id -> Optional.of(Fault.STALL));
        requireWhole(fetch(server, good));
    }

    @Test
    void deadAndHangingMirrorsDoNotHoldUpTheOthers() throws Exception {
        ScriptedServer hanging = another().greeting(n -> "hang");
        ScriptedServer full = another().greeting(n -> "502 too many");
        ScriptedServer babbling = another().greeting(n -> "hello?");
        ScriptedServer dead = another();
        dead.close();
        FetchResult result = fetch(dead, hanging, full, babbling, server);
        requireWhole(result);
        assertEquals(SLICES + 1, result.mirrors().getLast().articles());
        assertFalse(result.mirrors().getFirst().lastError().isEmpty());
    }

    @Test
    void mirrorsThatComeBackAreUsedAgain() throws Exception {
        int before = server.connections();
        server.greeting(n -> n <= before + 3 ? "400 starting" : "200 here");
        requireWhole(patientFetch(server));
    }

    @Test
    void limitsOnConnectionsAreKeptTo() throws Exception {
        int before = server.connections();
        server.greeting(n -> {
            if (n == before + 1) {
                return "200 here";
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.requests() > 0);
            return "502 too many";
        });
        requireWhole(patientFetch(server));
    }

    @Test
    void connectionThatWasOneTooManyIsTriedAgain() throws Exception {
        int before = server.connections();
        CountDownLatch third = new CountDownLatch(1);
        server.failing(id -> {
            if (server.requests() == 20) { // Not yet while it is only asked what is there.
                ScriptedServer.hold(third);
            }
            return Optional.empty();
        });
        server.greeting(n -> {
            if (n == before + 2) {
                Awaitility.await().atMost(Duration.ofMinutes(1))
                        .until(() -> server.requests() > 0);
                return "502 too many";
            }
            if (n == before + 3) {
                third.countDown();
            }
            return "200 here";
        });
        Duration longer = Duration.ofMinutes(2); // Than the server holds the first one up.
        requireWhole(new Fetcher(request(server).withConnections(2)
                .withTimes(longer, longer, Duration.ofMillis(600)), Progress.none()).fetch());
        assertEquals(0, third.getCount(), "never connected again");
    }

    // --- what cannot succeed --------------------------------------------------------------------

    @Test
    void whatCannotBeRecoveredSaysHowMuchIsLackingAndNamesNothing() throws Exception {
        nzb = post(file, file("other.bin", 3 * PART)).nzb();
        Set<String> lost = pick(ids(e -> e.subject().contains("data.bin\"")), 30);
        server.failing(lost, Fault.MISSING);
        CommandFailure e = fails(server);
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("30 of 103 slices are missing"), e.getMessage());
        assertTrue(e.getMessage().contains("parity has 11: 19 slices are lacking"),
                e.getMessage());
        assertTrue(e.getMessage().contains("; not whole: data.bin"),
                e.getMessage());
        assertEquals(Set.of(), namesIn(out()));
    }

    @Test
    void unreachableMirrorsMakeItTemporary() throws Exception {
        ScriptedServer dead = another();
        dead.close();
        server.failing(pick(dataIds(), 30), Fault.MISSING);
        CommandFailure e = fails(server, dead);
        assertEquals(ExitCode.TEMPORARY, e.exitCode());
        assertTrue(e.getMessage().contains(dead.address().toString()), e.getMessage());
        assertEquals(Set.of(), namesIn(out()));
    }

    @Test
    void noMirrorAtAllIsTemporary() throws Exception {
        try (Nobody nobody = new Nobody()) {
            CommandFailure e = assertThrows(CommandFailure.class,
                    () -> fetch(MirrorSpec.of(nobody.address(), MirrorSpec.MAIN)));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
            assertTrue(e.getMessage().startsWith(
                    "No mirror could be reached (" + nobody.address()), e.getMessage());
        }
    }

    @Test
    void mirrorsThatWillNotHaveUsAreAFailureAndNotWaitedFor() throws Exception {
        server.requiring("ann:secret");
        CommandFailure e = fails(server);
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("480"), e.getMessage());
        ScriptedServer dead = another();
        dead.close();
        assertEquals(ExitCode.TEMPORARY, fails(server, dead).exitCode());
    }

    @Test
    void interruptionBeforeAnythingCameLeavesNothingBehind() throws Exception {
        server.failing(id -> Optional.of(Fault.STALL));
        assertEquals(InterruptedException.class, interrupted(1).getClass());
        assertFalse(Files.exists(out()));
    }

    @Test
    void whatWasBrokenOffGoesOnAndAsksForNothingAgain() throws Exception {
        server.failing(new HashSet<>(dataIds().subList(98, 100)), Fault.STALL);
        interrupted(90);
        assertEquals(Set.of(), namesIn(out()));
        assertTrue(isSomethingKept(out()));
        int before = server.requests();
        server.failing(Set.of(), Fault.STALL);
        requireWhole(fetch(server));
        assertTrue(server.requests() - before < 60, before + " " + server.requests());
    }

    @Test
    void onlyWhatIsStillRightIsTakenOver() throws Exception {
        List<String> ids = dataIds();
        Set<String> lost = pick(ids, 30);
        server.failing(lost, Fault.CORRUPT);
        assertTrue(fails(server).getMessage().contains("the same command goes on from there"));
        Path kept = partFolder();
        byte[] data = Files.readAllBytes(kept.resolve("f0"));
        int some = IntStream.range(0, data.length / PART).map(i -> i * PART + 5)
                .filter(i -> !lost.contains(ids.get(i / PART))).findFirst().orElseThrow();
        data[some] ^= 1;
        Files.write(kept.resolve("f0"), data);
        Files.writeString(kept.resolve("journal"), "0 99999 0 10 0 100 x\n0 1 half a line",
                StandardOpenOption.APPEND);
        server.failing(Set.of(), Fault.STALL);
        FetchResult result = fetch(server);
        requireWhole(result);
        assertEquals(0, result.repairedSlices());
    }

    @Test
    void twoFetchesOfOneManifestDoNotMeet() throws Exception {
        try (Workplace running = Workplace.in(out(), NzbSource.of(nzb))) {
            CommandFailure e = fails(server);
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
            assertTrue(e.getMessage().contains("is under way"), e.getMessage());
            assertTrue(Files.exists(running.folder()));
        }
        requireWhole(fetch(server));
    }

    private Path partFolder() throws IOException {
        try (Stream<Path> all = Files.list(out())) {
            return all.filter(p -> p.getFileName().toString().startsWith(".spillway-"))
                    .findFirst().orElseThrow();
        }
    }

    /** What came of a fetch that was interrupted after so many requests. */
    private Throwable interrupted(int requests) throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        Thread fetching = Thread.ofPlatform().start(() -> {
            try {
                fetch(server);
            } catch (Throwable e) {
                thrown.add(e);
            }
        });
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .until(() -> server.requests() >= requests || !thrown.isEmpty());
        fetching.interrupt();
        fetching.join();
        return thrown.getFirst();
    }

    // --- what mirrors are for -------------------------------------------------------------------

    @Test
    void fillMirrorsAreAskedOnlyForWhatMainMirrorsLack() throws Exception {
        ScriptedServer fill = another();
        Set<String> lost = pick(dataIds(), 9);
        server.failing(lost, Fault.MISSING);
        FetchResult result = fetch(
                MirrorSpec.of(server.address(), MirrorSpec.MAIN),
                MirrorSpec.of(fill.address(), MirrorSpec.FILL));
        requireWhole(result);
        assertEquals(0, result.repairedSlices());
        assertEquals(9, fill.requests());
        lost.forEach(id -> assertEquals(1, fill.requests(id)));
    }

    @Test
    void fillMirrorsStepInForMainMirrorsThatAreAway() throws Exception {
        try (Nobody nobody = new Nobody()) {
            requireWhole(fetch(MirrorSpec.of(nobody.address(), MirrorSpec.MAIN),
                    MirrorSpec.of(server.address(), MirrorSpec.FILL)));
        }
    }

    @Test
    void optionalMirrorsThatAreAwayCountForNothing() throws Exception {
        server.failing(pick(dataIds(), 30), Fault.MISSING);
        try (Nobody nobody = new Nobody()) {
            CommandFailure e = assertThrows(CommandFailure.class, () -> fetch(
                    MirrorSpec.of(server.address(), MirrorSpec.MAIN), new MirrorSpec(
                            nobody.address(), MirrorSpec.MAIN, true, Optional.empty(), 0)));
            assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        }
    }

    @Test
    void mirrorsAreNotAskedForWhatIsOlderThanTheyKeep() throws Exception {
        ScriptedServer young = another();
        nzb = dated(nzb, Instant.now().minus(Duration.ofDays(40)));
        requireWhole(fetch(MirrorSpec.of(server.address(), MirrorSpec.MAIN), new MirrorSpec(
                young.address(), MirrorSpec.MAIN, false, Optional.of(Duration.ofDays(30)), 0)));
        assertEquals(0, young.requests());
        nzb = dated(nzb, Instant.now().minus(Duration.ofDays(20)));
        Files.delete(out().resolve("data.bin"));
        requireWhole(fetch(new MirrorSpec(
                young.address(), MirrorSpec.MAIN, false, Optional.of(Duration.ofDays(30)), 0)));
    }

    private static Path dated(Path manifest, Instant date) throws IOException {
        NzbFile nzb = NzbReader.read(manifest);
        Files.delete(manifest);
        NzbWriter.write(new NzbFile(nzb.meta(), nzb.entries().stream().map(e ->
                new NzbFile.Entry(e.subject(), e.poster(), date.getEpochSecond(), e.groups(),
                        e.segments())).toList()), manifest);
        return manifest;
    }

    // --- what is known early --------------------------------------------------------------------

    @Test
    void whatIsKnownToBeMissingIsNotAskedFor() throws Exception {
        ScriptedServer second = another();
        Set<String> lost = pick(dataIds(), 25);
        server.failing(lost, Fault.MISSING);
        FetchResult result = new Fetcher(request(server, second)
                .withSurvey(Duration.ofSeconds(30)), Progress.none()).fetch();
        requireWhole(result);
        assertEquals(0, lost.stream().mapToInt(server::requests).sum());
        assertTrue(result.mirrors().getFirst().absent() <= 25);
    }

    @Test
    void healthSaysWhatMirrorsHaveAndWhetherItIsEnough() throws Exception {
        ScriptedServer second = another();
        List<String> ids = dataIds();
        server.failing(new HashSet<>(ids.subList(0, 40)), Fault.MISSING);
        second.failing(new HashSet<>(ids.subList(35, 60)), Fault.MISSING);
        HealthReport report = health(server, second);
        assertEquals(HealthReport.Verdict.RECOVERABLE, report.verdict());
        assertEquals(5, report.missingArticles());
        assertEquals(5, report.missingSlices());
        assertEquals(SLICES, report.slices());
        assertEquals(report.recoverySlices() - 5, report.margin());
        assertEquals(List.of(60L, 75L), report.files().getFirst().present());
        assertEquals(0, server.requests() + second.requests());
        assertEquals(HealthReport.Verdict.NOT_RECOVERABLE, health(server).verdict());
        second.failing(Set.of(), Fault.MISSING);
        assertEquals(HealthReport.Verdict.WHOLE, health(server, second).verdict());
        second.close();
        assertEquals(HealthReport.Verdict.UNKNOWN, health(second).verdict());
        assertEquals(HealthReport.Verdict.UNKNOWN, health(server, second).verdict(),
                "the other may have what is lacking here");
    }

    private HealthReport health(ScriptedServer... from) throws InterruptedException {
        return new Fetcher(request(from), Progress.none()).health();
    }

    // --- what is left of it ---------------------------------------------------------------------

    @Test
    void brokenFilesAreKeptIfWantedUnderNamesThatSaySo() throws Exception {
        Path other = file("other.bin", 3 * PART);
        FileTime then = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
        Files.setLastModifiedTime(other, then);
        nzb = post(file, other, file("empty", 0)).nzb();
        Set<String> lost = pick(ids(e -> e.subject().contains("data.bin\"")), 30);
        server.failing(lost, Fault.MISSING);
        CommandFailure first = keepingBroken(server);
        assertEquals(ExitCode.NOT_RECOVERABLE, first.exitCode());
        assertTrue(first.getMessage().contains("Kept whole: other.bin, empty. Kept with zeros for"
                + " what is lacking: data.bin.broken."), first.getMessage());
        assertEquals(Set.of("other.bin", "empty", "data.bin.broken"), namesIn(out()));
        assertEquals(then, Files.getLastModifiedTime(out().resolve("other.bin")));
        assertArrayEquals(Files.readAllBytes(other),
                Files.readAllBytes(out().resolve("other.bin")));
        byte[] broken = Files.readAllBytes(out().resolve("data.bin.broken"));
        byte[] whole = Files.readAllBytes(file);
        assertEquals(whole.length, broken.length);
        long same = IntStream.range(0, whole.length).filter(i -> whole[i] == broken[i]).count();
        assertTrue(same >= (SLICES - 30) * PART - 77 && same < whole.length);
        // A second time it ends alike, and what was kept of the first is not replaced by less.
        assertEquals(ExitCode.NOT_RECOVERABLE, keepingBroken(server).exitCode());
        assertEquals(Set.of("other.bin", "empty", "data.bin.broken"), namesIn(out()));
        server.failing(pick(ids(e -> e.subject().contains("data.bin\"")), 31), Fault.MISSING);
        CommandFailure third = keepingBroken(server);
        assertEquals(ExitCode.NOT_RECOVERABLE, third.exitCode());
        assertTrue(third.getMessage().contains("data.bin.broken.2"), third.getMessage());
        assertArrayEquals(broken, Files.readAllBytes(out().resolve("data.bin.broken")));
    }

    @Test
    void nothingBrokenIsKeptAsLongAsItMayBecomeWhole() throws Exception {
        ScriptedServer dead = another();
        dead.close();
        server.failing(pick(dataIds(), 30), Fault.MISSING);
        CommandFailure e = keepingBroken(server, dead);
        assertEquals(ExitCode.TEMPORARY, e.exitCode());
        assertTrue(e.getMessage().contains("may become whole"), e.getMessage());
        assertEquals(Set.of(), namesIn(out()));
        int before = server.requests();
        server.failing(Set.of(), Fault.MISSING);
        requireWhole(fetch(server));
        assertTrue(server.requests() - before <= 40, "what came was kept for it");
    }

    private CommandFailure keepingBroken(ScriptedServer... from) {
        return assertThrows(CommandFailure.class, () -> new Fetcher(
                request(from).withKeepBroken(true), Progress.none()).fetch());
    }

    @Test
    void filesThatWereCutAreJoinedUnlessThatIsNotWanted() throws Exception {
        Path one = file("cut.bin.001", 20_001);
        Path two = file("cut.bin.002", 20_000);
        Path rar = Files.write(file("x.001", 10).resolveSibling("x.002"), "Rar!x".getBytes());
        // Two pages, of which the second is the larger one, are not a file that was cut.
        Path page = file("scan.001", 5_000);
        nzb = post(one, two, file("x.001", 10), rar, file("alone.001", 11), page,
                file("scan.002", 6_000)).nzb();
        fetch(server);
        assertEquals(Set.of("cut.bin", "x.001", "x.002", "alone.001", "scan.001", "scan.002"),
                namesIn(out()));
        byte[] joined = Files.readAllBytes(out().resolve("cut.bin"));
        assertArrayEquals(Files.readAllBytes(one), Arrays.copyOf(joined, 20_001));
        assertArrayEquals(Files.readAllBytes(two), Arrays.copyOfRange(joined, 20_001, 40_001));
        fetch(server);
        assertTrue(Files.exists(out().resolve("cut.bin"))
                && Files.notExists(out().resolve("cut.bin.001")), "what is joined already stays so");
        Files.delete(out().resolve("cut.bin"));
        new Fetcher(request(server).withJoin(false), Progress.none()).fetch();
        assertEquals(Set.of("cut.bin.001", "cut.bin.002", "x.001", "x.002", "alone.001",
                "scan.001", "scan.002"), namesIn(out()));
    }

    @Test
    void whatIsJoinedReplacesAnotherFileOnlyWhereThatIsWished() throws Exception {
        Path one = file("cut.bin.001", 20_001);
        nzb = post(one, file("cut.bin.002", 20_000)).nzb();
        Files.createDirectories(out());
        Path there = Files.writeString(out().resolve("cut.bin"), "mine");
        fetch(server);
        assertEquals("mine", Files.readString(there));
        assertEquals(Set.of("cut.bin", "cut.bin.001", "cut.bin.002"), namesIn(out()));
        new Fetcher(request(server).withOverwrite(true), Progress.none()).fetch();
        assertEquals(Set.of("cut.bin"), namesIn(out()));
        assertArrayEquals(Files.readAllBytes(one),
                Arrays.copyOf(Files.readAllBytes(there), 20_001));
    }

    // --- names ----------------------------------------------------------------------------------

    @Test
    void treesComeBackWithEmptyFilesAndNamesOfAllScripts() throws Exception {
        Assumptions.assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")));
        file("tree/größe/日本 \"x\" (1/2).txt", 5_000);
        file("tree/größe/same", 20_000);
        file("tree/b/same", 30_000);
        file("tree/b/empty", 0);
        file("tree/z", 1);
        nzb = post(folder.resolve("in/tree")).nzb();
        server.failing(pick(dataIds(), 1), Fault.MISSING);
        FetchResult result = fetch(server);
        assertEquals(5, result.files().size());
        assertEquals(namesIn(folder.resolve("in/tree")), namesIn(out().resolve("tree")));
        for (String name : namesIn(folder.resolve("in/tree"))) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("in/tree").resolve(name)),
                    Files.readAllBytes(out().resolve("tree").resolve(name)), name);
        }
    }

    @Test
    void namesThatLeadOutAreRefusedAndTheOthersComeAllTheSame() throws Exception {
        for (String evil : List.of("../evil", "/tmp/spillway-evil", "C:\\evil", "c:evil", "a\\b",
                "x/../../evil")) {
            nzb = renamed(post(file, file("evil.bin", 20_000)).nzb(), "evil.bin", evil);
            // Parity tells the true names; without it the manifest's word counts.
            server.failing(new HashSet<>(ids(NzbFile.Entry::isParity)), Fault.MISSING);
            CommandFailure e = fails(server);
            assertEquals(ExitCode.FAILED, e.exitCode());
            assertTrue(e.getMessage().contains("\"" + evil + "\" in the manifest"),
                    e.getMessage());
            assertTrue(e.getMessage().contains("All other files are whole"), e.getMessage());
            assertEquals(Set.of("data.bin"), namesIn(out()));
            assertFalse(Files.exists(folder.resolve("evil")));
            assertFalse(Files.exists(Path.of("/tmp/spillway-evil")));
            Files.delete(out().resolve("data.bin"));
        }
    }

    @Test
    void linksDoNotLeadOut() throws Exception {
        file("tree/a", 20_000);
        nzb = post(folder.resolve("in/tree")).nzb();
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createDirectories(out());
        Files.createSymbolicLink(out().resolve("tree"), outside);
        int before = server.requests();
        CommandFailure e = fails(server);
        assertTrue(e.getMessage().contains("tree/a"), e.getMessage());
        assertTrue(e.getMessage().contains("Nothing was fetched"), e.getMessage());
        assertEquals(Set.of(), namesIn(outside));
        assertEquals(before, server.requests(), "it is said before anything is asked for");
    }

    @Test
    void filesThatAreThereAreKeptIfTheyAreTheSame() throws Exception {
        fetch(server);
        int before = server.requests();
        FetchResult again = fetch(server);
        assertEquals(FetchResult.How.KEPT, again.files().getFirst().how());
        assertEquals(before, server.requests(), "nothing is asked for again");
    }

    @Test
    void otherFilesOfThatNameAreNeverReplaced() throws Exception {
        Files.createDirectories(out());
        Files.writeString(out().resolve("data.bin"), "mine");
        CommandFailure e = fails(server);
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("data.bin exists already"), e.getMessage());
        assertEquals("mine", Files.readString(out().resolve("data.bin")));
        assertEquals(Set.of("data.bin"), namesIn(out()));
        nzb = post(file, file("other.bin", PART)).nzb();
        Files.createDirectory(out().resolve("other.bin"));
        assertTrue(fails(server).getMessage().startsWith(out().resolve("data.bin") + ", "
                + out().resolve("other.bin") + " exist already, with other contents"));
    }

    @Test
    void otherFilesOfThatNameAreReplacedIfThatIsWishedButNoFolder() throws Exception {
        Files.createDirectories(out());
        Files.writeString(out().resolve("data.bin"), "old");
        FetchResult result =
                new Fetcher(request(server).withOverwrite(true), Progress.none()).fetch();
        assertEquals(-1, Files.mismatch(file, out().resolve("data.bin")));
        assertTrue(Json.write(Json.components(result)).contains("\"how\": \"fetched\""));
        nzb = post(file("other.bin", PART)).nzb();
        Files.createDirectory(out().resolve("other.bin"));
        CommandFailure e = assertThrows(CommandFailure.class, () ->
                new Fetcher(request(server).withOverwrite(true), Progress.none()).fetch());
        assertTrue(e.getMessage().contains("other.bin exists already"), e.getMessage());
    }

    @Test
    void nothingIsReplacedAsLongAsNotAllIsWhole() throws Exception {
        nzb = post(file, file("other.bin", PART)).nzb();
        server.failing(pick(ids(e -> e.subject().contains("data.bin\"")), 30), Fault.MISSING);
        Files.createDirectories(out());
        Files.writeString(out().resolve("other.bin"), "old");
        CommandFailure e = assertThrows(CommandFailure.class, () -> new Fetcher(request(server)
                .withKeepBroken(true).withOverwrite(true), Progress.none()).fetch());
        assertTrue(e.getMessage().contains("other.bin exists already"), e.getMessage());
        assertFalse(e.getMessage().contains("--overwrite"), e.getMessage());
        assertEquals("old", Files.readString(out().resolve("other.bin")));
    }

    @Test
    void moreThanTheDiskCanHoldIsRefusedBeforeAnythingIsFetched() throws Exception {
        nzb = noted(nzb, n -> new FileNote(1L << 59, n.hash(), n.firstArticle(), n.path()));
        CommandFailure e = fails(server);
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("the disk is too full: 576,460,752,303,423,488 bytes"
                + " are needed"), e.getMessage());
        assertEquals(0, server.requests());
    }

    @Test
    void keptFilesHelpToRepairTheOthers() throws Exception {
        nzb = post(file, file("other.bin", 5 * PART)).nzb();
        server.failing(pick(ids(e -> e.subject().contains("other.bin\"")), 2), Fault.MISSING);
        Files.createDirectories(out());
        Path mine = Files.copy(file, out().resolve("data.bin"));
        mine.toFile().setReadOnly();
        FetchResult result = fetch(server);
        assertEquals(2, result.repairedSlices());
        assertArrayEquals(Files.readAllBytes(folder.resolve("in/other.bin")),
                Files.readAllBytes(out().resolve("other.bin")));
        for (String id : ids(e -> e.subject().contains("data.bin\""))) {
            assertEquals(0, server.requests(id));
        }
    }

    @Test
    void manifestsThatCannotBeReadAreUsageErrors() throws Exception {
        Files.writeString(nzb, "<nzb><file");
        CommandFailure e = fails(server);
        assertEquals(ExitCode.USAGE, e.exitCode());
        assertTrue(e.getMessage().startsWith(nzb + ", line 1"), e.getMessage());
        Files.writeString(nzb, "<nzb/>");
        assertTrue(fails(server).getMessage().contains("names no file"));
        nzb = folder.resolve("nowhere.nzb");
        assertEquals(ExitCode.USAGE, fails(server).exitCode());
        assertFalse(Files.exists(out()));
    }

    @Test
    void liesInOurOwnNotesDoNoHarm() throws Exception {
        NzbFile honest = NzbReader.read(nzb);
        for (String size : List.of("4", "999999999", "-4", "7", "x", "1073741824")) {
            for (String articles : List.of("0", "50", "99999999999")) {
                List<NzbFile.Meta> meta = new ArrayList<>(honest.meta().stream()
                        .filter(m -> m.type().equals(NzbFile.FILE)).toList());
                meta.add(new NzbFile.Meta(NzbFile.SLICE_SIZE, size));
                meta.add(new NzbFile.Meta(NzbFile.RECOVERY_ARTICLES, articles));
                Files.delete(nzb);
                NzbWriter.write(new NzbFile(meta, honest.entries()), nzb);
                server.failing(pick(dataIds(), 3), Fault.MISSING);
                requireWhole(fetch(server));
                Files.delete(out().resolve("data.bin"));
            }
        }
    }

    // --- helpers --------------------------------------------------------------------------------

    private Path renamed(Path manifest, String from, String to) throws IOException {
        return noted(manifest, n -> !n.path().equals(from) ? n
                : new FileNote(n.length(), n.hash(), n.firstArticle(), to));
    }

    /** The same manifest with other notes. */
    private static Path noted(Path manifest, UnaryOperator<FileNote> change) throws IOException {
        NzbFile honest = NzbReader.read(manifest);
        List<NzbFile.Meta> meta = honest.meta().stream().map(m -> {
            Optional<FileNote> note = m.type().equals(NzbFile.FILE)
                    ? FileNote.parse(m.value()) : Optional.empty();
            return note.map(n -> new NzbFile.Meta(m.type(), change.apply(n).toMeta())).orElse(m);
        }).toList();
        Files.delete(manifest);
        NzbWriter.write(new NzbFile(meta, honest.entries()), manifest);
        return manifest;
    }

    private Path out() {
        return folder.resolve("out");
    }

    private void requireWhole(FetchResult result) throws IOException {
        assertEquals(1, result.files().size());
        assertArrayEquals(Files.readAllBytes(file),
                Files.readAllBytes(out().resolve("data.bin")));
        assertFalse(isSomethingKept(out()));
    }

    private FetchResult fetch(ScriptedServer... from) throws InterruptedException {
        return new Fetcher(request(from), Progress.none()).fetch();
    }

    /** Where a server comes back, however long that takes. */
    private FetchResult patientFetch(ScriptedServer from) throws InterruptedException {
        return new Fetcher(request(from).withTimes(Duration.ofSeconds(20), Duration.ofSeconds(20),
                Duration.ofSeconds(30)), Progress.none()).fetch();
    }

    private FetchResult fetch(MirrorSpec... from) throws InterruptedException {
        return new Fetcher(request(List.of(from)), Progress.none()).fetch();
    }

    private FetchRequest request(ScriptedServer... from) {
        return request(Stream.of(from).map(
                s -> MirrorSpec.of(s.address(), MirrorSpec.MAIN)).toList());
    }

    private FetchRequest request(List<MirrorSpec> from) {
        return FetchRequest.of(nzb, List.of(), out()).withMirrors(from).withTimes(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(600));
    }

    private CommandFailure fails(ScriptedServer... from) {
        return assertThrows(CommandFailure.class, () -> fetch(from));
    }

    private List<String> dataIds() throws IOException {
        return ids(e -> !e.isParity());
    }

    /** Articles that carry a recovery packet. */
    private List<String> recoveryIds() throws IOException {
        return NzbReader.read(nzb).entries().stream().filter(e -> e.volume().isPresent())
                .flatMap(e -> e.segments().subList(0, e.volume().get().count()).stream())
                .map(s -> s.id().value()).toList();
    }

    private List<String> ids(Predicate<NzbFile.Entry> which)
            throws IOException {
        return NzbReader.read(nzb).entries().stream().filter(which)
                .flatMap(e -> e.segments().stream()).map(s -> s.id().value()).toList();
    }

    private static Set<String> pick(List<String> ids, int n) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, ids.size()).boxed().toList());
        Collections.shuffle(order, new Random(n));
        Set<String> picked = new HashSet<>();
        order.subList(0, n).forEach(i -> picked.add(ids.get(i)));
        return picked;
    }

    private static Set<String> union(List<String> a, List<String> b) {
        Set<String> all = new HashSet<>(a);
        all.addAll(b);
        return all;
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        Set<String> names = new HashSet<>();
        if (!Files.exists(folder)) {
            return names;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile).map(p -> folder.relativize(p).toString())
                    .filter(name -> !name.startsWith(".spillway-")).forEach(names::add);
        }
        return names;
    }

    /** Whether there is something hidden from which a fetch could go on. */
    private static boolean isSomethingKept(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.anyMatch(p -> p.getFileName().toString().startsWith(".spillway-"));
        }
    }

    private PostResult post(Path... inputs) throws InterruptedException, IOException {
        return post(PART, inputs);
    }

    private PostResult post(int partSize, Path... inputs)
            throws InterruptedException, IOException {
        Files.deleteIfExists(folder.resolve("post.nzb"));
        return new Poster(PostRequest.of(Arrays.asList(inputs), List.of(server.address()),
                List.of("spill.test")).withPartSize(partSize)
                .withNzb(folder.resolve("post.nzb")), Progress.none()).post();
    }

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path made = folder.resolve("in").resolve(name);
        Files.createDirectories(made.getParent());
        return Files.write(made, bytes);
    }
}
