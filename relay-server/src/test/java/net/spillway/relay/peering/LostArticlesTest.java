package net.spillway.relay.peering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;

class LostArticlesTest {
    private static final List<PeerConfig> PEERS =
            List.of(PeerConfig.sendingTo("bee", HostPort.of("127.0.0.1", 1)));
    private static final MessageId ONE = MessageId.of("<1@x.example>");
    private static final MessageId TWO = MessageId.of("<2@x.example>");

    private final Set<MessageId> here = new HashSet<>();
    private final List<MessageId> expected = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    private PeerTalk call(PeerConfig peer) throws IOException {
        return ScriptedPeer.talk("200 hello", line -> {
            if (line.startsWith("XSPILLWAY WANT ")) {
                asked.add(line.substring("XSPILLWAY WANT ".length()));
                return List.of(line.endsWith(ONE.value()) ? "290 it comes" : "490 not here");
            }
            return List.of("205 bye");
        }, Optional.empty(), Optional.empty());
    }

    private LostArticles lost() {
        return new LostArticles(this::call, expected::add, here::contains);
    }

    @Test
    void whatWasPromisedIsWantedUntilItIsHere() {
        LostArticles lost = lost();
        lost.add(ONE);
        assertEquals(List.of(ONE), expected, "it is taken again, whoever brings it");
        for (int i = 0; i < LostArticles.PATIENCE_STEPS; i++) {
            lost.step(PEERS);
        }
        assertEquals(List.of(ONE.value()), asked, "it is on its way");
        lost.step(PEERS);
        assertEquals(List.of(ONE.value(), ONE.value()), asked, "it had not come");
        here.add(ONE);
        for (int i = 0; i <= LostArticles.PATIENCE_STEPS; i++) {
            lost.step(PEERS);
        }
        assertEquals(2, asked.size());
    }

    @Test
    void whatNobodyHasIsAskedForAgainLaterAndHoldsUpNothingElse() {
        LostArticles lost = lost();
        lost.add(TWO);
        lost.step(PEERS);
        lost.add(ONE);
        lost.step(PEERS);
        assertEquals(List.of(TWO.value(), ONE.value()), asked);
        here.add(ONE);
        for (int i = 0; i < LostArticles.PATIENCE_STEPS; i++) {
            lost.step(PEERS);
        }
        assertEquals(List.of(TWO.value(), ONE.value(), TWO.value()), asked);
    }
}
