package net.spillway.feed;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import net.spillway.protocol.MessageId;

/**
 * Lets one of several peers that offer us the same article send it. Whoever offers it first, by
 * CHECK, IHAVE or TAKETHIS, has the right to send it until the article is settled, the session
 * fails or ends, or its time is up; the others are told to come again (431, 436), and the first
 * that does so after that has its turn. The table knows nothing of what is stored: ask the history
 * first.
 *
 * <p>A session that sends keeps what it was granted, however narrow the way, for a minute at most.
 * One that says nothing loses its turn: one article at first, then ever more, since it may only be
 * slow, and what comes of it after all comes twice. It does so after a second if that is unlike it;
 * if it has been silent before, after twice the longest such silence, and if little has come from
 * it, after a quarter of a minute. That is also the time after which one that sends nothing loses
 * all. What it sends and nobody could take is not to its credit; and what it leaves out, sending
 * what it asked for later, others may have in a second. And of one from which nothing has come for a
 * second, one article is another's turn, whatever is known of it, to see whether it hangs:
 * {@link OfferProbes}.
 *
 * <p>But where a way is full, many peers are silent, and what they send takes long. So nobody loses
 * its turn sooner than after twice the time that a quarter of the other peers, and two at least,
 * have been silent of late, or after the quarter of a minute, four times that which their articles
 * took: none of those others would be faster. And where so many needed more than a second, those
 * that are silent now most likely are not failing either: who is silent, too, is waited for for
 * twice as long as they are, a minute at most.
 *
 * <p>Whoever loses its turn, in whatever way, has no other before those that were put off for its
 * sake have had theirs: {@link OfferContest}.
 *
 * <p>Bounded in all and for each session: beyond that the oldest claim lapses, of this session, or
 * of the peer that has the most. So a peer that only ever offers cannot fill memory, nor take room
 * from others; a claim that lapses early costs at most that an article is sent twice. Safe for use
 * by many threads.
 */
public final class OfferTable {
    /** How long an offer is good for while nothing at all is sent. */
    public static final Duration DEFAULT_TIME = Duration.ofSeconds(15);
    /** However much is sent, an offer is good for so many times that. */
    private static final int LONGEST = 4;
    private static final int PART_OF_PEERS = 4;
    /** One of several that share a full way may stand still so many times as long as others. */
    private static final int SLOWER = 4;
    private static final int FEWEST_PEERS = 2;
    /** The most offers remembered, some 20 MB; and as much of who waits, where all are contested. */
    public static final int DEFAULT_CAPACITY = 65_536;
    /** The most offers one session may have open; more than any window we know of. */
    public static final int DEFAULT_PER_SESSION = 4_096;

    /** The answer to an offer. */
    public enum Decision {
        /** This session may send the article (238, 335). */
        GRANTED,
        /** The same; but it has offered so much without sending that its oldest claim lapsed. */
        GRANTED_FOR_ANOTHER,
        /** Somebody else is about to send it: come again (431, 436). */
        DEFERRED
    }

    /** @param leftOutAt when its holder sent what it had asked for later; or the end of time */
    private record Claim(OfferHolder holder, long granted, long leftOutAt) {
        Claim(OfferHolder holder, long granted) {
            this(holder, granted, Long.MAX_VALUE);
        }

        Claim leftOut(long now) {
            return new Claim(holder, granted, Math.min(leftOutAt, now));
        }
    }

    private final InstantSource clock;
    private final long timeMillis;
    private final int capacity;
    private final int perSession;
    /** In the order in which they were granted. */
    private final LinkedHashMap<MessageId, Claim> claims = new LinkedHashMap<>();
    private final Map<String, OfferHolder> holders = new HashMap<>();
    private final Map<String, OfferPeer> peers = new HashMap<>();
    private final OfferProbes probes;
    /** Of articles for which somebody was put off; what was touched last comes last. */
    private final LinkedHashMap<MessageId, OfferContest> contests =
            new LinkedHashMap<>(16, 0.75f, true);

    /** A table with the default bounds. */
    public OfferTable(InstantSource clock) {
        this(clock, DEFAULT_TIME, DEFAULT_CAPACITY, DEFAULT_PER_SESSION);
    }

    /** A table that keeps each claim for the given time and bounds their number. */
    public OfferTable(InstantSource clock, Duration time, int capacity, int perSession) {
        this.clock = clock;
        this.timeMillis = time.toMillis();
        this.capacity = capacity;
        this.perSession = perSession;
        this.probes = new OfferProbes(LONGEST * timeMillis);
    }

