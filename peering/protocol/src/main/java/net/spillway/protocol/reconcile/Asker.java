package net.spillway.protocol.reconcile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.spillway.protocol.reconcile.Listed.Hash;
import net.spillway.protocol.reconcile.RangeFrame.Range;

/**
 * The side that begins, and that learns what the sets differ in. It does not wait for an answer
 * while it has more to ask, so that many differences take few round trips. One thread at a time.
 *
 * <pre>
 * while (!asker.isDone()) {
 *     asker.frames().forEach(send);
 *     asker.answered(receive());
 * }
 * </pre>
 */
public final class Asker {
    /** So many frames may wait for their answers. */
    public static final int MOST_ON_THE_WAY = 8;

    private final ArticleSet mine;
    private final Differences differences;
    private final Outbox outbox;
    private final Allotment allotment = new Allotment();

    /** Frames that have not been answered. */
    private int onTheWay;
    /** How many of the other side's frames are worth asking for; none if it has said all. */
    private int worthAsking;

    /**
     * @param mine what is here
     * @param differences is told each difference once, if the other side is honest
     */
    public Asker(ArticleSet mine, Differences differences) throws ReconcileException {
        this.mine = mine;
        this.differences = differences;
        this.outbox = new Outbox(mine);
        if (mine.size() < Outbox.LEAF) {
            outbox.all();
        } else {
            outbox.differs(Bound.START, Bound.END);
        }
    }

    /** Whether everything is known. */
    public boolean isDone() {
        return onTheWay == 0 && worthAsking == 0 && outbox.isEmpty();
    }

    /** What can be sent now, each to be answered in turn; none if an answer has to come first. */
    public List<byte[]> frames() throws ReconcileException {
        List<byte[]> frames = new ArrayList<>();
        while (onTheWay < MOST_ON_THE_WAY && (!outbox.isEmpty() || onTheWay < worthAsking)) {
            allotment.round();
            byte[] frame = outbox.frame();
            allotment.octets(frame.length);
            frames.add(frame);
            onTheWay++;
        }
        return frames;
    }

    /**
     * Takes the answer to the oldest frame that has none.
     *
     * @throws ReconcileException if the answer makes no sense, or there were too many; what was
     *     found until then holds
     */
    public void answered(byte[] answer) throws ReconcileException {
        onTheWay--;
        allotment.octets(answer.length);
        RangeFrame.Reader reader = new RangeFrame.Reader(answer);
        worthAsking = reader.more() ? Math.clamp(2L * worthAsking, 1, MOST_ON_THE_WAY) : 0;
        for (Range range = reader.next(); range != null; range = reader.next()) {
            int from = mine.indexOf(range.lower());
            int to = mine.indexOf(range.upper());
            switch (range.kind()) {
                case RangeFrame.FINGERPRINT -> compare(range, from, to);
                case RangeFrame.LIST -> compareList(range, from, to);
                default -> take(ByteBuffer.wrap(range.content()), from, to);
            }
        }
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
