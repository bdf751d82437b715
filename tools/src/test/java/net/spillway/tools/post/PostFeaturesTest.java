package net.spillway.tools.post;

import static net.spillway.tools.post.PostWorld.PART;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.PostFault;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostFeaturesTest {
    private static final int HEAD = 16384;

    @TempDir Path folder;
    private PostWorld world;
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        world = new PostWorld(folder);
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void inputIsReadOnceAndOnceMoreWhereMemoryDoesNotSufficeForParity() throws Exception {
        Path file = world.file("a.bin", 2_000_000);
        PostResult once = post(request(file));
        assertEquals(2_000_000 + HEAD, once.bytesRead());
        Files.delete(once.nzb());
        PostResult twice = post(request(file).withRedundancy(0.5).withParityMemory(100_000));
        assertEquals(2 * 2_000_000 + HEAD, twice.bytesRead());
        assertEquals(50, twice.recoverySlices());
    }

    @Test
    void modificationTimesAndEmptyFoldersStandInTheManifest() throws Exception {
        world.file("tree/größe", 1000);
        world.file("tree/nothing", 0);
        Files.createDirectories(folder.resolve("in/tree/hollow/deep"));
        Instant then = Instant.parse("2001-02-03T04:05:06Z");
        Files.setLastModifiedTime(folder.resolve("in/tree/größe"), FileTime.from(then));
        NzbFile nzb = PostWorld.read(post(request(folder.resolve("in/tree"))));
        assertTrue(values(nzb, NzbFile.MODIFIED).contains("2001-02-03T04:05:06Z tree/größe"));
        assertTrue(values(nzb, NzbFile.MODIFIED).stream()
                .anyMatch(value -> value.endsWith(" tree/nothing")));
        assertEquals(List.of("tree/hollow/deep"), values(nzb, NzbFile.FOLDER));
    }

    @Test
    void linksToFoldersInATreeAreLeftOutAndTold() throws Exception {
        world.file("tree/file", 1000);
        world.file("elsewhere/other", 1000);
        Path tree = folder.resolve("in/tree");
        Path link = Files.createSymbolicLink(
                tree.resolve("link"), folder.resolve("in/elsewhere"));
        InputTree.Found found = InputTree.of(List.of(tree), Map.of());
        assertEquals(List.of("tree/file"),
                found.files().stream().map(InputFile::name).toList());
        assertEquals(List.of(link), found.linkedFolders());
        assertEquals(List.of("link/other"), InputTree.of(List.of(link), Map.of()).files().stream()
                .map(InputFile::name).toList(), "it is taken if it is named");
    }

    /** It would come back under another name. */
    @Test
    void fileWhoseNameIsNoTextIsRefusedAndItIsSaidOnceWhatToDo() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("in/tree"));
        Path file = Path.of(URI.create("file://" + tree.toUri().getRawPath() + "lat%E4in"));
        try {
            Files.write(file, new byte[1]);
        } catch (IOException e) {
            assumeTrue(false, "this file system has no such names: " + e);
        }
        assumeTrue(file.toString().indexOf('\ufffd') >= 0);
        var e = assertThrows(
                CommandFailure.class, () -> InputTree.of(List.of(tree), Map.of()));
        assertTrue(e.getMessage().contains("it is no text in the system's character set"),
                e.getMessage());
        assertEquals(2, e.getMessage().split("(?i)rename it", -1).length, e.getMessage());
    }

    @Test
    void whatComesThroughAPipeIsPostedUnderItsName() throws Exception {
        byte[] data = "hello ".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        PostResult result = post(PostRequest.of(
                        List.of(), List.of(server.address()), List.of("spill.test"))
                .withPartSize(PART).withNzb(world.nzb())
                .withPiped(new ByteArrayInputStream(data), "greetings.txt"));
        NzbFile nzb = PostWorld.read(result);
        assertEquals("greetings.txt", nzb.entries().getFirst().subjectName().orElseThrow());
        assertArrayEquals(data,
                PostWorld.content(nzb.entries().getFirst(), server.articles()));
        assertEquals("greetings.txt", nzb.first("title").orElseThrow());
        assertFalse(Files.exists(folder.resolve("post.nzb.posting.input")));
    }

    @Test
    void segmentsAreListedWithTheSizesOfTheirBodies() throws Exception {
        PostResult result = post(request(world.file("a.bin", 400_000)));
        for (NzbFile.Entry entry : PostWorld.read(result).entries()) {
            for (NzbFile.Segment segment : entry.segments()) {
                byte[] wire = server.articles().get(segment.id().value());
                assertEquals(wire.length - 3 - ScriptedServer.bodyStart(wire), segment.bytes());
            }
        }
    }

    @Test
    void obfuscatedArticlesDoNotTellNamesOrPoster() throws Exception {
        Path file = world.file("secret.bin", 200_000);
        PostResult result =
                post(request(file).withFrom("Ann <ann@example.org>").withObfuscation());
        server.articles().values().forEach(wire -> {
            String text = new String(wire, StandardCharsets.ISO_8859_1);
            assertFalse(text.contains("secret") || text.contains("ann@") || text.contains("Ann ")
                    || text.contains("example.org"), text.substring(0, 400));
        });
        NzbFile nzb = PostWorld.read(result);
        assertEquals("secret.bin", nzb.entries().getFirst().subjectName().orElseThrow());
        assertTrue(nzb.entries().get(1).isParity());
        FileNote note = FileNote.parse(values(nzb, NzbFile.FILE).getFirst()).orElseThrow();
        assertEquals("secret.bin", note.path());
        assertEquals(1, nzb.entries().stream().map(NzbFile.Entry::poster).distinct().count());
    }

    @Test
    void dryRunTellsWhatWouldBePostedAndLeavesNothing() throws Exception {
        Path file = world.file("a.bin", 400_000);
        PostResult would = post(request(file).withDryRun());
        assertTrue(would.dryRun());
        assertEquals(0, server.connections());
        try (var left = Files.list(folder)) {
            assertEquals(List.of("in"), left.map(p -> p.getFileName().toString()).toList());
        }
        PostResult does = post(request(file));
        assertEquals(does.articles(), would.articles());
        assertEquals(does.recoverySlices(), would.recoverySlices());
    }

    @Test
    void postsThatNoManifestCouldNameAreRefusedBeforeAnythingIsSent() throws Exception {
        Path file = world.file("a.bin", 0);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(600_000L << 10);
        }
        for (PostRequest request : List.of(request(file).withPartSize(1 << 10),
                request(file).withPartSize(1 << 10).withDryRun())) {
            CommandFailure e = fails(request);
            assertEquals(ExitCode.FAILED, e.exitCode());
            assertTrue(e.getMessage().contains("a manifest names 500,000 at most. Post with a"
                    + " larger --part-size, such as 2K."), e.getMessage());
        }
        assertEquals(0, server.connections());
        assertFalse(Files.exists(folder.resolve("post.nzb.posting")));
        assertEquals(ExitCode.FAILED, assertThrows(CommandFailure.class,
                () -> ManifestHead.requireReadable(1, 125_000, 1, request(file))).exitCode());
        ManifestHead.requireReadable(500_000, 100_000, 1000, request(file));
    }

    @Test
    void connectionThatWasOneTooManyIsTriedAgain() throws Exception {
        CountDownLatch third = new CountDownLatch(1);
        Map<String, byte[]> slow = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public byte[] putIfAbsent(String id, byte[] wire) {
                if (size() == 10) {
                    ScriptedServer.hold(third);
                }
                return super.putIfAbsent(id, wire);
            }
        };
        CountDownLatch first = new CountDownLatch(1);
        try (ScriptedServer busy = new ScriptedServer(slow)) {
            busy.greeting(n -> {
                if (n == 2) {
                    Awaitility.await().atMost(Duration.ofMinutes(1))
                            .until(() -> !slow.isEmpty());
                    first.countDown();
                    return "502 too many connections";
                }
                if (n == 3) {
                    third.countDown();
                }
                return "200 hello";
            });
            PostResult result = post(world.request(world.file("a.bin", 1_000_000), busy.address())
                    .withConnections(2)
                    // Longer than the server holds the first one up.
                    .withTimes(Duration.ofMinutes(2), Duration.ofMillis(500)));
            assertEquals(0, first.getCount());
            assertEquals(0, third.getCount(), "never connected again");
            PostWorld.requireEachOnce(PostWorld.read(result), busy);
        }
    }

    @Test
    void groupsThatNoServerHasAreRefusedBeforeAnythingIsSent() throws Exception {
        server.lacking("spill.test");
        CommandFailure e = fails(request(world.file("a.bin", 100_000)));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("carries no newsgroup spill.test"), e.getMessage());
        assertEquals(0, server.articles().size());
        assertFalse(Files.exists(folder.resolve("post.nzb.posting")));
    }

    @Test
    void serversThatStreamAreFedAndWhatTheyDoubtIsAskedFor() throws Exception {
        server.streaming().failingPosts(PostFault.STORED_BUT_CUT, PostFault.CUT,
                PostFault.STORED_BUT_REFUSED, PostFault.GO_AWAY, PostFault.STORED_BUT_CUT);
        PostResult result = post(request(world.file("a.bin", 2_000_000)));
        PostWorld.requireEachOnce(PostWorld.read(result), server);
        byte[] wire = server.articles().values().iterator().next();
        assertEquals("not-for-mail", ScriptedServer.header(wire, "Path"));
    }

    @Test
    void serversThatStreamButRefuseToBeFedArePostedTo() throws Exception {
        server.streaming().failingPosts(PostFault.REFUSED);
        PostResult result = post(request(world.file("a.bin", 400_000)));
        PostWorld.requireEachOnce(PostWorld.read(result), server);
    }

    @Test
    void streamingThatIsNotOfferedIsNotForced() throws Exception {
        CommandFailure e = fails(request(world.file("a.bin", 1000))
                .withMethod(PostRequest.Method.IHAVE)
                .withTimes(Duration.ofSeconds(30), Duration.ofSeconds(1)));
        assertTrue(e.getMessage().contains("500"), e.getMessage());
    }

    @Test
    void postIsConfirmedWhenEnoughMirrorsHaveAllOfIt() throws Exception {
        try (ScriptedServer same = new ScriptedServer(server.articles());
                ScriptedServer empty = new ScriptedServer()) {
            PostResult result = post(request(world.file("a.bin", 400_000)).withConfirm(
                    new PostRequest.Confirm(1, List.of(empty.address(), same.address()),
                            Duration.ofSeconds(20))));
            assertEquals(0, result.mirrors().get(1).missing());
        }
    }

    @Test
    void postThatMirrorsDoNotGetIsNotDoneAndIsConfirmedByTheNextRun() throws Exception {
        try (ScriptedServer mirror = new ScriptedServer()) {
            Path file = world.file("a.bin", 400_000);
            CommandFailure e = fails(request(file).withConfirm(confirm(mirror, 1)));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
            int articles = server.articles().size();
            assertTrue(e.getMessage().contains("lacks " + articles + " of " + articles),
                    e.getMessage());
            assertTrue(e.getMessage().startsWith("Everything is posted, but after 1 s only 0 of"
                    + " 1 mirror have all of it, and 1 should:"), e.getMessage());
            assertFalse(Files.exists(world.nzb()));
            mirror.articles().putAll(server.articles());
            PostResult result = post(request(file).withConfirm(confirm(mirror, 60)));
            assertEquals(articles, result.resumedArticles());
            PostWorld.requireEachOnce(PostWorld.read(result), server);
        }
    }

    private static PostRequest.Confirm confirm(ScriptedServer mirror, int seconds) {
        return new PostRequest.Confirm(
                1, List.of(mirror.address()), Duration.ofSeconds(seconds));
    }

    @Test
    void whatNoMirrorHasAndTheServerHasLostIsPostedAgain() throws Exception {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        Map<String, byte[]> forgetful = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public byte[] putIfAbsent(String id, byte[] wire) {
                return lost.size() < 3 && lost.add(id) ? null : super.putIfAbsent(id, wire);
            }
        };
        try (ScriptedServer loses = new ScriptedServer(forgetful);
                ScriptedServer mirror = new ScriptedServer(forgetful)) {
            PostResult result = post(world.request(world.file("a.bin", 400_000), loses.address())
                    .withConfirm(confirm(mirror, 6)));
            assertEquals(result.articles(), forgetful.size());
            assertEquals(3, lost.size());
            assertEquals(0, result.mirrors().getFirst().missing());
        }
    }

    @Test
    void paceGivesEveryOctetItsTime() {
        Pace pace = new Pace(OptionalLong.of(1000));
        long now = System.nanoTime() + 1_000_000_000;
        assertEquals(0, pace.reserve(500, now));
        assertEquals(500_000_000, pace.reserve(250, now));
        assertEquals(750_000_000, pace.reserve(1, now));
        assertEquals(0, pace.reserve(1, now + 2_000_000_000));
    }

    private static List<String> values(NzbFile nzb, String type) {
        return nzb.meta().stream().filter(meta -> meta.type().equals(type))
                .map(NzbFile.Meta::value).collect(Collectors.toList());
    }

    private PostRequest request(Path input) {
        return world.request(input, server.address());
    }

    private static PostResult post(PostRequest request) throws InterruptedException {
        return new Poster(request, Progress.none()).post();
    }

    private static CommandFailure fails(PostRequest request) {
        return assertThrows(
                CommandFailure.class, () -> new Poster(request, Progress.none()).post());
    }
}
