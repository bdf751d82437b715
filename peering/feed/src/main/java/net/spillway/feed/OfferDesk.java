package net.spillway.feed;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;

/**
 * Where one connection gets its offers and reports what became of them: the window shared with the
 * other connections, with the counting done.
 */
final class OfferDesk {
    private final OfferWindow window;
    private final FeedStore store;
    private final FeedCounters counters;
    private final Pace pace;
    private final BiConsumer<MessageId, Reply> watch;
    private boolean useful;
    private Optional<String> problem = Optional.empty();

    OfferDesk(OfferWindow window, FeedStore store, FeedCounters counters, Pace pace) {
        this(window, store, counters, pace, (id, reply) -> { });
    }

    /** @param watch is told what the peer says to each offer */
    OfferDesk(OfferWindow window, FeedStore store, FeedCounters counters, Pace pace,
            BiConsumer<MessageId, Reply> watch) {
        this.watch = watch;
        this.window = window;
        this.store = store;
        this.counters = counters;
        this.pace = pace;
    }

    /** The next article to offer, if it is time for one. */
    Optional<Offer> take(long now) {
        Optional<Offer> next = pace.allows(now) ? window.take() : Optional.empty();
        next.ifPresent(offer -> pace.spend(offer.wireLength()));
        return next;
    }

    /** The article of an offer; if there is none to be had, the offer has been dealt with. */
    Optional<OutgoingArticle> open(Offer offer, long now) {
        try {
            Optional<OutgoingArticle> article = store.open(offer);
            if (article.isEmpty()) {
                pace.giveBack(offer.wireLength());
                window.settled(offer);
            }
            return article;
        } catch (IOException | RuntimeException e) {
            problem("the spool cannot give " + offer.id().value() + ": " + e.getMessage());
            putOff(offer, now);
            return Optional.empty();
        }
    }

    /** The peer's verdict on an offer, whatever follows from it. */
    void said(Offer offer, Reply reply) {
        counters.refusals.said(offer.id(), reply);
        watch.accept(offer.id(), reply);
    }

    void offered() {
        counters.offered.increment();
    }

    void accepted(Offer offer) {
        counters.accepted.increment();
        counters.bytes.add(offer.wireLength());
        settled(offer);
    }

    void refused(Offer offer) {
        pace.giveBack(offer.wireLength());
        declined(offer);
        counters.refused.increment();
    }

    void rejected(Offer offer) {
        declined(offer);
        counters.rejected.increment();
    }

    /** Another offer of the same article is under way. */
    void redundant(Offer offer) {
        pace.giveBack(offer.wireLength());
        window.settled(offer);
    }

    private void settled(Offer offer) {
        useful = true;
        window.settled(offer);
    }

    private void declined(Offer offer) {
        useful = true;
        window.declined(offer);
    }

    /** The peer wants to be asked again. */
    void deferred(Offer offer, long now) {
        deferred(offer, now, now);
    }

    /** The same, with the time at which it was asked. */
    void deferred(Offer offer, long since, long now) {
        counters.deferred.increment();
        pace.giveBack(offer.wireLength());
        window.deferred(offer, since, now);
    }

    private void putOff(Offer offer, long now) {
        pace.giveBack(offer.wireLength());
        window.deferred(offer, now);
    }

    /** The connection was lost with the article on its way: others go first next time. */
    void interrupted(Offer offer, long now) {
        window.deferred(offer, now);
    }

    void returned(Offer offer) {
        pace.giveBack(offer.wireLength());
        window.returned(offer);
    }

    void problem(String what) {
        problem = Optional.of(what);
    }

    /** What went wrong last without ending the connection, if it has not been told yet. */
    Optional<String> takeProblem() {
        Optional<String> told = problem;
        problem = Optional.empty();
        return told;
    }

    /** Whether the peer has settled anything on this connection. */
    boolean useful() {
        return useful;
    }
}
