package net.spillway.feed;

import static net.spillway.protocol.ReplyCode.CHECK_LATER;
import static net.spillway.protocol.ReplyCode.CHECK_SEND;
import static net.spillway.protocol.ReplyCode.CHECK_UNWANTED;
import static net.spillway.protocol.ReplyCode.SYNTAX_ERROR;
import static net.spillway.protocol.ReplyCode.TAKETHIS_REJECTED;
import static net.spillway.protocol.ReplyCode.TAKETHIS_TAKEN;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;

/**
 * Transfer with CHECK and TAKETHIS (RFC 4644). Offers go out in a window without waiting; each
 * answer names its message-ID and is matched by it, in whatever order answers come. The window
 * grows with the answers; it is bounded by count and by octets, and only a few articles are open
 * at a time.
 *
 * <p>An offer is in one of three places: {@code checks} (asked), {@code wanted} (the peer said yes,
 * its article has not been handed to the wire), {@code sent} (handed over, verdict due).
 */
final class StreamingFeeder implements Exchange {
    private static final long MAX_OUTSTANDING_OCTETS = 32L << 20;
    /** Without CHECK that part of the window is used at most. */
    static final int UNCHECKED_PART = 2;
    /**
     * Where articles wait so long on their way, others that have them may be faster: asking costs
     * little then. In milliseconds.
     */
    static final long MAX_UNCHECKED_MILLIS = 500;
    /** Articles handed to the wire that have not left: enough to keep it busy, few files open. */
    static final int MAX_UNSENT = 64;
    private static final long MAX_UNSENT_OCTETS = 4L << 20;
    /** A peer whose answers fit nothing so often does not speak this protocol. */
    private static final int MAX_MISMATCHES = 100;

    private record Pending(Offer offer, boolean checked, long since) {
    }

    private final OfferDesk desk;
    private final Wire wire;
    private final LinkedHashMap<MessageId, Pending> checks = new LinkedHashMap<>();
    private final LinkedHashMap<MessageId, Pending> wanted = new LinkedHashMap<>();
    private final LinkedHashMap<MessageId, Pending> sent = new LinkedHashMap<>();
    private final ArrayDeque<Integer> unsent = new ArrayDeque<>();
    private final AcceptRate acceptRate = new AcceptRate();
    private final WindowSize window;
    private long outstandingOctets;
    /** Of that, what nobody asked for. */
    private long uncheckedOctets;
    private long unsentOctets;
    private int mismatches;
    private boolean draining;

    StreamingFeeder(OfferDesk desk, Wire wire, long now) {
        this.desk = desk;
        this.wire = wire;
        this.window = new WindowSize(now);
    }

    @Override
    public void pump(long now) {
        sendWanted(now);
        while (!draining && outstanding() < mostOffers(now)
                && outstandingOctets < mostOctets(now)) {
            Optional<Offer> next = desk.take(now);
            if (next.isEmpty()) {
                break;
            }
            offer(next.get(), now);
        }
        sendWanted(now);
    }

    /** Whether to send without asking first. */
    private boolean sendsUnchecked(long now) {
        return acceptRate.nearlyAll() && now - oldest(sent, now) < MAX_UNCHECKED_MILLIS;
    }

    private int mostOffers(long now) {
        return sendsUnchecked(now)
                ? Math.max(WindowSize.FIRST, window.size() / UNCHECKED_PART) : window.size();
    }

    private long mostOctets(long now) {
        return sendsUnchecked(now) ? AcceptRate.MOST_AT_RISK : MAX_OUTSTANDING_OCTETS;
    }

    private void offer(Offer offer, long now) {
        if (checks.containsKey(offer.id()) || wanted.containsKey(offer.id())
                || sent.containsKey(offer.id())) {
            desk.redundant(offer);
            return;
        }
        outstandingOctets += offer.wireLength();
        desk.offered();
        // What was put off, or on its way when a connection broke, may be there by now.
        if (sendsUnchecked(now) && offer.attempts() == 0 && mayRisk(offer)) {
            uncheckedOctets += offer.wireLength();
            wanted.put(offer.id(), new Pending(offer, false, now));
        } else {
            check(offer, now);
        }
    }

    /** One article may always be: asking about the only one would only make it late. */
    private boolean mayRisk(Offer offer) {
        return uncheckedOctets == 0
                || uncheckedOctets + offer.wireLength() <= acceptRate.atRisk();
    }

    private void check(Offer offer, long now) {
        checks.put(offer.id(), new Pending(offer, true, now));
        wire.line("CHECK " + offer.id().value());
    }

