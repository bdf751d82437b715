package net.spillway.protocol.reconcile;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What goes over the wire: statements about ranges of articles, from the oldest to the newest.
 *
 * <pre>
 * frame  1 flags: 1 = the sender has more to say, 0; then ranges to the end
 * range  1 kind &lt;&lt; 5 | octets of the hash in its upper bound (0 to 16);
 *        varint 0 for the end of everything, else 1 + seconds since the bound before (at first
 *        since 1970); so many octets of the hash; then by its kind:
 * kind 0 nothing is said about it
 *      1 16 fingerprint of all articles in it
 *      2 varint n, n * 16 hashes: all articles in it
 *      3 varint n, n bits: which of those that kind 2 told are lacking, the first is the highest
 *        bit of the first octet; varint m, m * 16 hashes: what was not told and is there
 * </pre>
 *
 * A range begins where the one before it ended, the first one with the oldest article. A varint has
 * 7 bits to an octet, the lowest first, and the highest bit set in all octets but the last.
 */
public final class RangeFrame {
    /** The longest frame, in octets before Base64. */
    public static final int MAX_OCTETS = 64 << 10;
    /** The most octets of frames in one reconciliation, both ways together. */
    public static final long MAX_TOTAL_OCTETS = 16 << 20;
    /** The most frames each way. */
    public static final int MAX_ROUNDS = 64;

    static final int FINGERPRINT_OCTETS = 16;
    static final int HASH_OCTETS = Bound.HASH_OCTETS;
    static final int SKIP = 0;
    static final int FINGERPRINT = 1;
    static final int LIST = 2;
    static final int VERDICT = 3;

    private static final int KIND_SHIFT = 5;
    private static final int LINE_OCTETS = 384;

    /**
     * A statement about one range.
     *
     * @param content what the kind asks for, as it is written
     */
    record Range(Bound lower, Bound upper, int kind, byte[] content) {
    }

    private RangeFrame() {
    }

