package net.spillway.tools.post;

import static net.spillway.tools.post.PostWorld.PART;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.packet.SliceData;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.PostFault;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostResumeTest {
    private static final int SIZE = 100 * PART;
    private static final int HEAD = 16384;

    @TempDir Path folder;
    private PostWorld world;
    private ScriptedServer first;
    private ScriptedServer second;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        world = new PostWorld(folder);
        file = world.file("a.bin", SIZE);
        first = new ScriptedServer();
        second = new ScriptedServer(first.articles());
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    private Path journal() {
        return folder.resolve("post.nzb.posting");
    }

    @Test
    void postThatBrokeOffGoesOnWithoutReadingOrSendingAgainWhatWasDone() throws Exception {
        breakOff(60, request(first).withRedundancy(0));
        int stored = first.articles().size();
        PostResult result = post(request(second).withRedundancy(0));
        NzbFile nzb = PostWorld.read(result);
        PostWorld.requireEachOnce(nzb, first, second);
        assertEquals(stored, result.resumedArticles());
        // Besides what is left: what the server had taken without having said so.
        assertTrue(result.bytesRead() < SIZE - 20 * PART, result::toString);
        assertArrayEquals(Files.readAllBytes(file),
                PostWorld.content(nzb.entries().getFirst(), first.articles()));
        requireCrc(nzb);
        try (var left = Files.list(folder)) {
            assertEquals(List.of("in", "post.nzb"),
                    left.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void withoutParityTheFilesCrcIsRightThoughTheJournalKnowsLittleOfWhatWasPosted()
            throws Exception {
        breakOff(60, request(first).withRedundancy(0));
        String text = Files.readString(journal());
        Files.writeString(journal(), text.substring(0, text.length() / 2));
        int stored = first.articles().size();
        PostResult result = post(request(second).withRedundancy(0));
        PostWorld.requireEachOnce(PostWorld.read(result), first, second);
        assertEquals(stored, result.resumedArticles());
        assertTrue(result.bytesRead() > SIZE - 55 * PART, "read again: " + result);
        requireCrc(PostWorld.read(result));
    }

    private void requireCrc(NzbFile nzb) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        assertEquals(String.format("%08x", crc.getValue()), FileNote.parse(
                nzb.first(NzbFile.FILE).orElseThrow()).orElseThrow().hash());
    }

    @Test
    void parityOfAPostTakenUpAgainIsThatOfOneInOneGo() throws Exception {
        breakOff(60, request(first));
        PostResult result = post(request(second));
        NzbFile nzb = PostWorld.read(result);
        PostWorld.requireEachOnce(nzb, first, second);
        assertTrue(result.bytesRead() <= 2 * SIZE + HEAD, result::toString);
        requireSameSet(nzb);
    }

    @Test
    void parityThatWasComputedIsNotComputedAgain() throws Exception {
        breakOff(103, request(first));
        assertTrue(Files.readString(journal()).contains(" parity\n"));
        PostResult result = post(request(second));
        PostWorld.requireEachOnce(PostWorld.read(result), first, second);
        assertEquals(HEAD, result.bytesRead());
        requireSameSet(PostWorld.read(result));
    }

    @Test
    void journalWhoseEndIsTornIsGoodForWhatStandsBefore() throws Exception {
        breakOff(60, request(first));
        String text = Files.readString(journal());
        Files.writeString(journal(), text.substring(0, text.length() * 2 / 3) + "\0\0garbage");
        PostWorld.requireEachOnce(PostWorld.read(post(request(second))), first, second);
    }

    @Test
    void journalOfWhichNothingIsLeftBeginsAnew() throws Exception {
        Files.writeString(journal(), "00000000 spillway-post 1 abc");
        PostWorld.requireEachOnce(PostWorld.read(post(request(second))), second);
    }

    @Test
    void fileThatHasChangedSinceIsNoticed() throws Exception {
        breakOff(60, request(first));
        Files.writeString(file, "more", StandardOpenOption.APPEND);
        CommandFailure e = fails(request(second));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("Then: file of 2000000 octets"), e.getMessage());
        assertTrue(e.getMessage().contains("Now: file of 2000004 octets"), e.getMessage());
        assertTrue(e.getMessage().contains("--restart"), e.getMessage());
        assertEquals(0, second.connections());
        PostResult anew = post(request(second).withRestart());
        PostWorld.requireEachOnce(PostWorld.read(anew), second);
    }

    @Test
    void otherWishesThanBeforeAreNotMixedUp() throws Exception {
        breakOff(60, request(first));
        CommandFailure e = fails(request(second).withRedundancy(0.2));
        assertTrue(e.getMessage().contains("Then: redundancy 0.1\nNow: redundancy 0.2"),
                e.getMessage());
    }

    @Test
    void twoProcessesDoNotPostTheSame() throws Exception {
        breakOff(60, request(first));
        try (var channel = FileChannel.open(
                        journal(), StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertTrue(lock.isValid());
            CommandFailure e = fails(request(second));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
            assertTrue(e.getMessage().contains("Another process is posting this"), e.getMessage());
        }
    }

    @Test
    void nothingIsLeftBehindWhenNothingWasSent() throws Exception {
        first.close();
        assertEquals(ExitCode.TEMPORARY, fails(impatient(request(first))).exitCode());
        assertFalse(Files.exists(journal()));
    }

    @Test
    void journalStaysWhereAServerThatIsAwayMayHaveAnArticle() throws Exception {
        second.close();
        first.failingPosts(PostFault.STORED_BUT_CUT)
                .greeting(n -> n == 1 ? "200 hello" : "400 going down");
        try (ScriptedServer other = new ScriptedServer().failingAllPosts(PostFault.REFUSED)) {
            fails(impatient(world.request(file, first.address(), other.address()))
                    .withConnections(1));
        }
        assertEquals(1, first.articles().size());
        assertTrue(Files.exists(journal()));
    }

    @Test
    void whatAProcessLeftThatDiedAfterTheManifestIsClearedUp() throws Exception {
        breakOff(103, request(first));
        byte[] left = Files.readAllBytes(journal());
        PostResult result = post(request(second));
        Files.write(journal(), left);
        Files.writeString(folder.resolve("post.nzb.posting.parity"), "parity");
        int connections = second.connections();
        PostResult again = post(request(second));
        assertEquals(connections, second.connections());
        assertEquals(result.nzb(), again.nzb());
        assertEquals(result.articles(), again.articles());
        assertEquals(result.articles(), again.resumedArticles());
        assertEquals(result.bytes(), again.bytes());
        assertEquals(result.parityBytes(), again.parityBytes());
        assertEquals(result.dataSlices(), again.dataSlices());
        try (var files = Files.list(folder)) {
            assertEquals(List.of("in", "post.nzb"),
                    files.map(p -> p.getFileName().toString()).sorted().toList());
        }
        assertTrue(fails(request(second)).getMessage().contains("exists already"));
    }

    @Test
    void manifestOfAnotherPostIsNotTakenForOurs() throws Exception {
        breakOff(60, request(first));
        byte[] left = Files.readAllBytes(journal());
        post(request(second).withRestart());
        Files.write(journal(), left);
        assertTrue(fails(request(second)).getMessage().contains("exists already"));
        assertTrue(Files.exists(journal()));
    }

    private PostRequest request(ScriptedServer server) {
        return world.request(file, server.address());
    }

    /** Where servers are away for good. */
    private static PostRequest impatient(PostRequest request) {
        return request.withTimes(request.timeout(), Duration.ofMillis(500));
    }

    /** Posts until the server, which goes away when it has so many articles, can't be reached. */
    private void breakOff(int articles, PostRequest request) {
        first.closingAt(articles);
        CommandFailure e = fails(impatient(request).withConnections(2));
        assertEquals(ExitCode.TEMPORARY, e.exitCode(), e::toString);
        assertTrue(Files.exists(journal()));
    }

    /** Whatever happened on the way, the set is that of the file. */
    private void requireSameSet(NzbFile nzb) throws Exception {
        try (ScriptedServer other = new ScriptedServer()) {
            Path elsewhere = folder.resolve("elsewhere.nzb");
            PostResult whole = post(request(other).withNzb(elsewhere)
                    .withRedundancy(PostWorld.parity(nzb, first.articles()).recovery().size()
                            / 100.0));
            Par2Archive expected =
                    PostWorld.parity(PostWorld.read(whole), other.articles());
            Par2Archive actual = PostWorld.parity(nzb, first.articles());
            assertEquals(expected.set(), actual.set());
            for (int e : expected.exponents()) {
                assertArrayEquals(bytes(expected.recovery().get(e)),
                        bytes(actual.recovery().get(e)));
            }
            Files.delete(elsewhere);
        }
    }

    private static byte[] bytes(SliceData data) throws IOException {
        byte[] bytes = new byte[(int) data.length()];
        data.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static PostResult post(PostRequest request) throws InterruptedException {
        return new Poster(request, Progress.none()).post();
    }

    private static CommandFailure fails(PostRequest request) {
        return assertThrows(
                CommandFailure.class, () -> new Poster(request, Progress.none()).post());
    }
}
