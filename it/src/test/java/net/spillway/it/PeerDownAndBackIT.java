package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerDownAndBackIT {
    private static final String GROUP = "it.talk";

    @TempDir
    Path temp;
    private Federation federation;
    private RelayProcess a;
    private RelayProcess b;
    private FaultyLink link;
    private final List<TestArticle> posted = new ArrayList<>();

    @BeforeEach
    void startTwoRelays() throws Exception {
        federation = new Federation(temp);
        a = federation.add("a", GROUP);
        b = federation.add("b", GROUP);
        link = federation.feed("a", "b");
        federation.start();
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    private void post(int count) throws Exception {
        posted.addAll(Copies.post(a, GROUP, 1000 + posted.size(), count));
    }

    @Test
    void peerThatWasAwayGetsEverythingItMissedOnce() throws Exception {
        post(20);
        Copies.awaitAll(federation, b, GROUP, posted);
        assertEquals(0, b.stop(), b::log);
        post(60);
        b.start();
        Copies.awaitAll(federation, b, GROUP, posted);
        assertEquals(80, Copies.feedFigure(a, "b", "accepted"));
    }

    @Test
    void peerThatWasKilledWhileBeingFedGetsEverythingOnce() throws Exception {
        post(150);
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .until(() -> Copies.feedFigure(a, "b", "accepted") > 0);
        b.kill();
        post(50);
        b.start();
        Copies.awaitAll(federation, b, GROUP, posted);
    }

    @Test
    void feederThatWasKilledGoesOnWhereItWas() throws Exception {
        link.refuse();
        post(80);
        a.kill();
        link.restore();
        a.start();
        post(20);
        Copies.awaitAll(federation, b, GROUP, posted);
    }

    @Test
    void feederThatIsStoppedAndStartedOffersNothingAgain() throws Exception {
        post(40);
        Copies.awaitAll(federation, b, GROUP, posted);
        assertEquals(0, a.stop(), a::log);
        a.start();
        post(10);
        Copies.awaitAll(federation, b, GROUP, posted);
        assertEquals(10, Copies.feedFigure(a, "b", "offered"));
    }

    @Test
    void linkThatIsCutAgainAndAgainLosesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            post(40);
            link.cut();
        }
        Copies.awaitAll(federation, b, GROUP, posted);
    }

    @Test
    void linkThatStallsForAWhileLosesNothing() throws Exception {
        post(10);
        link.stall();
        post(40);
        link.restore();
        post(10);
        Copies.awaitAll(federation, b, GROUP, posted);
    }
}
