package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.spillway.protocol.MessageId;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.Fault;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is posted by us comes back as it was, and is read once. */
class OnePassTest {
    private static final int PART = 10_000;

    @TempDir Path folder;
    private ScriptedServer server;
    private Path tree;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        tree = Files.createDirectories(folder.resolve("tree"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void cleanFetchReadsNothingAgain() throws Exception {
        file("large.bin", 100 * PART - 77);
        file("sub/one part.bin", PART / 2);
        FetchResult result = fetch(post(r -> r));
        assertEquals(0, result.octetsReadBack());
        requireSame();
    }

    @Test
    void fetchWithGapsReadsNothingAgainEither() throws Exception {
        file("a.bin", 60 * PART - 77);
        file("b.bin", 40 * PART);
        Path nzb = post(r -> r);
        server.failing(lost(nzb, 7), Fault.MISSING);
        FetchResult result = fetch(nzb);
        assertEquals(7, result.repairedSlices());
        assertEquals(0, result.octetsReadBack());
        requireSame();
    }

    @Test
    void lossesThatAreOnlyFoundOnTheWayAreMadeGoodToo() throws Exception {
        file("a.bin", 100 * PART);
        Path nzb = post(r -> r);
        List<String> lost = List.copyOf(lost(nzb, 10));
        server.failing(id -> lost.subList(0, 5).contains(id)
                ? java.util.Optional.of(Fault.MISSING)
                : lost.contains(id) ? java.util.Optional.of(Fault.CORRUPT)
                : java.util.Optional.empty());
        FetchResult result = fetch(nzb);
        assertEquals(10, result.repairedSlices());
        requireSame();
    }

    @Test
    void namesTimesAndEmptyFoldersComeBack() throws Exception {
        Instant long_ago = Instant.parse("2001-02-03T04:05:06Z");
        Files.setLastModifiedTime(file("große Datei.bin", 5 * PART), FileTime.from(long_ago));
        Files.setLastModifiedTime(file("empty", 0), FileTime.from(long_ago.plusSeconds(60)));
        Files.createDirectories(tree.resolve("nothing/in here"));
        fetch(post(r -> r));
        requireSame();
        assertEquals(long_ago, modified("große Datei.bin"));
        assertEquals(long_ago.plusSeconds(60), modified("empty"));
        assertTrue(Files.isDirectory(out().resolve("tree/nothing/in here")));
    }

    @Test
    void obfuscatedPostsComeBackUnderTheirNames() throws Exception {
        file("secret/name.bin", 60 * PART);
        Files.copy(tree.resolve("secret/name.bin"), tree.resolve("the same.bin"));
        file("small", 10);
        file("empty", 0);
        Path nzb = post(PostRequest::withObfuscation);
        server.failing(lost(nzb, 4), Fault.MISSING);
        FetchResult result = fetch(nzb);
        assertEquals(4, result.repairedSlices());
        assertEquals(0, result.octetsReadBack());
        requireSame();
    }

    // --- helpers --------------------------------------------------------------------------------

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path post(UnaryOperator<PostRequest> how) throws Exception {
        PostRequest request = PostRequest.of(List.of(tree), List.of(server.address()),
                List.of("spill.test")).withPartSize(PART).withNzb(folder.resolve("p.nzb"));
        return new Poster(how.apply(request), Progress.none()).post().nzb();
    }

    private FetchResult fetch(Path nzb) throws Exception {
        return new Fetcher(FetchRequest.of(nzb, List.of(server.address()), out())
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(1))
                .withSurvey(Duration.ofSeconds(30)), Progress.none()).fetch();
    }

    /** Some articles of data. */
    private static Set<String> lost(Path nzb, int n) throws Exception {
        List<String> ids = NzbReader.read(nzb).entries().stream().filter(e -> !e.isParity())
                .flatMap(e -> e.segments().stream()).map(NzbFile.Segment::id)
                .map(MessageId::value).toList();
        Set<String> some = new HashSet<>();
        for (int i = 0; i < n; i++) {
            some.add(ids.get(3 + i * 9));
        }
        return some;
    }

    private Path out() {
        return folder.resolve("out");
    }

    private Instant modified(String name) throws IOException {
        return Files.getLastModifiedTime(out().resolve("tree").resolve(name)).toInstant();
    }

    private void requireSame() throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path came = out().resolve("tree").resolve(tree.relativize(file));
                assertEquals(-1, Files.mismatch(file, came), came.toString());
            }
        }
    }
}
