package net.spillway.relay.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What came in and has not been worked off. Once compression is on it is inflated, a small piece
 * at a time and only when the piece before is used up: what a client sends can blow up a
 * thousandfold, but not in memory, and every piece passes the same limits as if it had come plain.
 */
final class Inflow {
    private static final int PIECE_OCTETS = 16 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Deque<ByteBuffer> received = new ArrayDeque<>();
    private final Outlet outlet;
    private Inflater inflater;
    private ByteBuffer piece = NOTHING;
    /** Somebody else's buffer, to be read behind everything received. */
    private ByteBuffer lent = NOTHING;
    private boolean damaged;

    /** @param outlet is given back what has been used up */
    Inflow(Outlet outlet) {
        this.outlet = outlet;
    }

    void add(ByteBuffer octets) {
        received.add(octets);
    }

    /**
     * Lets this be read until {@link #takeBack}, if everything before has been; false if that is
     * not so, or if it has to be inflated first.
     */
    boolean lend(ByteBuffer octets) {
        dropUsedUp();
        if (inflater != null || !received.isEmpty()) {
            return false;
        }
        lent = octets;
        return true;
    }

    /** The buffer is its owner's again, with what was not read. */
    void takeBack() {
        lent = NOTHING;
    }

    /** Whether nothing can be read now. */
    boolean isEmpty() {
        return next() == null;
    }

    /** What is to be read next, from its position on; null if nothing has come. */
    ByteBuffer next() {
        if (inflater != null) {
            return piece.hasRemaining() || inflate() ? piece : null;
        }
        dropUsedUp();
        ByteBuffer first = received.peek();
        return first != null ? first : lent.hasRemaining() ? lent : null;
    }

    /** Whether what came is not compressed as agreed, or says that nothing more will come. */
    boolean isDamaged() {
        return damaged;
    }

    /** From here on what comes is compressed (RFC 8054). */
    void compressed() {
        inflater = new Inflater(true);
    }

    /** Forgets what came; more may come. */
    void discard() {
        received.forEach(outlet::consumed);
        received.clear();
        piece = NOTHING;
        lent.position(lent.limit());
    }

    /** Nothing is read any more. */
    void close() {
        discard();
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private void dropUsedUp() {
        while (!received.isEmpty() && !received.peek().hasRemaining()) {
            outlet.consumed(received.poll());
        }
    }

    private boolean inflate() {
        byte[] octets = new byte[PIECE_OCTETS];
        while (!damaged) {
            int n;
            try {
                n = inflater.inflate(octets);
            } catch (DataFormatException e) {
                damaged = true;
                break;
            }
            if (n > 0) {
                piece = ByteBuffer.wrap(octets, 0, n);
                return true;
            }
            if (inflater.finished() || inflater.needsDictionary()) {
                damaged = true;
                break;
            }
            dropUsedUp();
            if (received.isEmpty()) {
                break;
            }
            inflater.setInput(received.peek());
        }
        dropUsedUp();
        return false;
    }
}