    /**
     * An article that we lack is offered. A session that offers again what it was granted is
     * granted it again, but not for longer: else one that only ever offers would lock others out.
     *
     * @param session names the session, not only the peer: its claims end with it
     * @param peer names the peer, of which there may be several sessions
     */
    public synchronized Decision offer(MessageId id, String session, String peer) {
        long now = clock.millis();
        Decision decision = claim(id, session, peer, now);
        if (decision != Decision.DEFERRED) {
            holders.get(session).asks(id);
        }
        return decision;
    }

    /**
     * An article begins to come, asked for or not. It comes whatever we say; others who offer it
     * meanwhile need not send it too, unless they waited for it and this one has had its turn.
     */
    public synchronized void begins(MessageId id, String session, String peer) {
        long now = clock.millis();
        claim(id, session, peer, now);
        OfferHolder own = holders.get(session);
        if (own == null) {
            return;
        }
        for (MessageId leftOut : own.begins(id)) {
            claims.computeIfPresent(leftOut, (i, claim) -> claim.leftOut(now));
        }
        own.sends(now);
    }

    private Decision claim(MessageId id, String session, String peer, long now) {
        dropOldest(now);
        heard(session, peer, now);
        OfferHolder own = holders.get(session);
        Claim claim = claims.get(id);
        if (claim != null && claim.holder() == own) {
            own.ids.addLast(id); // Of what one session was granted, this one is the last to lapse.
            return Decision.GRANTED;
        }
        if (!hasItsTurn(id, claim, peer, now)) {
            if (claim == null || !claim.holder().peer().name().equals(peer)) {
                putOff(id, peer, now); // Who waits for itself is kept from nothing by another.
            }
            return Decision.DEFERRED;
        }
        own = holders.computeIfAbsent(session, name -> new OfferHolder(peers.computeIfAbsent(
                peer, p -> new OfferPeer(p, probes)), timeMillis, now));
        own.heard(now);
        boolean tooMuch = makeRoom(own, now);
        own.ids.add(id);
        claims.put(id, new Claim(own, now));
        return tooMuch ? Decision.GRANTED_FOR_ANOTHER : Decision.GRANTED;
    }

    private void heard(String session, String peer, long now) {
        OfferHolder own = holders.get(session);
        if (own != null) {
            own.heard(now);
        } else if (peers.containsKey(peer)) {
            peers.get(peer).heard(now);
        }
    }

    /** Whether a peer may send what nobody was granted, or somebody else was: then that loses it. */
    private boolean hasItsTurn(MessageId id, Claim claim, String peer, long now) {
        OfferContest contest = contests.get(id);
        String holder = claim == null ? "" : claim.holder().peer().name();
        if (contest != null && !contest.admits(peer, holder, now)) {
            return false;
        }
        if (claim == null) {
            return true;
        }
        if (!isUp(claim, now) && !passesOn(id, claim, now)) {
            return false;
        }
        lose(id, claim, now);
        return true;
    }

    private void putOff(MessageId id, String peer, long now) {
        contests.computeIfAbsent(id, i -> new OfferContest()).putOff(peer, now);
        if (contests.size() > capacity) {
            contests.pollFirstEntry();
        }
    }

    /** A part of an article has come in. */
    public synchronized void sends(String session) {
        OfferHolder holder = holders.get(session);
        if (holder != null) {
            holder.sends(clock.millis());
        }
    }

    /** Whether somebody else is to have the turn of whoever was granted it, and is silent. */
    private boolean passesOn(MessageId id, Claim claim, long now) {
        OfferHolder holder = claim.holder();
        OfferPeer peer = holder.peer();
        long silence = peer.silence(claim.granted(), now);
        boolean silent = holder.isSilent(now);
        if (!silent && probes.isTooEarly(peer, silence, now)) {
            return false;
        }
        long others = silenceNow(peer, now);
        if (silent && holder.passesOn(2 * others, now)) {
            probes.begins(id, peer, now); // Also of a session alone: on a full way all are slow.
            return true;
        }
        return probes.passesOn(id, peer, silence,
                usual(peer, other -> other.longestSilence(now)), others, now);
    }

    private boolean isUp(Claim claim, long now) {
        if (now >= claim.leftOutAt()) {
            return now - claim.leftOutAt() >= OfferHolder.SILENCE_MILLIS;
        }
        OfferHolder holder = claim.holder();
        long since = now - Math.max(claim.granted(), holder.sentAt());
        if (since < timeMillis) {
            return false;
        }
        long silence = usual(holder.peer(), peer -> peer.longestSilence(now));
        long took = usual(holder.peer(), peer -> peer.longestTook(now));
        if (holder.isSilent(now) && Math.max(silence, took) >= OfferHolder.SILENCE_MILLIS) {
            silence = silenceNow(holder.peer(), now); // The way is full: others will go on, too.
        }
        return since >= 2 * silence && since >= SLOWER * took;
    }

