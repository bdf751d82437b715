package net.spillway.feed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who wants to send one article: the peers that were put off for another's sake, and those that had
 * their turn and lost it. As long as any of the former has not had a turn, none of the latter has
 * another: else one that only ever offers could keep the article from coming by others.
 *
 * <p>Both are forgotten after a while. Whoever was put off may never come again: it is waited for
 * in vain for as long as the first time it may take, or somewhat more than twice as long as it has
 * waited before it asked last, since whoever waits ever longer doubles that at most. Of two
 * sessions of a peer that ask soon after each other, the one that comes again later counts.
 */
final class OfferContest {
    /** Our own feeds ask again once a minute at least, innfeed after five seconds. */
    static final long REMEMBERED_MILLIS = 75_000;
    /** Our own feeds ask for the second time after a quarter of a minute at most. */
    static final long FIRST_MILLIS = 20_000;
    /** Of each kind; the oldest are forgotten. */
    private static final int MOST_PEERS = 16;

    /** @param until when it is not waited for any more if it has not come again */
    private record PutOff(long at, long until) {
    }

    private final Map<String, PutOff> putOff = new LinkedHashMap<>();
    private final Map<String, Long> lostAt = new LinkedHashMap<>();

    /** A peer has to wait because it is another's turn. */
    void putOff(String peer, long now) {
        PutOff before = putOff.get(peer);
        boolean isAwaited = before != null && now < before.until();
        long waited = isAwaited ? now - before.at() : 0;
        long until = now + Math.clamp(waited * 5 / 2, FIRST_MILLIS, REMEMBERED_MILLIS);
        note(putOff, peer, new PutOff(now, isAwaited ? Math.max(until, before.until()) : until));
    }

    /** A peer had its turn, and nothing came of it. */
    void lost(String peer, long now) {
        note(lostAt, peer, now);
    }

    private static <T> void note(Map<String, T> times, String peer, T time) {
        times.remove(peer);
        times.put(peer, time);
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
        return !hadItsTurn || putOff.entrySet().stream()
                .noneMatch(other -> !other.getKey().equals(holder)
                        && !isRecent(lostAt.get(other.getKey()), now)
                        && now < other.getValue().until());
    }

    /** Whether nobody would be kept from anything by it. */
    boolean isOver(long now) {
        return putOff.values().stream().noneMatch(other -> now < other.until());
    }

    private static boolean isRecent(Long at, long now) {
        return at != null && now - at < REMEMBERED_MILLIS;
    }
}
