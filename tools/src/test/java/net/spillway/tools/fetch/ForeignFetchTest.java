package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import net.spillway.fec.FileHasher;
import net.spillway.fec.FileHashes;
import net.spillway.fec.Par2Layout;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.ParityEncoder;
import net.spillway.fec.RecoveryPacket;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.Fault;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests and posts of other people, and of people who mean harm. */
class ForeignFetchTest {
    private static final int ARTICLE = 7_000;
    private static final int SLICE = 4_096;

    @TempDir Path folder;
    private ScriptedServer server;
    private ForeignPost post;
    private final byte[] a = random(100_000, 1);
    private final byte[] b = random(30_001, 2);

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        post = new ForeignPost(server);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void slicesNeedNotBeArticles() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a), new Named("b.rar", b));
        post.add("[1/4] - \"a.rar\" yEnc (1/15) 100000", "a.rar", a, ARTICLE)
                .add("[2/4] - \"b.rar\" yEnc (1/5) 30001", "b.rar", b, ARTICLE);
        addParity(parity, 8);
        server.failing(Set.of(post.ids(0).get(3), post.ids(1).getLast()), Fault.MISSING);
        FetchResult result = fetch();
        requireContents("a.rar", a);
        requireContents("b.rar", b);
        assertEquals(4, result.repairedSlices());
    }

    @Test
    void damagedPartsStillGiveTheirGoodSlices() throws Exception {
        Parity parity = new Parity(1024, new Named("a.rar", a));
        post.add("\"a.rar\" yEnc (1/5)", "a.rar", a, 20_000);
        addParity(parity, 3);
        server.failing(Set.of(post.ids(0).get(2)), Fault.CORRUPT);
        FetchResult result = fetch();
        requireContents("a.rar", a);
        assertEquals(1, result.repairedSlices());
    }

    @Test
    void disguisedNamesAreSeenThrough() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a), new Named("b.rar", b));
        post.add("\"0f7b\" yEnc (1/15)", "nonsense", 5, a, ARTICLE)
                .add("\"93cd\" yEnc (1/5)", "nonsense", 1L << 40, b, ARTICLE);
        addParity(parity, 2);
        server.failing(Set.of(post.ids(0).get(3)), Fault.MISSING);
        assertEquals(2, fetch().repairedSlices());
        requireContents("a.rar", a);
        requireContents("b.rar", b);
    }

    /** As such posts are in the main: nothing but the first octets tells what a file is. */
    @Test
    void parityIsFoundByItsContentWhereNoNameTellsOfIt() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a), new Named("b.rar", b));
        post.add("\"0f7b\" yEnc (1/15)", "1", 5, a, ARTICLE)
                .add("\"33aa\" yEnc (1/9)", "2", parity.volume(2, 4), ARTICLE)
                .add("93cd", "3", 1L << 40, b, ARTICLE)
                .add("[1/1] \"b1\"", "4", parity.critical(), ARTICLE)
                .add("\"77\" yEnc (1/9)", "5", parity.volume(0, 2), ARTICLE)
                .add("\"78\" yEnc (1/9)", "6", parity.volume(6, 8), ARTICLE);
        server.failing(Set.of(post.ids(0).get(3), post.ids(2).getLast()), Fault.MISSING);
        FetchResult result = fetch();
        assertEquals(4, result.repairedSlices());
        requireContents("a.rar", a);
        requireContents("b.rar", b);
        assertEquals(2, result.files().size());
        assertEquals(0, server.requests(post.ids(5).getLast()), "more parity than is needed");
    }

    @Test
    void slicesAreFoundWhereverTheyAre() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a));
        byte[] shifted = new byte[a.length + 13];
        System.arraycopy(a, 0, shifted, 13, a.length);
        post.add("\"zzz\" yEnc (1/15)", "zzz", shifted, ARTICLE);
        addParity(parity, 2);
        FetchResult result = fetch();
        requireContents("a.rar", a);
        assertEquals(0, result.repairedSlices());
        assertEquals(1, result.files().size());
    }

    @Test
    void filesJoinedOrSplitAreTakenApart() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a));
        int cut = 40_000;
        post.add("\"a.rar.001\" yEnc (1/6)", "a.rar.001", Arrays.copyOf(a, cut), ARTICLE)
                .add("\"a.rar.002\" yEnc (1/9)", "a.rar.002",
                        Arrays.copyOfRange(a, cut, a.length), ARTICLE);
        addParity(parity, 2);
        FetchResult result = fetch();
        requireContents("a.rar", a);
        assertEquals(1, result.files().size());
        assertTrue(result.repairedSlices() <= 1, "the slice at the cut at most");
    }

    @Test
    void withoutParityTheCrcsDecide() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE)
                .add("no name at all", "b.rar", b, ARTICLE);
        fetch();
        requireContents("a.rar", a);
        requireContents("b.rar", b);
        deleteOutput();
        server.failing(Set.of(post.ids(0).get(3)), Fault.MISSING);
        CommandFailure e = fails();
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("1 article is missing, and no parity"),
                e.getMessage());
        assertTrue(e.getMessage().contains("; not whole: a.rar"), e.getMessage());
        assertFalse(Files.exists(out("b.rar")));
        server.failing(Set.of(post.ids(0).get(3)), Fault.CORRUPT);
        e = fails();
        assertTrue(e.getMessage().contains("Whole: b.rar; not whole: a.rar"),
                e.getMessage());
    }

    @Test
    void fileWhoseLastPartsTheManifestDoesNotNameIsNotTakenForWhole() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE).without(2);
        CommandFailure e = fails();
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("more parts than the manifest names"), e.getMessage());
        assertFalse(Files.exists(out("a.rar")));
    }

    @Test
    void sizesThatAreDecoysDoNotMakeAFileShort() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", 1L << 40, a, ARTICLE);
        fetch();
        requireContents("a.rar", a);
    }

    @Test
    void downloadsThatAreHopelessSaySoBeforeTheDataIsFetched() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a));
        post.add("\"a.rar\" yEnc (1/100)", "a.rar", a, 1_000);
        addParity(parity, 2);
        server.failing(new HashSet<>(post.ids(0).subList(0, 60)), Fault.MISSING);
        CommandFailure e = assertThrows(CommandFailure.class, () -> new Fetcher(
                request().withConnections(1), Progress.none()).fetch());
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("At least 15 of 25 slices are missing, and parity has"
                + " at most 2: 13 slices are lacking."), e.getMessage());
        assertTrue(server.requests() <= 20, server.requests() + " requests");
        assertEquals(HealthReport.Verdict.NOT_RECOVERABLE, health().verdict());
        server.failing(new HashSet<>(post.ids(0).subList(0, 1)), Fault.MISSING);
        assertEquals(HealthReport.Verdict.DAMAGED, health().verdict());
    }

    @Test
    void whatMirrorsHaveIsToldOfOthersPostsToo() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE);
        addParity(new Parity(SLICE, new Named("a.rar", a)), 4);
        server.failing(Set.of(post.ids(0).get(3)), Fault.MISSING);
        List<Map<String, Object>> events = new CopyOnWriteArrayList<>();
        new Fetcher(request(), Progress.none()).reporting(events::add).fetch();
        Map<String, Object> health = events.stream()
                .filter(event -> event.get("event").equals("health")).findFirst().orElseThrow();
        assertEquals(1, health.get("missingArticles"));
        assertEquals(true, health.get("recoverable"));
        assertTrue(events.stream().anyMatch(event -> event.get("event").equals("repairing")));
    }

    @Test
    void whatWasMadeWholeIsKeptWholeWhereAnotherSetCannotBe() throws Exception {
        byte[] shifted = new byte[a.length + 13];
        System.arraycopy(a, 0, shifted, 13, a.length);
        post.add("\"zzz\" yEnc (1/15)", "zzz", shifted, ARTICLE)
                .add("\"b.rar\" yEnc (1/5)", "b.rar", b, ARTICLE);
        addParity(new Parity(SLICE, new Named("a.rar", a)), 2, "a");
        addParity(new Parity(2048, new Named("b.rar", b)), 1, "b");
        server.failing(new HashSet<>(post.ids(1).subList(1, 4)), Fault.MISSING);
        CommandFailure e = assertThrows(CommandFailure.class, () -> new Fetcher(
                request().withKeepBroken(true), Progress.none()).fetch());
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode(), e::getMessage);
        requireContents("a.rar", a);
        try (var all = Files.list(out())) {
            assertEquals(List.of("a.rar", "b.rar.broken"),
                    all.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void severalSetsAreEachRepairedWithTheirOwn() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE)
                .add("\"b.rar\" yEnc (1/5)", "b.rar", b, ARTICLE);
        addParity(new Parity(SLICE, new Named("a.rar", a)), 4, "a");
        addParity(new Parity(2048, new Named("b.rar", b)), 6, "b");
        server.failing(Set.of(post.ids(0).get(3), post.ids(1).get(1)), Fault.MISSING);
        fetch();
        requireContents("a.rar", a);
        requireContents("b.rar", b);
    }

    @Test
    void partsThatOverlapOrLieFarOutAreBad() throws Exception {
        Parity parity = new Parity(SLICE, new Named("a.rar", a));
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE);
        addParity(parity, 6);
        // The second article now says that it is the first, the third that it lies far away.
        String text = post.ids(0).get(1);
        replace(text, "=ypart begin=7001 end=14000", "=ypart begin=1 end=7000");
        replace(post.ids(0).get(2), "=ypart begin=14001 end=21000",
                "=ypart begin=900000000000001 end=900000000007000");
        FetchResult result = fetch();
        requireContents("a.rar", a);
        assertTrue(result.repairedSlices() > 0);
    }

    @Test
    void healthCountsPartsThatTheManifestLeavesOut() throws Exception {
        post.add("\"a.bin\" yEnc (1/15)", "a.bin", a, ARTICLE).withoutThat(3);
        HealthReport report = health();
        assertEquals(HealthReport.Verdict.NOT_RECOVERABLE, report.verdict());
        assertEquals(1, report.missingArticles());
        assertEquals(15, report.articles());
    }

    /** As where somebody put it together from what a newsgroup lists. */
    @Test
    void whereEveryMirrorSaysThatAnArticleIsAnotherPartTheManifestIsWrong() throws Exception {
        post.add("\"a.bin\" yEnc (1/15)", "a.bin", a, ARTICLE).swapping(3, 7);
        fetch();
        requireContents("a.bin", a);
    }

    @Test
    void articleOfAnotherFileIsNotTakenForOneThatTheManifestMisnumbers() throws Exception {
        byte[] other = random(100_000, 9);
        Parity parity = new Parity(SLICE, new Named("a.bin", a), new Named("b.bin", other));
        post.add("\"a.bin\" yEnc (1/15)", "a.bin", a, ARTICLE)
                .add("\"b.bin\" yEnc (1/15)", "b.bin", other, ARTICLE);
        addParity(parity, 2);
        server.articles().put(post.ids(0).get(3), server.articles().get(post.ids(1).get(7)));
        assertEquals(2, fetch().repairedSlices(), "those of one article, and not of the other's too");
        requireContents("a.bin", a);
    }

    @Test
    void namesThatOnlyOtherSystemsTakeForPathsAreMadeHarmless() throws Exception {
        post.add("\"a:b.bin\" yEnc (1/5)", "x", b, ARTICLE)
                .add("\"..\\up\\s.bin\" yEnc (1/15)", "y", a, ARTICLE);
        fetch();
        requireContents("a_b.bin", b);
        requireContents(".._up_s.bin", a);
    }

    @Test
    void whatIsKeptOfAFileThatLacksItsEndIsAsLongAsTheFile() throws Exception {
        post.add("\"a.bin\" yEnc (1/15)", "a.bin", a, ARTICLE);
        server.failing(Set.of(post.ids(0).getLast()), Fault.MISSING);
        assertThrows(CommandFailure.class, () -> new Fetcher(
                request().withKeepBroken(true), Progress.none()).fetch());
        byte[] broken = Files.readAllBytes(out("a.bin.broken"));
        assertEquals(a.length, broken.length);
        assertEquals(98_000, Arrays.mismatch(a, broken));
    }

    @Test
    void brokenFilesOfOneNameAreBothKept() throws Exception {
        post.add("\"x.bin\" yEnc (1/15)", "x.bin", a, ARTICLE)
                .add("\"x.bin\" yEnc (1/5)", "x.bin", b, ARTICLE);
        server.failing(Set.of(post.ids(0).get(1), post.ids(1).get(1)), Fault.MISSING);
        assertThrows(CommandFailure.class, () -> new Fetcher(
                request().withKeepBroken(true), Progress.none()).fetch());
        assertEquals(a.length, Files.size(out("x.bin.broken")));
        assertEquals(b.length, Files.size(out("x.bin.broken.2")));
    }

    @Test
    void namesInParityThatLeadOutAreRefusedAndTheOthersComeAllTheSame() throws Exception {
        for (String evil : List.of("../evil", "/tmp/spillway-evil", "C:\\evil", "x\u0000y",
                "d/../../evil", "c:evil")) {
            post = new ForeignPost(server);
            Parity parity = new Parity(SLICE, new Named(evil, a), new Named("good", b));
            post.add("\"0001\" yEnc (1/15)", "0001", a, ARTICLE)
                    .add("\"0002\" yEnc (1/5)", "0002", b, ARTICLE);
            addParity(parity, 4);
            server.failing(Set.of(post.ids(1).get(2)), Fault.MISSING);
            CommandFailure e = fails();
            assertEquals(ExitCode.FAILED, e.exitCode());
            assertTrue(e.getMessage().contains("in the PAR2 set"), e.getMessage());
            requireContents("good", b);
            assertFalse(Files.exists(folder.resolve("evil")));
            assertFalse(Files.exists(Path.of("/tmp/spillway-evil")));
            deleteOutput();
        }
    }

    @Test
    void namesInSubjectsThatLeadOutAreRefusedAndTheSecondOfOneNameGetsANumber() throws Exception {
        post.add("\"../../evil\" yEnc (1/5)", "evil", b, ARTICLE)
                .add("\"good.x\" yEnc (1/5)", "good", b, ARTICLE)
                .add("\"good.x\" yEnc (1/15)", "good", a, ARTICLE);
        CommandFailure e = fails();
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("\"../../evil\" in the manifest"), e.getMessage());
        requireContents("good.x", b);
        requireContents("good.1.x", a);
    }

    @Test
    void parityThatIsRubbishIsAsGoodAsNone() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE);
        byte[] rubbish = new Parity(SLICE, new Named("a.rar", a)).critical();
        for (int i = 8; i < rubbish.length; i += 50) {
            rubbish[i] ^= 0x55;
        }
        post.add("\"a.par2\" yEnc (1/1)", "a.par2", rubbish, ARTICLE)
                .add("\"a.vol0+1.par2\" yEnc (1/1)", "a.vol0+1.par2", random(9000, 5), ARTICLE);
        fetch();
        requireContents("a.rar", a);
    }

    @Test
    void gigabytesThatASetClaimsAreNotMade() throws Exception {
        post.add("\"a.rar\" yEnc (1/15)", "a.rar", a, ARTICLE);
        FileHashes hashes = hashes(a, SLICE);
        long length = 30_000L << 30;
        Hash16 id = PacketWriter.fileId(hashes.md5of16k(), length, "huge".getBytes());
        Par2Layout layout = Par2Layout.of(1 << 30, List.of(new Par2Layout.Item(id, length)));
        Par2Set set = new Par2Set(layout.setId(), 1 << 30, List.of(new ParFile(id, "huge", length,
                hashes.md5(), hashes.md5of16k(), 0, layout.sliceCount(), List.of())),
                List.of(), List.of(), "");
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        set.criticalPackets().forEach(packets::writeBytes);
        post.add("\"a.par2\" yEnc (1/1)", "a.par2", packets.toByteArray(), ARTICLE);
        CommandFailure e = fails();
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("30000 of 30000 slices are missing"), e.getMessage());
    }

    // --- helpers --------------------------------------------------------------------------------

    private record Named(String name, byte[] bytes) {}

    /** A set whose names nobody checked. */
    private static final class Parity {
        private final Par2Set set;
        private final List<byte[]> slices = new ArrayList<>();

        Parity(int sliceSize, Named... files) throws IOException {
            List<Par2Layout.Item> items = new ArrayList<>();
            for (Named file : files) {
                items.add(new Par2Layout.Item(id(file, sliceSize), file.bytes().length));
            }
            Par2Layout layout = Par2Layout.of(sliceSize, items);
            List<ParFile> ordered = new ArrayList<>();
            for (Par2Layout.Entry entry : layout.entries()) {
                for (Named file : files) {
                    if (id(file, sliceSize).equals(entry.id())) {
                        FileHashes hashes = hashes(file.bytes(), sliceSize);
                        ordered.add(new ParFile(entry.id(), file.name(), hashes.length(),
                                hashes.md5(), hashes.md5of16k(), entry.firstSlice(),
                                entry.sliceCount(), hashes.slices()));
                        for (int at = 0; at < file.bytes().length; at += sliceSize) {
                            slices.add(Arrays.copyOfRange(file.bytes(), at, at + sliceSize));
                        }
                    }
                }
            }
            set = new Par2Set(layout.setId(), sliceSize, ordered, List.of(), List.of(),
                    "somebody");
        }

        private static Hash16 id(Named file, int sliceSize) {
            FileHashes hashes = hashes(file.bytes(), sliceSize);
            return PacketWriter.fileId(
                    hashes.md5of16k(), hashes.length(), file.name().getBytes());
        }

        byte[] critical() {
            ByteArrayOutputStream packets = new ByteArrayOutputStream();
            set.criticalPackets().forEach(packets::writeBytes);
            return packets.toByteArray();
        }

        byte[] volume(int first, int count) {
            ByteArrayOutputStream packets = new ByteArrayOutputStream();
            try (ParityEncoder encoder = ParityEncoder.builder((int) set.sliceSize())
                    .recovery(first, count).build()) {
                for (int i = 0; i < slices.size(); i++) {
                    encoder.add(i, slices.get(i), 0, slices.get(i).length);
                }
                for (int i = 0; i < count; i++) {
                    packets.writeBytes(
                            RecoveryPacket.bytes(set.id(), first + i, encoder.recovery(i)));
                }
            }
            packets.writeBytes(critical());
            return packets.toByteArray();
        }
    }

    private static FileHashes hashes(byte[] bytes, long sliceSize) {
        FileHasher hasher = new FileHasher(sliceSize);
        hasher.update(bytes, 0, bytes.length);
        return hasher.finish();
    }

    private void addParity(Parity parity, int recovery) {
        addParity(parity, recovery, "set");
    }

    /** An index, and volumes of 1, 2, 4... slices, cut into articles of the usual size. */
    private void addParity(Parity parity, int recovery, String stem) {
        post.add("\"" + stem + ".par2\" yEnc (1/1)", "x", parity.critical(), ARTICLE);
        for (int first = 0, count = 1; first < recovery; first += count, count *= 2) {
            count = Math.min(count, recovery - first);
            String name = stem + ".vol" + first + "+" + count + ".par2";
            post.add("\"" + name + "\" yEnc (1/9)", name, parity.volume(first, count), ARTICLE);
        }
    }

    private void replace(String id, String from, String to) {
        String text = new String(server.articles().get(id), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from));
        server.articles().put(id, text.replace(from, to)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private FetchRequest request() throws IOException {
        Path nzb = folder.resolve("foreign.nzb");
        Files.deleteIfExists(nzb);
        return FetchRequest.of(post.write(nzb), List.of(server.address()), out())
                .withTimes(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(500))
                .withSurvey(Duration.ofSeconds(30));
    }

    private FetchResult fetch() throws InterruptedException, IOException {
        return new Fetcher(request(), Progress.none()).fetch();
    }

    private HealthReport health() throws InterruptedException, IOException {
        return new Fetcher(request(), Progress.none()).health();
    }

    private CommandFailure fails() {
        return assertThrows(CommandFailure.class, this::fetch);
    }

    private Path out(String... more) {
        return Path.of(folder.resolve("out").toString(), more);
    }

    private void requireContents(String name, byte[] bytes) throws IOException {
        assertArrayEquals(bytes, Files.readAllBytes(out(name)));
    }

    private void deleteOutput() throws IOException {
        Set<String> names = new HashSet<>();
        try (var all = Files.list(out())) {
            all.forEach(p -> names.add(p.getFileName().toString()));
        }
        for (String name : names) {
            Files.delete(out(name));
        }
    }

    private static byte[] random(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
