package net.spillway.feed.reconcile;

import java.io.IOException;
import java.util.Optional;
import net.spillway.conf.Wildmat;

/**
 * What a peer takes from us, as far as it tells: XRECON says so before it compares.
 *
 * @param tells whether it is a peer that tells
 * @param groups which groups; empty if it does not tell, or not just now
 */
public record Taken(boolean tells, Optional<Wildmat> groups) {
    /** A time in which there are no articles, so that nothing is gathered: seconds since 1970. */
    private static final long NEVER = 99_999_999_999L;

    /**
     * Asks for it.
     *
     * @throws IOException if the conversation ends
     */
    public static Taken by(PeerTalk talk) throws IOException {
        XreconClient client = new XreconClient(talk);
        if (!client.isOffered()) {
            return new Taken(false, Optional.empty());
        }
        Optional<Wildmat> taken = client.taken(
                new Scope(NEVER - 1, NEVER, Wildmat.ALL, Wildmat.ALL, Long.MAX_VALUE));
        if (taken.isPresent()) {
            talk.ask("XRECON CLOSE");
        }
        return new Taken(true, taken);
    }
}
