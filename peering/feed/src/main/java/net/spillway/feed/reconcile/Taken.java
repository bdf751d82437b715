package net.spillway.feed.reconcile;

import java.io.IOException;
import java.util.Optional;
import net.spillway.conf.Wildmat;

/** What a peer takes from us, as far as it tells: XRECON says so before it compares. */
public final class Taken {
    /** A time in which there are no articles, so that nothing is gathered: seconds since 1970. */
    private static final long NEVER = 99_999_999_999L;

    private Taken() {
    }

    /**
     * Asks for it.
     *
     * @return the groups; empty if the peer does not tell, or not now
     * @throws IOException if the conversation ends
     */
    public static Optional<Wildmat> by(PeerTalk talk) throws IOException {
        XreconClient client = new XreconClient(talk);
        if (!client.isOffered()) {
            return Optional.empty();
        }
        Optional<Wildmat> taken = client.taken(
                new Scope(NEVER - 1, NEVER, Wildmat.ALL, Wildmat.ALL, Long.MAX_VALUE));
        if (taken.isPresent()) {
            talk.ask("XRECON CLOSE");
        }
        return taken;
    }
}
