package net.spillway.feed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who wants to send one article: the peers that were put off for another's sake, and those that had
 * their turn and lost it. As long as any of the former has not had a turn, none of the latter has
 * another: else one that only ever offers could keep the article from coming by others.
 *
 * <p>Both are forgotten after a while, since whoever was put off may never come again.
 */
final class OfferContest {
    /** Our own feeds ask again once a minute at least, innfeed after five seconds. */
    static final long REMEMBERED_MILLIS = 75_000;
    /** Of each kind; the oldest are forgotten. */
    private static final int MOST_PEERS = 16;

    private final Map<String, Long> putOffAt = new LinkedHashMap<>();
    private final Map<String, Long> lostAt = new LinkedHashMap<>();

    /** A peer has to wait because it is another's turn. */
    void putOff(String peer, long now) {
        note(putOffAt, peer, now);
    }

    /** A peer had its turn, and nothing came of it. */
    void lost(String peer, long now) {
        note(lostAt, peer, now);
    }

    private static void note(Map<String, Long> times, String peer, long now) {
        times.remove(peer);
        times.put(peer, now);
        if (times.size() > MOST_PEERS) {
            times.remove(times.keySet().iterator().next());
        }
    }

    /**
     * Whether a peer may have a turn.
     *
     * @param holder whose turn it is or was, which is as good as lost
     */
    boolean admits(String peer, String holder, long now) {
        boolean hadItsTurn = peer.equals(holder) || isRecent(lostAt.get(peer), now);
        return !hadItsTurn || putOffAt.entrySet().stream()
                .noneMatch(other -> !other.getKey().equals(holder)
                        && !isRecent(lostAt.get(other.getKey()), now)
                        && isRecent(other.getValue(), now));
    }

    /** Whether nobody would be kept from anything by it. */
    boolean isOver(long now) {
        return putOffAt.values().stream().noneMatch(at -> isRecent(at, now));
    }

    private static boolean isRecent(Long at, long now) {
        return at != null && now - at < REMEMBERED_MILLIS;
    }
}
