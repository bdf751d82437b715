package net.spillway.it;

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
import java.util.Optional;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Posting to servers that misbehave: it ends with everything posted once, or says honestly why. */
class PostFaultsTest {
    private static final int FAULTS = 3;

    @TempDir
    Path temp;
    private FaultServer server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        server = new FaultServer();
        file = Folders.file(temp.resolve("file.bin"), 1, 400_000);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** All but what is lost after it was acknowledged, which only mirrors can tell. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOST_AFTER_ACKNOWLEDGEMENT")
    void postedArticlesArriveOnceWhateverHappensToSome(PostFault fault) throws Exception {
        server.onPost(some(fault));
        requireAllOnce(post(request(server)), fault);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOST_AFTER_ACKNOWLEDGEMENT")
    void streamedArticlesArriveOnceWhateverHappensToSome(PostFault fault) throws Exception {
        server.streaming().onPost(some(fault));
        requireAllOnce(post(request(server)), fault);
    }

    /** Each of the ways in which an offer can go wrong that IHAVE has of its own. */
    @ParameterizedTest
    @EnumSource(names = {"STORED_BUT_CUT", "CUT", "STORED_BUT_REFUSED", "REFUSED", "REFUSE_400",
        "LATE"})
    void offeredArticlesArriveOnceWhateverHappensToSome(PostFault fault) throws Exception {
        server.onPost(some(fault));
        requireAllOnce(post(request(server).withMethod(PostRequest.Method.IHAVE)), fault);
        assertEquals(0, server.posted(), "by POST");
    }

    @Test
    void articlesLostAfterTheyWereAcknowledgedArePostedAgainWhereMirrorsAreAsked()
            throws Exception {
        server.onPost(some(PostFault.LOST_AFTER_ACKNOWLEDGEMENT));
        try (FaultServer mirror = new FaultServer(server.articles())) {
            PostResult result = post(request(server).withConfirm(new PostRequest.Confirm(
                    1, List.of(address(mirror)), Duration.ofSeconds(6))));
            assertEquals(result.articles(), server.articles().size());
        }
    }

    @Test
    void articlesThatAreAlwaysRefusedEndItWithTheServersWords() {
        server.onPost(FaultServer.Script.always(PostFault.REFUSED));
        CommandFailure e = fails(request(server));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("441"), e.getMessage());
    }

    @Test
    void serverThatLetsNobodyPostIsNotTriedForLong() {
        server.onPost(FaultServer.Script.always(PostFault.NOT_ALLOWED));
        CommandFailure e = fails(request(server));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("440"), e.getMessage());
        assertFalse(Files.exists(temp.resolve("post.nzb")));
    }

    @Test
    void allServersDownIsTemporary() throws Exception {
        try (FaultServer second = new FaultServer()) {
            server.down();
            second.down();
            CommandFailure e = fails(request(server, second));
            assertEquals(ExitCode.TEMPORARY, e.exitCode());
        }
    }

    @Test
    void serverThatNeverGreetsIsPassedOver() throws Exception {
        server.greeting("");
        try (FaultServer second = new FaultServer()) {
            PostResult result = post(request(server, second));
            assertEquals(result.articles(), second.articles().size());
        }
    }

    @Test
    void theNextServerTakesOverWhenOneHangsInTheMiddle() throws Exception {
        server.onPost(r -> r.inAll() > 5 ? Optional.of(PostFault.HANG)
                : Optional.empty());
        try (FaultServer second = new FaultServer()) {
            PostResult result = post(request(server, second));
            Manifest manifest = Manifest.read(result.nzb());
            for (String id : manifest.all()) {
                assertTrue(server.articles().containsKey(id)
                        != second.articles().containsKey(id), id);
            }
        }
    }

    @Test
    void serverWithoutStatCostsNoMoreThanASecondTry() throws Exception {
        server.withoutStat().onPost(some(PostFault.STORED_BUT_CUT));
        PostResult result = post(request(server));
        assertEquals(result.articles(), server.articles().size());
    }

    private static FaultServer.Script<PostFault> some(PostFault fault) {
        PostFault[] faults = new PostFault[FAULTS];
        Arrays.fill(faults, fault);
        return FaultServer.Script.first(faults);
    }

    private void requireAllOnce(PostResult result, PostFault fault) throws IOException {
        List<String> ids = Manifest.read(result.nzb()).all();
        assertEquals(ids.size(), server.articles().size());
        for (String id : ids) {
            assertTrue(server.articles().containsKey(id), id);
            int times = server.received().get(id).get();
            boolean again = fault == PostFault.CUT || fault == PostFault.REFUSED
                    || fault == PostFault.HANG || fault.name().startsWith("REFUSE_")
                    || fault == PostFault.NOT_ALLOWED;
            assertTrue(times == 1 || again && times <= 1 + FAULTS, id + " came " + times);
        }
    }

    private PostRequest request(FaultServer... servers) {
        return PostRequest.of(List.of(file),
                        Arrays.stream(servers).map(PostFaultsTest::address).toList(),
                        List.of("it.faults"))
                .withPartSize(20_000).withConnections(3).withNzb(temp.resolve("post.nzb"))
                .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(6));
    }

    private static ServerAddress address(FaultServer server) {
        return ServerAddress.plain("127.0.0.1", server.address().getPort());
    }

    private static PostResult post(PostRequest request) throws InterruptedException {
        return new Poster(request, Progress.none()).post();
    }

    private static CommandFailure fails(PostRequest request) {
        return assertThrows(
                CommandFailure.class, () -> new Poster(request, Progress.none()).post());
    }
}
