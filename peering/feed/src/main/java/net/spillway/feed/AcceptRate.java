package net.spillway.feed;

/**
 * How many of the latest offers on a connection the peer took, as a moving average. When nearly all
 * are, asking first costs a round trip and saves nothing (RFC 4644, section 1).
 *
 * <p>But whatever is under way unasked when the peer gets a second source comes in vain, and an
 * article costs as much as dozens of questions. So a balance is kept, in octets: what not asking
 * has saved or would have, with each article that was taken, less what it has cost or would have,
 * with each that was not. No more than that may be under way unasked, but for a single article. So
 * however large articles are, however long their way is and whatever changes, not asking costs no
 * more than asking would.
 */
final class AcceptRate {
    private static final double SMOOTHING = 1.0 / 64;
    private static final int ENOUGH = 128;
    private static final double NEARLY_ALL = 0.95;
    /** What a question and its answer consist of besides the message-ID. */
    private static final int QUESTION_OCTETS = "CHECK \r\n238 \r\n".length();
    /** In good times so much is saved up, in octets, and one bad time costs no more. */
    static final long MOST_AT_RISK = 8L << 20;

    private double rate;
    private int answers;
    private long balance;

    /** The peer took the article of that offer, or wants it. */
    void taken(Offer offer) {
        add(1);
        balance = Math.min(MOST_AT_RISK,
                balance + QUESTION_OCTETS + 2L * offer.id().value().length());
    }

    /** It did not. */
    void notTaken(Offer offer) {
        add(0);
        balance = Math.max(0, balance - offer.wireLength());
    }

    /** What was sent without asking was not taken: that costs more than many questions. */
    void sentInVain(Offer offer) {
        answers = 0;
        notTaken(offer);
    }

    private void add(int outcome) {
        answers++;
        // A plain mean at first, so that the start value plays no part.
        rate += (outcome - rate) * Math.max(SMOOTHING, 1.0 / answers);
    }

    /** Whether articles may be sent without asking first. */
    boolean nearlyAll() {
        return answers >= ENOUGH && rate > NEARLY_ALL;
    }

    /** How much may be under way that was sent without asking, in octets. */
    long atRisk() {
        return balance;
    }
}
