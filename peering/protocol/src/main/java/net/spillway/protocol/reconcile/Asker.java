package net.spillway.protocol.reconcile;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.spillway.protocol.reconcile.Listed.Hash;
import net.spillway.protocol.reconcile.RangeFrame.Range;

/**
 * The side that begins, and that learns what the sets differ in. One thread at a time.
 *
 * <pre>
 * Optional&lt;byte[]&gt; frame = Optional.of(asker.begin());
 * while (frame.isPresent()) frame = asker.next(answerTo(frame.get()));
 * </pre>
 */
public final class Asker {
    private final ArticleSet mine;
    private final Differences differences;
    private final Outbox outbox;
    private final Allotment allotment = new Allotment();

    /**
     * @param mine what is here
     * @param differences is told each difference once, if the other side is honest
     */
    public Asker(ArticleSet mine, Differences differences) {
        this.mine = mine;
        this.differences = differences;
        this.outbox = new Outbox(mine);
    }

    /** The first frame. */
    public byte[] begin() throws ReconcileException {
        if (mine.size() < Outbox.LEAF) {
            outbox.all();
        } else {
            outbox.differs(Bound.START, Bound.END);
        }
        return frame();
    }

    /**
     * Takes an answer.
     *
     * @return what to send next; empty when everything is known
     * @throws ReconcileException if the answer makes no sense, or there were too many; what was
     *     found until then holds
     */
    public Optional<byte[]> next(byte[] answer) throws ReconcileException {
        allotment.octets(answer.length);
        RangeFrame.Reader reader = new RangeFrame.Reader(answer);
        for (Range range = reader.next(); range != null; range = reader.next()) {
            int from = mine.indexOf(range.lower());
            int to = mine.indexOf(range.upper());
            switch (range.kind()) {
                case RangeFrame.FINGERPRINT -> compare(range, from, to);
                case RangeFrame.LIST -> compareList(range, from, to);
                default -> take(ByteBuffer.wrap(range.content()), from, to);
            }
        }
        return outbox.isEmpty() && !reader.more() ? Optional.empty() : Optional.of(frame());
    }

    private byte[] frame() throws ReconcileException {
        allotment.round();
        byte[] frame = outbox.frame();
        allotment.octets(frame.length);
        return frame;
    }

    private void compare(Range range, int from, int to) throws ReconcileException {
        if (Arrays.equals(range.content(), mine.fingerprint(from, to))) {
            return;
        }
        if (to > from && Arrays.equals(range.content(), mine.fingerprint(from, from))) {
            for (int i = from; i < to; i++) {
                differences.lackingThere(mine.tag(i)); // There is nothing there.
            }
        } else {
            outbox.differs(range.lower(), range.upper());
        }
    }

    private void compareList(Range range, int from, int to) throws ReconcileException {
        Set<Hash> theirs = new HashSet<>(Listed.read(ByteBuffer.wrap(range.content())).hashes());
        for (int i = from; i < to; i++) {
            if (!theirs.remove(Hash.of(mine, i))) {
                differences.lackingThere(mine.tag(i));
            }
        }
        theirs.forEach(hash -> differences.lackingHere(hash.high(), hash.low()));
    }

    private void take(ByteBuffer verdict, int from, int to) throws ReconcileException {
        int told = RangeFrame.readCount(verdict, Byte.SIZE * RangeFrame.MAX_OCTETS);
        if (told != to - from) {
            throw new ReconcileException("a verdict is on other articles than were listed");
        }
        byte[] bits = new byte[Math.ceilDiv(told, Byte.SIZE)];
        verdict.get(bits);
        for (int i = 0; i < told; i++) {
            if ((bits[i / Byte.SIZE] & 0x80 >>> i % Byte.SIZE) != 0) {
                differences.lackingThere(mine.tag(from + i));
            }
        }
        Listed.read(verdict).hashes()
                .forEach(hash -> differences.lackingHere(hash.high(), hash.low()));
    }

    /** How many frames it has sent. */
    public int rounds() {
        return allotment.rounds();
    }

    /** Octets of all frames until now, both ways, before Base64. */
    public long octets() {
        return allotment.octets();
    }
}
