package net.spillway.protocol.reconcile;

import java.io.ByteArrayOutputStream;
import java.util.Comparator;
import java.util.PriorityQueue;
import net.spillway.protocol.reconcile.RangeFrame.Range;

/**
 * What one side still has to say, oldest articles first. Ranges never overlap: each is a part of
 * one that the other side has just spoken of. What does not fit into a frame waits for the next,
 * and its hashes are computed only when its turn comes.
 */
final class Outbox {
    /** A range is split into so many parts of equal size. */
    static final int PARTS = 8;
    /** Fewer articles than this are listed. */
    static final int LEAF = 8;
    /** The longest list in one range; there may be more of them in a frame. */
    private static final int MAX_LIST = 1024;
    /** The most an honest side ever waits with is some 10,000. */
    private static final int MAX_WAITING = 64 << 10;

    /** @param verdict present if the kind is that */
    private record Statement(Bound lower, Bound upper, int from, int to, int kind,
            byte[] verdict) {
    }

    private static final byte[] NO_VERDICT = {};

    private final ArticleSet mine;
    private final PriorityQueue<Statement> waiting = new PriorityQueue<>(Outbox::compare);

    Outbox(ArticleSet mine) {
        this.mine = mine;
    }

    private static int compare(Statement a, Statement b) {
        return Comparator.comparingLong(Bound::time).thenComparing(Bound::high,
                Long::compareUnsigned).thenComparing(Bound::low, Long::compareUnsigned)
                .compare(a.lower(), b.lower());
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The articles in the range differ: says more about them, or lists them if they are few. */
    void differs(Bound lower, Bound upper) throws ReconcileException {
        int from = mine.indexOf(lower);
        int to = mine.indexOf(upper);
        if (to - from < LEAF) {
            add(new Statement(lower, upper, from, to, RangeFrame.LIST, NO_VERDICT));
        } else {
            split(lower, upper, from, to, Math.ceilDiv(to - from, PARTS), RangeFrame.FINGERPRINT);
        }
    }

    /** Lists all articles in the range, however many. */
    void list(Bound lower, Bound upper) throws ReconcileException {
        split(lower, upper, mine.indexOf(lower), mine.indexOf(upper), MAX_LIST, RangeFrame.LIST);
    }

    void verdict(Bound lower, Bound upper, byte[] verdict) throws ReconcileException {
        add(new Statement(lower, upper, 0, 0, RangeFrame.VERDICT, verdict));
    }

    /** A fingerprint of everything. */
    void all() throws ReconcileException {
        add(new Statement(Bound.START, Bound.END, 0, mine.size(), RangeFrame.FINGERPRINT,
                NO_VERDICT));
    }

    private void split(Bound lower, Bound upper, int from, int to, int size, int kind)
            throws ReconcileException {
        Bound at = lower;
        for (int first = from; first < to; first += size) {
            int next = Math.min(to, first + size);
            Bound end = next == to ? upper : Bound.between(mine, next - 1, next);
            add(new Statement(at, end, first, next, kind, NO_VERDICT));
            at = end;
        }
    }

    private void add(Statement statement) throws ReconcileException {
        if (waiting.size() >= MAX_WAITING) {
            throw new ReconcileException("the other side differs faster than can be answered");
        }
        waiting.add(statement);
    }

    /** As much as fits into a frame. */
    byte[] frame() {
        RangeFrame.Writer frame = new RangeFrame.Writer();
        while (!waiting.isEmpty() && frame.add(range(waiting.peek()))) {
            waiting.remove();
        }
        return frame.finish(!waiting.isEmpty());
    }

    private Range range(Statement statement) {
        byte[] content = switch (statement.kind()) {
            case RangeFrame.FINGERPRINT -> mine.fingerprint(statement.from(), statement.to());
            case RangeFrame.LIST -> hashes(statement.from(), statement.to());
            default -> statement.verdict();
        };
        return new Range(statement.lower(), statement.upper(), statement.kind(), content);
    }

    private byte[] hashes(int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RangeFrame.writeNumber(out, to - from);
        for (int i = from; i < to; i++) {
            RangeFrame.writeHash(out, mine.high(i), mine.low(i));
        }
        return out.toByteArray();
    }
}
