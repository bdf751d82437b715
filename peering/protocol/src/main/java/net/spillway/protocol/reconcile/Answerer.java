package net.spillway.protocol.reconcile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.spillway.protocol.reconcile.Listed.Hash;
import net.spillway.protocol.reconcile.RangeFrame.Range;

/**
 * The side that is asked: each frame gets one in return. Holds no more of what it was told than
 * what it still has to answer, and that is bounded. One thread at a time.
 */
public final class Answerer {
    /** With more articles of ours than this the other side does the comparing. */
    private static final int MAX_COMPARED = 64;

    private final ArticleSet mine;
    private final Outbox outbox;
    private final Allotment allotment = new Allotment();

    /** @param mine what is here */
    public Answerer(ArticleSet mine) {
        this.mine = mine;
        this.outbox = new Outbox(mine);
    }

    /**
     * The answer to a frame.
     *
     * @throws ReconcileException if the frame makes no sense, or there were too many; the
     *     reconciliation is over then
     */
    public byte[] answer(byte[] frame) throws ReconcileException {
        allotment.round();
        allotment.octets(frame.length);
        RangeFrame.Reader reader = new RangeFrame.Reader(frame);
        for (Range range = reader.next(); range != null; range = reader.next()) {
            switch (range.kind()) {
                case RangeFrame.FINGERPRINT -> compare(range);
                case RangeFrame.LIST -> judge(range);
                default -> throw new ReconcileException("whoever asks gives no verdicts");
            }
        }
        byte[] answer = outbox.frame();
        allotment.octets(answer.length);
        return answer;
    }

    private void compare(Range range) throws ReconcileException {
        int from = mine.indexOf(range.lower());
        int to = mine.indexOf(range.upper());
        if (Arrays.equals(range.content(), mine.fingerprint(from, to))) {
            return;
        }
        if (to > from && Arrays.equals(range.content(), mine.fingerprint(from, from))) {
            outbox.list(range.lower(), range.upper()); // There is nothing there.
        } else {
            outbox.differs(range.lower(), range.upper());
        }
    }

    private void judge(Range range) throws ReconcileException {
        int from = mine.indexOf(range.lower());
        int to = mine.indexOf(range.upper());
        if (to - from > MAX_COMPARED) {
            outbox.list(range.lower(), range.upper());
            return;
        }
        Set<Hash> theirs = Listed.read(ByteBuffer.wrap(range.content())).hashes();
        ByteArrayOutputStream ours = new ByteArrayOutputStream();
        int extra = 0;
        Set<Hash> here = new HashSet<>();
        for (int i = from; i < to; i++) {
            Hash hash = Hash.of(mine, i);
            here.add(hash);
            if (!theirs.contains(hash)) {
                RangeFrame.writeHash(ours, hash.high(), hash.low());
                extra++;
            }
        }
        ByteArrayOutputStream verdict = new ByteArrayOutputStream();
        RangeFrame.writeNumber(verdict, theirs.size());
        verdict.writeBytes(lacking(theirs, here));
        RangeFrame.writeNumber(verdict, extra);
        verdict.writeBytes(ours.toByteArray());
        outbox.verdict(range.lower(), range.upper(), verdict.toByteArray());
    }

    private static byte[] lacking(Set<Hash> theirs, Set<Hash> here) {
        byte[] bits = new byte[Math.ceilDiv(theirs.size(), Byte.SIZE)];
        int i = 0;
        for (Hash hash : theirs) {
            if (!here.contains(hash)) {
                bits[i / Byte.SIZE] |= (byte) (0x80 >>> i % Byte.SIZE);
            }
            i++;
        }
        return bits;
    }

    /** How many frames it has been sent. */
    public int rounds() {
        return allotment.rounds();
    }
}
