package net.spillway.protocol.reconcile;

/**
 * What one reconciliation may cost, counted on either side: whoever lies about its articles can
 * keep the other busy for so long and no longer.
 */
final class Allotment {
    private int rounds;
    private long octets;

    /** A frame came in or is about to go out. */
    void octets(int length) throws ReconcileException {
        octets += length;
        if (octets > RangeFrame.MAX_TOTAL_OCTETS) {
            throw new ReconcileException("the sets differ in more than "
                    + (RangeFrame.MAX_TOTAL_OCTETS >> 20) + " MB can tell");
        }
    }

    /** One more frame each way. */
    void round() throws ReconcileException {
        if (++rounds > RangeFrame.MAX_ROUNDS) {
            throw new ReconcileException(
                    "the sets differ in more than " + RangeFrame.MAX_ROUNDS + " rounds can tell");
        }
    }

    int rounds() {
        return rounds;
    }

    long octets() {
        return octets;
    }
}
