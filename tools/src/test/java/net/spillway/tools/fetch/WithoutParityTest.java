package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.spillway.protocol.YencEncoder;
import net.spillway.protocol.YencPart;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
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

/** What was posted without parity is proven by CRC-32s alone: of its parts, and of each file. */
class WithoutParityTest {
    private static final int PART = 10_000;
    private static final int PARTS = 12;

    @TempDir Path folder;
    private ScriptedServer server;
    private Path tree;
    private byte[] data;
    private Path nzb;

    @BeforeEach
    void post() throws Exception {
        server = new ScriptedServer();
        tree = Files.createDirectories(folder.resolve("tree"));
        data = new byte[PARTS * PART - 77];
        new Random(1).nextBytes(data);
        Files.write(tree.resolve("data.bin"), data);
        Files.write(tree.resolve("small"), Arrays.copyOf(data, 10));
        Files.createFile(tree.resolve("empty"));
        nzb = new Poster(PostRequest.of(List.of(tree), List.of(server.address()),
                List.of("spill.test")).withPartSize(PART).withRedundancy(0).withObfuscation()
                .withNzb(folder.resolve("p.nzb")), Progress.none()).post().nzb();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everythingComesBackUnderItsNameAndIsThenKept() throws Exception {
        FetchResult result = fetch();
        assertEquals(PARTS + 1, result.articles());
        requireSame();
        FetchResult again = fetch();
        assertEquals(0, again.articles());
        assertTrue(again.files().stream().allMatch(f -> f.how() == FetchResult.How.KEPT),
                again::toString);
    }

    @Test
    void fileOfThatNameWithOtherOctetsIsNotReplaced() throws Exception {
        Path mine = out().resolve("data.bin");
        Files.createDirectories(mine.getParent());
        byte[] other = data.clone();
        other[5] ^= 1;
        Files.write(mine, other);
        assertTrue(fails().getMessage().contains("exists already, with other contents"));
        assertEquals(5, Arrays.mismatch(data, Files.readAllBytes(mine)));
    }

    @Test
    void articleWithOtherOctetsAndTheirOwnCrcIsNoticed() throws Exception {
        String id = ids().get(3);
        byte[] honest = server.articles().get(id);
        byte[] lie = Arrays.copyOfRange(data, 3 * PART, 4 * PART);
        lie[17] ^= 1;
        byte[] body = YencEncoder.encodePart(new YencPart("x", data.length, 4, PARTS, 3 * PART),
                lie, 0, PART);
        int from = ScriptedServer.bodyStart(honest);
        byte[] wire = Arrays.copyOf(honest, from + body.length + 3);
        System.arraycopy(body, 0, wire, from, body.length);
        System.arraycopy(honest, honest.length - 3, wire, from + body.length, 3);
        server.articles().put(id, wire);
        CommandFailure e = fails();
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().contains("Parts that came do not make whole files"),
                e.getMessage());
        assertFalse(Files.exists(out().resolve("data.bin")));
    }

    @Test
    void whatIsMissingIsSaidInArticlesAndTheRestIsTakenUpLater() throws Exception {
        server.failing(Set.of(ids().get(5)), Fault.MISSING);
        CommandFailure e = fails();
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(e.getMessage().startsWith(
                "1 article is missing, and no parity covers it."), e.getMessage());
        server.failing(Set.of(), Fault.MISSING);
        fetch();
        requireSame();
    }

    @Test
    void partsOfAFetchThatWasBrokenOffCountForTheFilesCrc() throws Exception {
        // Bad, not missing, and the last: so the others come before all is known to be in vain.
        server.failing(Set.of(ids().getLast()), Fault.CORRUPT);
        CommandFailure e = assertThrows(CommandFailure.class,
                () -> new Fetcher(request().withConnections(1), Progress.none()).fetch());
        assertTrue(e.getMessage().contains("the same command goes on from there"));
        int before = server.requests();
        server.failing(Set.of(), Fault.CORRUPT);
        fetch();
        assertTrue(server.requests() - before <= 2, "what had come is not asked for again");
        requireSame();
    }

    // --- helpers --------------------------------------------------------------------------------

    /** The articles of data.bin. */
    private List<String> ids() throws Exception {
        return NzbReader.read(nzb).entries().stream().filter(e -> e.segments().size() == PARTS)
                .flatMap(e -> e.segments().stream()).map(NzbFile.Segment::id)
                .map(id -> id.value()).toList();
    }

    private Path out() {
        return folder.resolve("out/tree");
    }

    private FetchRequest request() {
        return FetchRequest.of(nzb, List.of(server.address()), folder.resolve("out"))
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    private FetchResult fetch() throws InterruptedException {
        return new Fetcher(request(), Progress.none()).fetch();
    }

    private CommandFailure fails() {
        return assertThrows(CommandFailure.class, this::fetch);
    }

    private void requireSame() throws IOException {
        for (String name : List.of("data.bin", "small", "empty")) {
            assertEquals(-1, Files.mismatch(tree.resolve(name), out().resolve(name)), name);
        }
    }
}
