package net.spillway.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.Wildmat;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Client;
import org.junit.jupiter.api.Test;

/** What a client may do is judged by one configuration, also while another is loaded. */
class ConversationTest {
    private static RelayConfig config(int maxArticle) {
        RelayConfig c = ConfigLoader.embedded(Path.of("nowhere"), HostPort.of("127.0.0.1", 0));
        var peer = new PeerConfig("b", "b", Optional.empty(), List.of(Cidr.parse("192.0.2.1")),
                Optional.empty(), Set.of(), Wildmat.parse("a.*"), maxArticle, FeedConfig.ALL,
                LinkConfig.DEFAULT);
        return new RelayConfig(c.identity(), c.data(), c.listen(), c.tls(), c.groups(), List.of(),
                List.of(), Optional.empty(), List.of(peer), c.spool(), c.limits(), c.lists());
    }

    @Test
    void aPeerIsKnownAsConfiguredWhileItsEntryChanges() {
        RelayConfig before = config(1000);
        RelayConfig after = config(2000);
        RelayParts parts = FlowTable.parts();
        var conversation = new Conversation(new RelayParts(() -> before, parts.spool(),
                parts.intake(), parts.offers(), new AccessControl(() -> after),
                parts.allowances(), parts.logins(), parts.traffic(), parts.feeds(),
                parts.peerSeen(), parts.compressors(), parts.halfSent(), parts.company(),
                parts.reconciliations(), parts.peering(), parts.tlsReady(), parts.reload(),
                parts.clock(), parts.timer()),
                new Client(InetAddress.ofLiteral("192.0.2.1"), false), "x");
        assertEquals(1000, conversation.peer().maxArticle());
        assertEquals(Wildmat.ALL, conversation.sender().files());
    }
}
