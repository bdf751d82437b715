package net.spillway.feed;

/**
 * How many of the latest offers on a connection the peer took, as a moving average. When nearly all
 * are, asking first costs a round trip and saves nothing (RFC 4644, section 1).
 */
final class AcceptRate {
    private static final double SMOOTHING = 1.0 / 64;
    private static final int ENOUGH = 128;
    private static final double NEARLY_ALL = 0.95;

    private double rate;
    private int answers;

    void taken() {
        add(1);
    }

    void notTaken() {
        add(0);
    }

    /** What was sent without asking was not taken: that costs more than many questions. */
    void sentInVain() {
        answers = 0;
        add(0);
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
}
