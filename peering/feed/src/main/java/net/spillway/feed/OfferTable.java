package net.spillway.feed;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import net.spillway.protocol.MessageId;

/**
 * Lets one of several peers that offer us the same article send it. Whoever offers it first, by
 * CHECK, IHAVE or TAKETHIS, has the right to send it until the article is settled, the time is up
 * or its session ends; the others are told to come again (431, 436), and the first that does so
 * after that has its turn. The table knows nothing of what is stored: ask the history first.
 *
 * <p>Bounded in all and for each session: beyond that the oldest claim lapses, of this session or
 * of all. So a peer that only ever offers can neither fill memory nor lock the others out; a claim
 * that lapses early costs at most that an article is sent twice. Safe for use by many threads.
 */
public final class OfferTable {
    /** How long an offer is good for. Long enough for a large article behind others. */
    public static final Duration DEFAULT_TIME = Duration.ofSeconds(15);
    /** The most offers remembered, some 20 MB. */
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

    private record Claim(String session, long deadline) {
    }

    private final InstantSource clock;
    private final long timeMillis;
    private final int capacity;
    private final int perSession;
    /** In the order of the deadlines, since every claim lasts equally long. */
    private final LinkedHashMap<MessageId, Claim> claims = new LinkedHashMap<>();
    /** The claims of each session, oldest first. */
    private final Map<String, LinkedHashSet<MessageId>> bySession = new HashMap<>();

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
    }

    /**
     * An article that we lack is offered. A session that offers again what it was granted is
     * granted it again, for the full time.
     *
     * @param session names the session, not only the peer: its claims end with it
     */
    public synchronized Decision offer(MessageId id, String session) {
        long now = clock.millis();
        dropExpired(now);
        Claim claim = claims.get(id);
        if (claim != null && !claim.session().equals(session)) {
            return Decision.DEFERRED;
        }
        LinkedHashSet<MessageId> own =
                bySession.computeIfAbsent(session, s -> new LinkedHashSet<>());
        boolean tooMuch = claim == null && own.size() >= perSession;
        if (claim == null) {
            makeRoom(own);
            own.add(id);
        } else {
            claims.remove(id);
            own.addLast(id);
        }
        claims.put(id, new Claim(session, now + timeMillis));
        return tooMuch ? Decision.GRANTED_FOR_ANOTHER : Decision.GRANTED;
    }

    /** The article has been stored or refused: history answers from now on. */
    public synchronized void settled(MessageId id) {
        Claim claim = claims.remove(id);
        if (claim != null) {
            forget(id, claim.session());
        }
    }

    /** The session failed to send the article: the next one that offers it has its turn. */
    public synchronized void failed(MessageId id, String session) {
        Claim claim = claims.get(id);
        if (claim != null && claim.session().equals(session)) {
            settled(id);
        }
    }

    /** The session is over: whatever it was granted is open to the others. */
    public synchronized void sessionEnded(String session) {
        Set<MessageId> ids = bySession.remove(session);
        if (ids != null) {
            ids.forEach(claims::remove);
        }
    }

    /** How many offers are open, expired ones not counted. */
    public synchronized int size() {
        dropExpired(clock.millis());
        return claims.size();
    }

    private void makeRoom(LinkedHashSet<MessageId> own) {
        if (own.size() >= perSession) {
            claims.remove(own.removeFirst());
        } else if (claims.size() >= capacity) {
            Map.Entry<MessageId, Claim> oldest = claims.pollFirstEntry();
            Set<MessageId> theirs = bySession.get(oldest.getValue().session());
            theirs.remove(oldest.getKey());
            if (theirs.isEmpty() && theirs != own) {
                bySession.remove(oldest.getValue().session());
            }
        }
    }

    private void dropExpired(long now) {
        Iterator<Map.Entry<MessageId, Claim>> oldest = claims.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<MessageId, Claim> entry = oldest.next();
            if (entry.getValue().deadline() > now) {
                return;
            }
            oldest.remove();
            forget(entry.getKey(), entry.getValue().session());
        }
    }

    private void forget(MessageId id, String session) {
        Set<MessageId> ids = bySession.get(session);
        if (ids != null && ids.remove(id) && ids.isEmpty()) {
            bySession.remove(session);
        }
    }
}