    private long usual(OfferPeer but, ToLongFunction<OfferPeer> time) {
        return usual(peers.values().stream().filter(peer -> peer != but)
                .mapToLong(time).boxed().toList());
    }

    /** The usual silence, those counted that have not ended yet: maybe they are failures. */
    private long silenceNow(OfferPeer but, long now) {
        Map<OfferPeer, Long> silences = new HashMap<>();
        peers.values().forEach(peer -> silences.put(peer, peer.longestSilence(now)));
        holders.values().forEach(holder -> silences.merge(
                holder.peer(), holder.silence(now), Math::max));
        silences.remove(but);
        return usual(silences.values());
    }

    /** What a quarter of these, and two at least, come up to. */
    private static long usual(Collection<Long> times) {
        int needed = Math.max(FEWEST_PEERS, Math.ceilDiv(times.size(), PART_OF_PEERS));
        return times.stream().sorted(Comparator.reverseOrder()).skip(needed - 1L).findFirst()
                .orElse(0L);
    }

    /** The article has been stored, or was there: history answers from now on. */
    public synchronized void settled(MessageId id, String session) {
        OfferHolder own = holders.get(session);
        Claim claim = claims.get(id);
        contests.remove(id);
        if (claim != null) {
            forget(id, claim);
            if (claim.holder() == own) {
                long now = clock.millis();
                probes.arrived(id, now);
                own.delivered(now - claim.granted(), now);
            }
        }
    }

    /**
     * What the session sent could not be taken: the next one that offers it has its turn.
     *
     * @param inVain whether nobody could have taken it; else what that took is to its credit
     */
    public synchronized void failed(MessageId id, String session, boolean inVain) {
        OfferHolder own = holders.get(session);
        if (own == null) {
            return;
        }
        if (inVain) {
            own.sentInVain();
        }
        Claim claim = claims.get(id);
        if (claim != null && claim.holder() == own) {
            lose(id, claim, clock.millis());
        }
    }

    /** The session is over: whatever it was granted is open to the others. */
    public synchronized void sessionEnded(String session) {
        OfferHolder ended = holders.remove(session);
        if (ended != null) {
            long now = clock.millis();
            List.copyOf(ended.ids).forEach(id -> lose(id, claims.get(id), now));
            if (holders.values().stream().noneMatch(other -> other.peer() == ended.peer())) {
                ended.peer().isGone(now);
            }
            peers.values().removeIf(peer -> peer.isForgotten(now)
                    && holders.values().stream().noneMatch(other -> other.peer() == peer));
        }
    }

    /** How many offers are open, those not counted whose time is up. */
    public synchronized int size() {
        long now = clock.millis();
        dropOldest(now);
        return (int) claims.values().stream().filter(claim -> !isUp(claim, now)).count();
    }

    /** No peer loses a claim to another that has more; whether the one that wants room did. */
    private boolean makeRoom(OfferHolder own, long now) {
        if (own.ids.size() >= perSession) {
            loseOldest(own, now);
            return true;
        }
        if (claims.size() < capacity) {
            return false;
        }
        OfferHolder largest = largest();
        loseOldest(largest, now);
        return largest.peer() == own.peer();
    }

    /** The session with the most claims of the peer with the most; of several the oldest's. */
    private OfferHolder largest() {
        Map<OfferPeer, Integer> held = new HashMap<>();
        holders.values().forEach(
                holder -> held.merge(holder.peer(), holder.ids.size(), Integer::sum));
        int most = held.values().stream().max(Integer::compare).orElseThrow();
        OfferHolder oldest = claims.firstEntry().getValue().holder();
        return held.get(oldest.peer()) == most ? oldest : holders.values().stream()
                .filter(holder -> held.get(holder.peer()) == most)
                .max(Comparator.comparing(holder -> holder.ids.size())).orElseThrow();
    }

    private void loseOldest(OfferHolder holder, long now) {
        MessageId oldest = holder.ids.getFirst();
        lose(oldest, claims.get(oldest), now);
    }

    private void dropOldest(long now) {
        for (Map.Entry<MessageId, Claim> oldest = claims.firstEntry();
                oldest != null && now - oldest.getValue().granted() >= LONGEST * timeMillis;
                oldest = claims.firstEntry()) {
            lose(oldest.getKey(), oldest.getValue(), now);
        }
        while (!contests.isEmpty() && contests.firstEntry().getValue().isOver(now)) {
            contests.pollFirstEntry();
        }
    }

    /** A claim ends, and the article has not come. */
    private void lose(MessageId id, Claim claim, long now) {
        forget(id, claim);
        OfferContest contest = contests.get(id);
        if (contest != null) {
            contest.lost(claim.holder().peer().name(), now);
        }
    }

    private void forget(MessageId id, Claim claim) {
        claims.remove(id);
        claim.holder().forget(id);
    }
}