    /** The frame as lines to send, of 512 characters at most. */
    public static List<String> toLines(byte[] frame) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < frame.length; at += LINE_OCTETS) {
            byte[] piece = Arrays.copyOfRange(
                    frame, at, Math.min(frame.length, at + LINE_OCTETS));
            lines.add(Base64.getEncoder().withoutPadding().encodeToString(piece));
        }
        return lines;
    }

    /**
     * Reads what {@link #toLines} wrote.
     *
     * @throws ReconcileException if that is not Base64, or too much of it
     */
    public static byte[] ofLines(List<String> lines) throws ReconcileException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try {
            for (String line : lines) {
                frame.writeBytes(Base64.getDecoder().decode(line));
                if (frame.size() > MAX_OCTETS) {
                    throw new ReconcileException("a frame has more than 64 KiB");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ReconcileException("a frame is not Base64");
        }
        return frame.toByteArray();
    }

    /** Writes a frame, range by range. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        private Bound at = Bound.START;

        Writer() {
            out.write(0);
        }

        /** Adds a range that lies behind those before; false if it does not fit. */
        boolean add(Range range) {
            ByteArrayOutputStream one = new ByteArrayOutputStream(64);
            Bound from = at;
            if (from.isBefore(range.lower())) {
                write(one, SKIP, from, range.lower());
                from = range.lower();
            }
            write(one, range.kind(), from, range.upper());
            one.writeBytes(range.content());
            if (out.size() + one.size() > MAX_OCTETS) {
                return false;
            }
            out.writeBytes(one.toByteArray());
            at = range.upper();
            return true;
        }

        private static void write(ByteArrayOutputStream to, int kind, Bound from, Bound upper) {
            to.write(kind << KIND_SHIFT | upper.octets());
            writeNumber(to, upper.equals(Bound.END) ? 0 : 1 + upper.time() - from.time());
            for (int i = 0; i < upper.octets(); i++) {
                long half = i < Long.BYTES ? upper.high() : upper.low();
                to.write((int) (half >>> Byte.SIZE * (Long.BYTES - 1 - i % Long.BYTES)));
            }
        }

        byte[] finish(boolean more) {
            byte[] frame = out.toByteArray();
            frame[0] = (byte) (more ? 1 : 0);
            return frame;
        }
    }

    static void writeNumber(ByteArrayOutputStream to, long number) {
        long left = number;
        while (left >= 0x80) {
            to.write((int) (left | 0x80));
            left >>>= 7;
        }
        to.write((int) left);
    }

    static void writeHash(ByteArrayOutputStream to, long high, long low) {
        to.writeBytes(ByteBuffer.allocate(HASH_OCTETS).putLong(high).putLong(low).array());
    }

    /** Reads a frame, range by range, without those that say nothing. */
    static final class Reader {
        private final ByteBuffer in;
        private final boolean more;
        private Bound at = Bound.START;

        Reader(byte[] frame) throws ReconcileException {
            if (frame.length == 0 || frame.length > MAX_OCTETS || (frame[0] & ~1) != 0) {
                throw new ReconcileException("a frame does not begin like one");
            }
            in = ByteBuffer.wrap(frame, 1, frame.length - 1);
            more = frame[0] == 1;
        }

        boolean more() {
            return more;
        }

        /** The next range, or null behind the last. */
        Range next() throws ReconcileException {
            try {
                while (in.hasRemaining()) {
                    Range range = read();
                    at = range.upper();
                    if (range.kind() != SKIP) {
                        return range;
                    }
                }
                return null;
            } catch (BufferUnderflowException e) {
                throw new ReconcileException("a frame ends in the middle of a range");
            }
        }

        private Range read() throws ReconcileException {
            int head = in.get() & 0xff;
            int kind = head >>> KIND_SHIFT;
            Bound lower = at;
            Bound upper = bound(head & (1 << KIND_SHIFT) - 1);
            if (!lower.isBefore(upper)) {
                throw new ReconcileException("the ranges of a frame do not follow each other");
            }
            int from = in.position();
            switch (kind) {
                case SKIP -> { }
                case FINGERPRINT -> skip(FINGERPRINT_OCTETS);
                case LIST -> skipHashes();
                case VERDICT -> {
                    skip((readCount(in, Byte.SIZE * MAX_OCTETS) + Byte.SIZE - 1) / Byte.SIZE);
                    skipHashes();
                }
                default -> throw new ReconcileException("a range of unknown kind " + kind);
            }
            byte[] content = new byte[in.position() - from];
            in.get(from, content);
            return new Range(lower, upper, kind, content);
        }

        private Bound bound(int octets) throws ReconcileException {
            long delta = readNumber(in);
            if (octets > HASH_OCTETS || delta == 0 && octets > 0
                    || delta > Integer.MAX_VALUE * 8L) {
                throw new ReconcileException("a range ends nowhere");
            }
            long high = 0;
            long low = 0;
            for (int i = 0; i < octets; i++) {
                long octet = (in.get() & 0xffL) << Byte.SIZE * (Long.BYTES - 1 - i % Long.BYTES);
                high |= i < Long.BYTES ? octet : 0;
                low |= i < Long.BYTES ? 0 : octet;
            }
            return delta == 0 ? Bound.END : new Bound(at.time() + delta - 1, high, low, octets);
        }

        private void skipHashes() throws ReconcileException {
            skip(readCount(in, MAX_OCTETS / HASH_OCTETS) * HASH_OCTETS);
        }

        private void skip(int octets) {
            if (octets > in.remaining()) {
                throw new BufferUnderflowException();
            }
            in.position(in.position() + octets);
        }
    }

    private static long readNumber(ByteBuffer in) throws ReconcileException {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE - 7; shift += 7) {
            byte octet = in.get();
            number |= (octet & 0x7fL) << shift;
            if (octet >= 0) {
                return number;
            }
        }
        throw new ReconcileException("a number is too large");
    }

    static int readCount(ByteBuffer in, int most) throws ReconcileException {
        long count = readNumber(in);
        if (count > most) {
            throw new ReconcileException("a list is longer than a frame");
        }
        return (int) count;
    }
}
