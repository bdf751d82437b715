package net.spillway.feed;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
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
 * all, unless others here have been silent for more than half of that and went on: then the way is
 * full, and no other would be faster.
 *
 * <p>Bounded in all and for each session: beyond that the oldest claim lapses, of this session or
 * of all. So a peer that only ever offers can neither fill memory nor lock the others out; a claim
 * that lapses early costs at most that an article is sent twice. Safe for use by many threads.
 */
public final class OfferTable {
    /** How long an offer is good for while nothing at all is sent. */
    public static final Duration DEFAULT_TIME = Duration.ofSeconds(15);
    /** However much is sent, an offer is good for so many times that. */
    private static final int LONGEST = 4;
    /** How long a session may be silent at least before others have their turn. */
    private static final long SILENCE_MILLIS = 1000;
    /** With each article that comes, one part of so many of a silence is forgotten. */
    private static final int FORGOTTEN_PART = 64;
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

    private record Claim(Holder holder, long granted) {
    }

    /** A session that was granted something. */
    private static final class Holder {
        /** Its claims, oldest first. */
        private final LinkedHashSet<MessageId> ids = new LinkedHashSet<>();
        /** When anything came from it, and when anything of an article did. */
        private long heardAt;
        private long sentAt = Long.MIN_VALUE;
        /** How long it may be silent. */
        private long borne;
        /** How many of its claims others got since it was heard. */
        private long passedOn;

        Holder(long borne) {
            this.borne = borne;
        }
    }

    private final InstantSource clock;
    private final long timeMillis;
    private final int capacity;
    private final int perSession;
    /** In the order in which they were granted. */
    private final LinkedHashMap<MessageId, Claim> claims = new LinkedHashMap<>();
    private final Map<String, Holder> holders = new HashMap<>();
    /** Twice the longest silence of any session that went on, of late. */
    private long usualSilence;

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
     * granted it again, but not for longer: else one that only ever offers would lock others out.
     *
     * @param session names the session, not only the peer: its claims end with it
     */
    public synchronized Decision offer(MessageId id, String session) {
        long now = clock.millis();
        dropOldest(now);
        Holder own = holders.get(session);
        if (own != null) {
            heard(own, now);
        }
        Claim claim = claims.get(id);
        if (claim != null && claim.holder() != own) {
            if (!passesOn(claim, now)) {
                return Decision.DEFERRED;
            }
            forget(id, claim);
            claim = null;
        }
        if (own == null) {
            own = new Holder(timeMillis);
            holders.put(session, own);
        }
        own.heardAt = now;
        if (claim != null) {
            own.ids.addLast(id); // Of what one session was granted, this one is the last to lapse.
            return Decision.GRANTED;
        }
        boolean tooMuch = own.ids.size() >= perSession;
        makeRoom(own);
        own.ids.add(id);
        claims.put(id, new Claim(own, now));
        return tooMuch ? Decision.GRANTED_FOR_ANOTHER : Decision.GRANTED;
    }

    /** A part of an article has come in. */
    public synchronized void sends(String session) {
        Holder holder = holders.get(session);
        if (holder != null) {
            long now = clock.millis();
            heard(holder, now);
            holder.sentAt = now;
        }
    }

    private void heard(Holder holder, long now) {
        long silent = now - holder.heardAt;
        if (!holder.ids.isEmpty()) {
            holder.borne = Math.max(holder.borne, Math.min(timeMillis, 2 * silent));
            usualSilence = Math.max(usualSilence, Math.min(LONGEST * timeMillis, 2 * silent));
        }
        holder.heardAt = now;
        holder.passedOn = 0;
    }

    /** Whether somebody else is to have the turn of whoever was granted it. */
    private boolean passesOn(Claim claim, long now) {
        Holder holder = claim.holder();
        if (isUp(claim, now)) {
            return true;
        }
        long times = (now - holder.heardAt) / holder.borne;
        if (times <= 0 || holder.passedOn >= (1L << Math.min(times, Integer.SIZE)) - 1) {
            return false;
        }
        holder.passedOn++;
        return true;
    }

    private boolean isUp(Claim claim, long now) {
        return now - Math.max(claim.granted(), claim.holder().sentAt)
                >= Math.max(timeMillis, usualSilence);
    }

    /** The article has been stored or refused: history answers from now on. */
    public synchronized void settled(MessageId id) {
        Claim claim = claims.get(id);
        if (claim != null) {
            forget(id, claim);
            Holder holder = claim.holder();
            holder.borne = Math.max(SILENCE_MILLIS,
                    holder.borne - holder.borne / FORGOTTEN_PART);
            usualSilence -= usualSilence / FORGOTTEN_PART;
        }
    }

    /** The session failed to send the article: the next one that offers it has its turn. */
    public synchronized void failed(MessageId id, String session) {
        Claim claim = claims.get(id);
        if (claim != null && claim.holder() == holders.get(session)) {
            forget(id, claim);
        }
    }

    /** The session is over: whatever it was granted is open to the others. */
    public synchronized void sessionEnded(String session) {
        Holder ended = holders.remove(session);
        if (ended != null) {
            ended.ids.forEach(claims::remove);
        }
    }

    /** How many offers are open, those not counted whose time is up. */
    public synchronized int size() {
        long now = clock.millis();
        dropOldest(now);
        return (int) claims.values().stream().filter(claim -> !isUp(claim, now)).count();
    }

    private void makeRoom(Holder own) {
        if (own.ids.size() >= perSession) {
            claims.remove(own.ids.removeFirst());
        } else if (claims.size() >= capacity) {
            Map.Entry<MessageId, Claim> oldest = claims.firstEntry();
            forget(oldest.getKey(), oldest.getValue());
        }
    }

    private void dropOldest(long now) {
        for (Map.Entry<MessageId, Claim> oldest = claims.firstEntry();
                oldest != null && now - oldest.getValue().granted() >= LONGEST * timeMillis;
                oldest = claims.firstEntry()) {
            forget(oldest.getKey(), oldest.getValue());
        }
    }

    private void forget(MessageId id, Claim claim) {
        claims.remove(id);
        claim.holder().ids.remove(id);
    }
}
