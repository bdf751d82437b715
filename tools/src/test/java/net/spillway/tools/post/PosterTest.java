package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Collector;
import net.spillway.fec.packet.SliceData;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencDecoder;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Nobody;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.PostFault;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosterTest {
    private static final int PART = 20_000;

    @TempDir Path folder;
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void tinyFileTakesFewArticles() throws Exception {
        PostResult result = post(file("tiny", 1));
        assertTrue(result.articles() <= 5, "articles: " + result.articles());
    }

    @Test
    void articlesSayWhatTheyAre() throws Exception {
        PostResult result = post(file("a.bin", 400_000));
        NzbFile nzb = NzbReader.read(result.nzb());
        NzbFile.Entry entry = nzb.entries().getFirst();
        int files = nzb.entries().size();
        assertTrue(files > 1, "there is parity");
        assertEquals("[1/" + files + "] - \"a.bin\" yEnc (1/20)", entry.subject());
        byte[] wire = server.articles().get(entry.segments().get(2).id().value());
        assertEquals("[1/" + files + "] - \"a.bin\" yEnc (3/20)",
                ScriptedServer.header(wire, "Subject"));
        assertTrue(nzb.entries().getLast().subject().startsWith("[" + files + "/" + files + "] "));
        assertEquals("spill.test,spill.other", ScriptedServer.header(wire, "Newsgroups"));
        assertEquals("Ann <ann@news.example.org>", ScriptedServer.header(wire, "From"));
        assertTrue(ScriptedServer.header(wire, "Date").endsWith(" +0000"));
        assertTrue(ScriptedServer.messageId(wire).endsWith("@news.example.org>"));
        YencDecoded part = decode(wire);
        assertTrue(part.isIntact() && part.crcVerified());
        assertEquals("a.bin", part.part().name());
        assertEquals(400_000, part.part().fileSize());
        assertEquals(40_000, part.part().begin());
        assertEquals(20_000, part.data().length);
    }

    @Test
    void anArticleIsASliceAndARecoveryPacketIsAnArticle() throws Exception {
        PostResult result = post(file("a.bin", 400_000));
        assertEquals(20, result.dataSlices());
        assertEquals(2, result.recoverySlices());
        NzbFile nzb = NzbReader.read(result.nzb());
        assertEquals(List.of("a.bin", "a.bin.par2", "a.bin.vol0+1.par2", "a.bin.vol1+1.par2"),
                nzb.entries().stream().map(e -> e.subjectName().orElseThrow()).toList());
        NzbFile.Entry volume = nzb.entries().get(2);
        assertEquals(2, volume.segments().size());
        byte[] packet = decode(server.articles()
                .get(volume.segments().getFirst().id().value())).data();
        assertEquals(PART + 68, packet.length);
        Par2Collector collector = new Par2Collector();
        collector.add("one article", packet);
        assertEquals(List.of(0), collector.exponents(collector.setIds().getFirst()));
    }

    @Test
    void treesKeepTheirNamesAndEmptyFilesAreNamedToo() throws Exception {
        file("tree/b/two", 5000);
        file("tree/a", 100_000);
        file("tree/c/two", 3000);
        file("tree/empty", 0);
        PostResult result = post(folder.resolve("in/tree"));
        NzbFile nzb = NzbReader.read(result.nzb());
        List<FileNote> notes = nzb.meta().stream().filter(m -> m.type().equals(NzbFile.FILE))
                .map(m -> FileNote.parse(m.value()).orElseThrow()).toList();
        assertEquals(List.of("tree/a", "tree/b/two", "tree/c/two", "tree/empty"),
                notes.stream().map(FileNote::path).toList());
        assertEquals(List.of("a", "two", "tree_c_two"), nzb.entries().stream().limit(3)
                .map(e -> e.subjectName().orElseThrow()).toList());
        assertEquals(4, result.files());
        Par2Archive archive = parity(nzb);
        assertEquals(List.of("tree/a", "tree/b/two", "tree/c/two"),
                archive.set().files().stream().map(f -> f.name()).sorted().toList());
    }

    @Test
    void parityIsTheSameHoweverLittleMemoryThereIs() throws Exception {
        Path file = file("a.bin", 400_000);
        PostResult once = new Poster(request(file).withRedundancy(0.5), Progress.none()).post();
        Par2Archive expected = parity(NzbReader.read(once.nzb()));
        Files.delete(once.nzb());
        PostResult often = new Poster(request(file).withRedundancy(0.5)
                .withParityMemory(3 * PART), Progress.none()).post();
        Par2Archive actual = parity(NzbReader.read(often.nzb()));
        assertEquals(10, actual.recovery().size());
        assertEquals(expected.set(), actual.set());
        for (int e : expected.exponents()) {
            assertEquals(-1, Arrays.mismatch(bytes(expected.recovery().get(e)),
                    bytes(actual.recovery().get(e))));
        }
    }

    @Test
    void lostConnectionsAndDoubtfulRefusalsAreSettledByAsking() throws Exception {
        server.failingPosts(PostFault.STORED_BUT_CUT, PostFault.CUT, PostFault.STORED_BUT_REFUSED,
                PostFault.REFUSED, PostFault.GO_AWAY, PostFault.STORED_BUT_CUT);
        PostResult result = post(file("a.bin", 400_000));
        requireEverythingOnce(result);
        assertTrue(result.retries() >= 3, result.toString());
    }

    @Test
    void theNextServerTakesOverInTheMiddle() throws Exception {
        try (ScriptedServer second = new ScriptedServer(server.articles())) {
            server.failingPosts(PostFault.STORED_BUT_CUT, PostFault.CUT);
            server.greeting(n -> n <= 2 ? "200 hello" : "400 going down");
            PostResult result = new Poster(request(file("a.bin", 400_000), server.address(),
                    second.address()), Progress.none()).post();
            for (String id : ids(result)) {
                int copies = count(server, id) + count(second, id);
                assertEquals(1, copies, id);
            }
        }
    }

    @Test
    void serversThatNeverTakePostsArePassedOver() throws Exception {
        try (ScriptedServer second = new ScriptedServer()) {
            server.failingAllPosts(PostFault.NOT_ALLOWED);
            PostResult result = new Poster(request(file("a.bin", 100_000), server.address(),
                    second.address()), Progress.none()).post();
            assertEquals(0, server.articles().size());
            assertEquals(result.articles(), second.articles().size());
        }
    }

    @Test
    void refusedLimitsOnConnectionsAreKeptTo() throws Exception {
        server.greeting(n -> n <= 2 ? "200 hello" : "502 too many connections");
        requireEverythingOnce(post(file("a.bin", 400_000)));
    }

    @Test
    void refusedArticlesEndItWithTheServersWords() throws Exception {
        server.failingAllPosts(PostFault.REFUSED);
        CommandFailure e = fails(request(file("a.bin", 100_000)));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("441 no"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("post.nzb")));
    }

    @Test
    void aServerWithoutSpaceIsTemporary() throws Exception {
        server.failingAllPosts(PostFault.NO_SPACE);
        CommandFailure e = fails(request(file("a.bin", 100_000)));
        assertEquals(ExitCode.TEMPORARY, e.exitCode());
        assertTrue(e.getMessage().contains("441 cannot be stored now"), e.getMessage());
    }

    @Test
    void noServerIsTemporary() throws Exception {
        try (Nobody nobody = new Nobody()) {
            CommandFailure e = fails(request(file("a.bin", 100_000), nobody.address())
                    .withTimes(Duration.ofSeconds(20), Duration.ofMillis(500)));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
            assertTrue(e.getMessage().contains(nobody.hostPort()), e.getMessage());
        }
    }

    /** Each connection takes an article before it looks for a server, and holds on to it. */
    @Test
    @Timeout(60)
    void noServerIsTemporaryForHoweverManyConnections() throws Exception {
        try (Nobody nobody = new Nobody()) {
            CommandFailure e = fails(request(file("a.bin", 300_000), nobody.address())
                    .withPartSize(4096).withConnections(20)
                    .withTimes(Duration.ofSeconds(20), Duration.ofMillis(500)));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
        }
    }

    @Test
    void loginThatIsRefusedIsNotTemporary() throws Exception {
        server.requiring("ann:secret");
        CommandFailure e = fails(request(file("a.bin", 100_000)));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("480"), e.getMessage());
    }

    @Test
    void nothingIsPostedUntilTheInputIsChecked() throws Exception {
        Path good = file("good", 1000);
        Path backslash = file("bad\\name", 1000);
        assertTrue(fails(request(good, List.of(backslash))).getMessage().contains("backslash"));
        assertTrue(fails(request(good, List.of(folder.resolve("nowhere")))).getMessage()
                .contains("nowhere: there is no such file or folder"));
        Path twin = file("other/good", 1000);
        assertTrue(fails(request(good, List.of(twin))).getMessage().contains("same name, good"));
        Files.createDirectories(folder.resolve("in/hollow"));
        assertTrue(fails(request(folder.resolve("in/hollow"))).getMessage()
                .contains("no file to post"));
        assertEquals(ExitCode.USAGE, fails(request(good).withFrom("a@b\r\nX: y")).exitCode());
        assertEquals(ExitCode.USAGE, fails(request(good).withRedundancy(-0.1)).exitCode());
        assertEquals(0, server.connections());
    }

    @Test
    void manifestsThatAreThereAreNotReplaced() throws Exception {
        Files.writeString(folder.resolve("post.nzb"), "mine");
        CommandFailure e = fails(request(file("a.bin", 1000)));
        assertTrue(e.getMessage().contains("exists already"), e.getMessage());
        assertEquals("mine", Files.readString(folder.resolve("post.nzb")));
        assertEquals(0, server.connections());
    }

    /** With parity one thread reads them; without, whoever sends them. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void filesThatChangeMeanwhileAreNoticed(double redundancy) throws Exception {
        Path file = file("a.bin", 4_000_000);
        server.greeting(n -> {
            appendTo(file);
            return "200 hello";
        });
        CommandFailure e = fails(request(file).withRedundancy(redundancy));
        assertTrue(e.getMessage().contains("changed while it was being posted"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("post.nzb")));
    }

    @Test
    void everythingThatCannotBePostedIsToldAtOnce() throws Exception {
        Path tree = file("tree/good", 1000).getParent();
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
        file("tree/bad\\name", 1000);
        CommandFailure e = fails(request(tree, List.of(folder.resolve("lost"))));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("dangling is a link to nothing"), e.getMessage());
        assertTrue(e.getMessage().contains("backslash"), e.getMessage());
        assertTrue(e.getMessage().contains("lost: there is no such file"), e.getMessage());
        assertFalse(e.getMessage().contains("tree/good"), e.getMessage());
        assertEquals(ExitCode.USAGE,
                fails(request(tree.resolve("lost"), List.of(tree.resolve("gone")))).exitCode());
    }

    @Test
    void onlyEmptyFilesNeedNoServer() throws Exception {
        PostResult result = post(file("nothing", 0));
        assertEquals(0, result.articles());
        assertEquals(0, server.connections());
        assertTrue(Files.exists(result.nzb()));
    }

    @Test
    void withoutRedundancyThereIsNoSetAndTheManifestHasTheFilesCrc() throws Exception {
        Path file = file("a.bin", 100_000);
        PostResult result = new Poster(
                request(file).withRedundancy(0), Progress.none()).post();
        assertEquals(5, result.articles());
        requireEverythingOnce(result);
        NzbFile nzb = NzbReader.read(result.nzb());
        assertEquals(1, nzb.entries().size());
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        assertEquals(String.format("%08x", crc.getValue()), FileNote.parse(
                nzb.first(NzbFile.FILE).orElseThrow()).orElseThrow().hash());
    }

    @Test
    void domainsForMessageIdsComeFromTheAddress() {
        assertEquals("example.org", RequestCheck.domainOf("Ann <ann@example.org>"));
        assertEquals("example.org", RequestCheck.domainOf("ann@example.org (Ann)"));
        assertEquals("spillway.invalid", RequestCheck.domainOf("ann@größe.example"));
        assertEquals("spillway.invalid", RequestCheck.domainOf("a@b>c <x@..>"));
    }

    private static void appendTo(Path file) {
        try {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireEverythingOnce(PostResult result) throws IOException {
        List<String> ids = ids(result);
        assertEquals(result.articles(), ids.size());
        assertEquals(ids.size(), server.articles().size());
        ids.forEach(id -> assertEquals(1, count(server, id), id));
    }

    private static int count(ScriptedServer server, String id) {
        return server.stored().containsKey(id) ? server.stored().get(id).get() : 0;
    }

    private static List<String> ids(PostResult result) throws IOException {
        return NzbReader.read(result.nzb()).entries().stream()
                .flatMap(e -> e.segments().stream()).map(NzbFile.Segment::id)
                .map(MessageId::value).toList();
    }

    /** What all parity files of a manifest say, put together from their articles. */
    private Par2Archive parity(NzbFile nzb) throws IOException {
        Par2Collector collector = new Par2Collector();
        for (NzbFile.Entry entry : nzb.entries()) {
            if (entry.isParity()) {
                collector.add(entry.subject(), content(entry));
            }
        }
        return collector.archive(collector.setIds().getFirst());
    }

    private byte[] content(NzbFile.Entry entry) {
        Map<Long, byte[]> parts = new TreeMap<>();
        List<Integer> numbers = new ArrayList<>();
        for (NzbFile.Segment segment : entry.segments()) {
            YencDecoded part = decode(server.articles().get(segment.id().value()));
            parts.put(part.part().begin(), part.data());
            numbers.add(part.part().part());
            assertEquals(entry.segments().size(), part.part().total());
        }
        assertEquals(Stream.iterate(1, n -> n + 1).limit(numbers.size()).toList(), numbers);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach((begin, data) -> {
            assertEquals(begin, all.size());
            all.writeBytes(data);
        });
        return all.toByteArray();
    }

    private static byte[] bytes(SliceData data) throws IOException {
        byte[] bytes = new byte[(int) data.length()];
        data.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static YencDecoded decode(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        assertTrue(text.endsWith("\r\n.\r\n"));
        return YencDecoder.decode(wire, ScriptedServer.bodyStart(wire), wire.length - 3);
    }

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = folder.resolve("in").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private CommandFailure fails(PostRequest request) {
        return assertThrows(
                CommandFailure.class, () -> new Poster(request, Progress.none()).post());
    }

    private PostResult post(Path input) throws InterruptedException {
        return new Poster(request(input), Progress.none()).post();
    }

    private PostRequest request(Path first, List<Path> more) {
        List<Path> inputs = new ArrayList<>(List.of(first));
        inputs.addAll(more);
        return PostRequest.of(inputs, List.of(server.address()), List.of("spill.test"))
                .withNzb(folder.resolve("post.nzb"));
    }

    private PostRequest request(Path input, ServerAddress... to) {
        return PostRequest.of(List.of(input),
                        to.length == 0 ? List.of(server.address()) : List.of(to),
                        List.of("spill.test", "spill.other"))
                .withPartSize(PART).withNzb(folder.resolve("post.nzb"))
                .withFrom("Ann <ann@news.example.org>")
                .withTimes(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }
}