    private void sendWanted(long now) {
        Iterator<Pending> next = wanted.values().iterator();
        while (next.hasNext() && unsent.size() < MAX_UNSENT && unsentOctets < MAX_UNSENT_OCTETS) {
            Pending pending = next.next();
            next.remove();
            Offer offer = pending.offer();
            if (!pending.checked() && !sendsUnchecked(now)) {
                uncheckedOctets -= offer.wireLength();
                check(offer, now);
                continue;
            }
            Optional<OutgoingArticle> article = desk.open(offer, now);
            if (article.isEmpty()) {
                left(pending);
                continue;
            }
            wire.line("TAKETHIS " + offer.id().value());
            wire.article(article.get());
            unsent.add(article.get().length());
            unsentOctets += article.get().length();
            sent.put(offer.id(), new Pending(offer, pending.checked(), now));
        }
    }

    @Override
    public void articlesSent(int count) {
        for (int i = 0; i < count; i++) {
            unsentOctets -= unsent.remove();
        }
    }

    @Override
    public boolean reply(Reply reply, long now) {
        return switch (reply.code()) {
            case CHECK_SEND -> answered(checks, reply, now, this::wanted);
            case CHECK_LATER -> answered(checks, reply, now, p -> {
                acceptRate.notTaken(p.offer()); // Somebody else has it too.
                close(p, o -> desk.deferred(o, p.since(), now));
            });
            case CHECK_UNWANTED -> answered(checks, reply, now, p -> {
                acceptRate.notTaken(p.offer());
                close(p, desk::refused);
            });
            case TAKETHIS_TAKEN -> answered(sent, reply, now, p -> {
                countUnchecked(p, true);
                close(p, desk::accepted);
            });
            case TAKETHIS_REJECTED -> answered(sent, reply, now, p -> {
                countUnchecked(p, false);
                desk.problem("rejected: " + reply);
                close(p, desk::rejected);
            });
            case SYNTAX_ERROR -> notUnderstood(reply, now);
            default -> false;
        };
    }

    private boolean answered(Map<MessageId, Pending> among, Reply reply, long now,
            Consumer<Pending> whatThen) {
        Optional<MessageId> id = reply.words().stream().findFirst().flatMap(MessageId::parse);
        Pending pending = id.map(among::remove).orElse(null);
        if (pending == null) {
            desk.problem("an answer that fits nothing we asked: " + reply);
            return ++mismatches <= MAX_MISMATCHES;
        }
        desk.said(pending.offer(), reply);
        window.answered(pending.since(), now);
        whatThen.accept(pending);
        return true;
    }

    private void wanted(Pending pending) {
        acceptRate.taken(pending.offer());
        if (draining) {
            close(pending, desk::returned);
        } else {
            wanted.put(pending.offer().id(), pending);
        }
    }

    /** An article that was checked counts by its CHECK alone. */
    private void countUnchecked(Pending pending, boolean taken) {
        if (pending.checked()) {
            return;
        }
        if (taken) {
            acceptRate.taken(pending.offer());
        } else {
            acceptRate.sentInVain(pending.offer());
        }
    }

    private void left(Pending pending) {
        outstandingOctets -= pending.offer().wireLength();
        if (!pending.checked()) {
            uncheckedOctets -= pending.offer().wireLength();
        }
    }

    private void close(Pending pending, Consumer<Offer> fate) {
        left(pending);
        fate.accept(pending.offer());
    }

    /**
     * 501 carries no message-ID. It is most likely about the oldest CHECK, so that one is put off:
     * if the guess is wrong, an article comes a little later, and none is lost.
     */
    private boolean notUnderstood(Reply reply, long now) {
        Iterator<Pending> oldest = checks.values().iterator();
        if (!oldest.hasNext() || ++mismatches > MAX_MISMATCHES) {
            return false;
        }
        Pending pending = oldest.next();
        oldest.remove();
        desk.problem("the peer did not understand CHECK, probably of "
                + pending.offer().id().value() + ": " + reply);
        close(pending, o -> desk.deferred(o, now));
        return true;
    }

    @Override
    public void drain() {
        draining = true;
        wanted.values().forEach(p -> close(p, desk::returned));
        wanted.clear();
    }

    private int outstanding() {
        return checks.size() + wanted.size() + sent.size();
    }

    @Override
    public boolean idle() {
        return outstanding() == 0;
    }

    @Override
    public long oldestUnanswered() {
        return Math.min(oldest(checks, Long.MAX_VALUE), oldest(sent, Long.MAX_VALUE));
    }

    private static long oldest(Map<MessageId, Pending> among, long none) {
        return among.isEmpty() ? none : among.values().iterator().next().since();
    }

    @Override
    public void release(boolean putOff, long now) {
        Consumer<Offer> fate = putOff ? o -> desk.deferred(o, now) : desk::returned;
        checks.values().forEach(p -> close(p, fate));
        wanted.values().forEach(p -> close(p, fate));
        sent.values().forEach(p -> close(p,
                putOff ? fate : o -> desk.interrupted(o, now)));
        checks.clear();
        wanted.clear();
        sent.clear();
    }
}
