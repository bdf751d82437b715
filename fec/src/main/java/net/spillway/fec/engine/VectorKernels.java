package net.spillway.fec.engine;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static net.spillway.fec.engine.OffHeap.MEMORY;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link VectorEngine}. All work on blocks of {@link #BLOCK} bytes: one vector
 * with the low bytes of its words, one with the high bytes; those of {@link PlaneSums} on planes,
 * which have one of two bytes of all words.
 *
 * <p>C2 gives up inlining after some 45 vector operations in a method, and a vector that is handed
 * to a call it did not inline becomes an object: five to sixty times slower. Hence loops written
 * out by hand, several small kernels instead of one, and only off-heap segments, so that every
 * access is of one kind. The caller checks all bounds.
 */
final class VectorKernels {
    /** Constant, or C2 could not tell the shape of the vectors. */
    static final VectorSpecies<Byte> S = VectorCpu.species();

    /** Bytes of a vector. */
    static final int V = S.length();

    /** Bytes of a block. */
    static final int BLOCK = 2 * V;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final byte NIBBLE = 15;

    private VectorKernels() {}

    /** Sorts interleaved words into blocks of low and high bytes. */
    static void split(long so, long to, long bytes) {
        for (long p = 0; p < bytes; p += BLOCK) {
            IntVector a = fromMemorySegment(S, MEMORY, so + p, LE).reinterpretAsInts();
            IntVector b = fromMemorySegment(S, MEMORY, so + p + V, LE).reinterpretAsInts();
            a.and(0x00ff00ff)
                    .or(b.lanewise(VectorOperators.LSHL, 8).and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p, LE);
            a.lanewise(VectorOperators.LSHR, 8)
                    .and(0x00ff00ff)
                    .or(b.and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p + V, LE);
        }
    }

    /**
     * Turns interleaved words into their coordinates (see {@link Planes}), for vectors of 64 bytes:
     * first coordinates, second ones, and the sums of both go to three places {@code apart}.
     *
     * @param tables of {@link Planes#TO_COORDINATES}, see {@link NibbleTables#map}
     */
    static void toPlanes(long so, long tables, long to, long apart, long bytes) {
        ByteVector f0 = fromMemorySegment(S, MEMORY, tables, LE);
        ByteVector f1 = fromMemorySegment(S, MEMORY, tables + V, LE);
        ByteVector f2 = fromMemorySegment(S, MEMORY, tables + 2 * V, LE);
        ByteVector f3 = fromMemorySegment(S, MEMORY, tables + 3 * V, LE);
        ByteVector f4 = fromMemorySegment(S, MEMORY, tables + 4 * V, LE);
        ByteVector f5 = fromMemorySegment(S, MEMORY, tables + 5 * V, LE);
        long q = to;
        for (long p = 0; p < bytes; p += BLOCK) {
            IntVector a = fromMemorySegment(S, MEMORY, so + p, LE).reinterpretAsInts();
            IntVector b = fromMemorySegment(S, MEMORY, so + p + V, LE).reinterpretAsInts();
            IntVector l =
                    a.and(0x00ff00ff)
                            .or(b.lanewise(VectorOperators.LSHL, 8).and(0xff00ff00));
            IntVector h =
                    a.lanewise(VectorOperators.LSHR, 8)
                            .and(0x00ff00ff)
                            .or(b.and(0xff00ff00));
            ByteVector low = l.reinterpretAsBytes();
            ByteVector middle =
                    l.lanewise(VectorOperators.LSHR, 6)
                            .and(0x03030303)
                            .or(h.and(0x03030303).lanewise(VectorOperators.LSHL, 2))
                            .reinterpretAsBytes();
            ByteVector high =
                    h.lanewise(VectorOperators.LSHR, 2).and(0x3f3f3f3f).reinterpretAsBytes();
            ByteVector first =
                    low.selectFrom(f0)
                            .lanewise(VectorOperators.XOR, middle.selectFrom(f1))
                            .lanewise(VectorOperators.XOR, high.selectFrom(f2));
            ByteVector second =
                    low.selectFrom(f3)
                            .lanewise(VectorOperators.XOR, middle.selectFrom(f4))
                            .lanewise(VectorOperators.XOR, high.selectFrom(f5));
            first.intoMemorySegment(MEMORY, q, LE);
            second.intoMemorySegment(MEMORY, q + apart, LE);
            first.lanewise(VectorOperators.XOR, second)
                    .intoMemorySegment(MEMORY, q + 2 * apart, LE);
            q += V;
        }
    }

    /**
     * The opposite of {@link #toPlanes}.
     *
     * @param tables of {@link Planes#TO_WORDS}
     */
    static void fromPlanes(long first, long second, long tables, long to, long bytes) {
        ByteVector f0 = fromMemorySegment(S, MEMORY, tables, LE);
        ByteVector f1 = fromMemorySegment(S, MEMORY, tables + V, LE);
        ByteVector f2 = fromMemorySegment(S, MEMORY, tables + 2 * V, LE);
        ByteVector f3 = fromMemorySegment(S, MEMORY, tables + 3 * V, LE);
        ByteVector f4 = fromMemorySegment(S, MEMORY, tables + 4 * V, LE);
        ByteVector f5 = fromMemorySegment(S, MEMORY, tables + 5 * V, LE);
        for (long p = 0; p < bytes; p += BLOCK) {
            IntVector a = fromMemorySegment(S, MEMORY, first + p / 2, LE).reinterpretAsInts();
            IntVector b = fromMemorySegment(S, MEMORY, second + p / 2, LE).reinterpretAsInts();
            ByteVector low = a.reinterpretAsBytes();
            ByteVector middle =
                    a.lanewise(VectorOperators.LSHR, 6)
                            .and(0x03030303)
                            .or(b.and(0x03030303).lanewise(VectorOperators.LSHL, 2))
                            .reinterpretAsBytes();
            ByteVector high =
                    b.lanewise(VectorOperators.LSHR, 2).and(0x3f3f3f3f).reinterpretAsBytes();
            IntVector l =
                    low.selectFrom(f0)
                            .lanewise(VectorOperators.XOR, middle.selectFrom(f1))
                            .lanewise(VectorOperators.XOR, high.selectFrom(f2))
                            .reinterpretAsInts();
            IntVector h =
                    low.selectFrom(f3)
                            .lanewise(VectorOperators.XOR, middle.selectFrom(f4))
                            .lanewise(VectorOperators.XOR, high.selectFrom(f5))
                            .reinterpretAsInts();
            l.and(0x00ff00ff)
                    .or(h.lanewise(VectorOperators.LSHL, 8).and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p, LE);
            l.lanewise(VectorOperators.LSHR, 8)
                    .and(0x00ff00ff)
                    .or(h.and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p + V, LE);
        }
    }

    /**
     * Cuts three bytes each, of three planes, into four times six bits, a vector each, the lowest
     * first. The first of these has bits of the next in it, too: see {@link #addMultiples}.
     */
    static void sixBits(long first, long second, long third, long to, long bytes) {
        long q = to;
        for (long p = 0; p < bytes; p += V) {
            IntVector a = fromMemorySegment(S, MEMORY, first + p, LE).reinterpretAsInts();
            IntVector b = fromMemorySegment(S, MEMORY, second + p, LE).reinterpretAsInts();
            IntVector c = fromMemorySegment(S, MEMORY, third + p, LE).reinterpretAsInts();
            a.reinterpretAsBytes().intoMemorySegment(MEMORY, q, LE);
            a.lanewise(VectorOperators.LSHR, 6)
                    .and(0x03030303)
                    .or(b.and(0x0f0f0f0f).lanewise(VectorOperators.LSHL, 2))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, q + V, LE);
            b.lanewise(VectorOperators.LSHR, 4)
                    .and(0x0f0f0f0f)
                    .or(c.and(0x03030303).lanewise(VectorOperators.LSHL, 4))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, q + 2 * V, LE);
            c.lanewise(VectorOperators.LSHR, 2)
                    .and(0x3f3f3f3f)
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, q + 3 * V, LE);
            q += 4 * V;
        }
    }

    /** The opposite of {@link #split}. */
    static void join(long so, long to, long bytes) {
        for (long p = 0; p < bytes; p += BLOCK) {
            IntVector l = fromMemorySegment(S, MEMORY, so + p, LE).reinterpretAsInts();
            IntVector h = fromMemorySegment(S, MEMORY, so + p + V, LE).reinterpretAsInts();
            l.and(0x00ff00ff)
                    .or(h.lanewise(VectorOperators.LSHL, 8).and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p, LE);
            l.lanewise(VectorOperators.LSHR, 8)
                    .and(0x00ff00ff)
                    .or(h.and(0xff00ff00))
                    .reinterpretAsBytes()
                    .intoMemorySegment(MEMORY, to + p + V, LE);
        }
    }

    /**
     * Adds multiples of {@code n} times three planes of bytes to three sums, {@code apart}, for
     * vectors of 64 bytes, which tables of six bits fill: so three bytes take four shuffles. Inputs
     * are as {@link #sixBits} makes them, {@code stride} from one three to the next; each three
     * has four tables for each sum, as {@link NibbleTables#three} makes them.
     */
    static void addMultiples(
            long inputs, long stride, int n, long tables, long x, long apart, long bytes) {
        long y = x + apart;
        long z = y + apart;
        for (int i = 0; i < n; i++) {
            long in = inputs + i * stride;
            long t = tables + i * (12L * V);
            ByteVector f0 = fromMemorySegment(S, MEMORY, t, LE);
            ByteVector f1 = fromMemorySegment(S, MEMORY, t + V, LE);
            ByteVector f2 = fromMemorySegment(S, MEMORY, t + 2 * V, LE);
            ByteVector f3 = fromMemorySegment(S, MEMORY, t + 3 * V, LE);
            ByteVector g0 = fromMemorySegment(S, MEMORY, t + 4 * V, LE);
            ByteVector g1 = fromMemorySegment(S, MEMORY, t + 5 * V, LE);
            ByteVector g2 = fromMemorySegment(S, MEMORY, t + 6 * V, LE);
            ByteVector g3 = fromMemorySegment(S, MEMORY, t + 7 * V, LE);
            ByteVector h0 = fromMemorySegment(S, MEMORY, t + 8 * V, LE);
            ByteVector h1 = fromMemorySegment(S, MEMORY, t + 9 * V, LE);
            ByteVector h2 = fromMemorySegment(S, MEMORY, t + 10 * V, LE);
            ByteVector h3 = fromMemorySegment(S, MEMORY, t + 11 * V, LE);
            for (long p = 0; p < bytes; p += V) {
                ByteVector a = fromMemorySegment(S, MEMORY, in, LE);
                ByteVector b = fromMemorySegment(S, MEMORY, in + V, LE);
                ByteVector c = fromMemorySegment(S, MEMORY, in + 2 * V, LE);
                ByteVector d = fromMemorySegment(S, MEMORY, in + 3 * V, LE);
                in += 4 * V;
                fromMemorySegment(S, MEMORY, x + p, LE)
                        .lanewise(VectorOperators.XOR, a.selectFrom(f0))
                        .lanewise(VectorOperators.XOR, b.selectFrom(f1))
                        .lanewise(VectorOperators.XOR, c.selectFrom(f2))
                        .lanewise(VectorOperators.XOR, d.selectFrom(f3))
                        .intoMemorySegment(MEMORY, x + p, LE);
                fromMemorySegment(S, MEMORY, y + p, LE)
                        .lanewise(VectorOperators.XOR, a.selectFrom(g0))
                        .lanewise(VectorOperators.XOR, b.selectFrom(g1))
                        .lanewise(VectorOperators.XOR, c.selectFrom(g2))
                        .lanewise(VectorOperators.XOR, d.selectFrom(g3))
                        .intoMemorySegment(MEMORY, y + p, LE);
                fromMemorySegment(S, MEMORY, z + p, LE)
                        .lanewise(VectorOperators.XOR, a.selectFrom(h0))
                        .lanewise(VectorOperators.XOR, b.selectFrom(h1))
                        .lanewise(VectorOperators.XOR, c.selectFrom(h2))
                        .lanewise(VectorOperators.XOR, d.selectFrom(h3))
                        .intoMemorySegment(MEMORY, z + p, LE);
            }
        }
    }

    /** Adds bytes at two places, and makes them zero. */
    static void addTwice(long from, long x, long y, long bytes) {
        ByteVector zero = ByteVector.zero(S);
        for (long p = 0; p < bytes; p += V) {
            ByteVector a = fromMemorySegment(S, MEMORY, from + p, LE);
            fromMemorySegment(S, MEMORY, x + p, LE)
                    .lanewise(VectorOperators.XOR, a)
                    .intoMemorySegment(MEMORY, x + p, LE);
            fromMemorySegment(S, MEMORY, y + p, LE)
                    .lanewise(VectorOperators.XOR, a)
                    .intoMemorySegment(MEMORY, y + p, LE);
            zero.intoMemorySegment(MEMORY, from + p, LE);
        }
    }

    /**
     * Adds multiples of one input to two sums: {@code x ^= f * in; y ^= g * in}. Each constant
     * comes as eight tables of 16 bytes at {@code t}: products of the four nibbles of a word, low
     * bytes first. A whole vector is loaded for each; only its first 16 lanes are ever selected.
     */
    static void multiplyAdd(long io, long t, long x, long y, long bytes) {
        ByteVector f0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector f1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        ByteVector f2 = fromMemorySegment(S, MEMORY, t + 32, LE);
        ByteVector f3 = fromMemorySegment(S, MEMORY, t + 48, LE);
        ByteVector f4 = fromMemorySegment(S, MEMORY, t + 64, LE);
        ByteVector f5 = fromMemorySegment(S, MEMORY, t + 80, LE);
        ByteVector f6 = fromMemorySegment(S, MEMORY, t + 96, LE);
        ByteVector f7 = fromMemorySegment(S, MEMORY, t + 112, LE);
        ByteVector g0 = fromMemorySegment(S, MEMORY, t + 128, LE);
        ByteVector g1 = fromMemorySegment(S, MEMORY, t + 144, LE);
        ByteVector g2 = fromMemorySegment(S, MEMORY, t + 160, LE);
        ByteVector g3 = fromMemorySegment(S, MEMORY, t + 176, LE);
        ByteVector g4 = fromMemorySegment(S, MEMORY, t + 192, LE);
        ByteVector g5 = fromMemorySegment(S, MEMORY, t + 208, LE);
        ByteVector g6 = fromMemorySegment(S, MEMORY, t + 224, LE);
        ByteVector g7 = fromMemorySegment(S, MEMORY, t + 240, LE);
        for (long p = 0; p < bytes; p += BLOCK) {
            ByteVector lo = fromMemorySegment(S, MEMORY, io + p, LE);
            ByteVector hi = fromMemorySegment(S, MEMORY, io + p + V, LE);
            ByteVector n0 = lo.and(NIBBLE);
            ByteVector n2 = hi.and(NIBBLE);
            ByteVector n1 =
                    lo.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .and(NIBBLE);
            ByteVector n3 =
                    hi.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .and(NIBBLE);
            fromMemorySegment(S, MEMORY, x + p, LE)
                    .lanewise(VectorOperators.XOR, n0.selectFrom(f0))
                    .lanewise(VectorOperators.XOR, n1.selectFrom(f1))
                    .lanewise(VectorOperators.XOR, n2.selectFrom(f2))
                    .lanewise(VectorOperators.XOR, n3.selectFrom(f3))
                    .intoMemorySegment(MEMORY, x + p, LE);
            fromMemorySegment(S, MEMORY, x + p + V, LE)
                    .lanewise(VectorOperators.XOR, n0.selectFrom(f4))
                    .lanewise(VectorOperators.XOR, n1.selectFrom(f5))
                    .lanewise(VectorOperators.XOR, n2.selectFrom(f6))
                    .lanewise(VectorOperators.XOR, n3.selectFrom(f7))
                    .intoMemorySegment(MEMORY, x + p + V, LE);
            fromMemorySegment(S, MEMORY, y + p, LE)
                    .lanewise(VectorOperators.XOR, n0.selectFrom(g0))
                    .lanewise(VectorOperators.XOR, n1.selectFrom(g1))
                    .lanewise(VectorOperators.XOR, n2.selectFrom(g2))
                    .lanewise(VectorOperators.XOR, n3.selectFrom(g3))
                    .intoMemorySegment(MEMORY, y + p, LE);
            fromMemorySegment(S, MEMORY, y + p + V, LE)
                    .lanewise(VectorOperators.XOR, n0.selectFrom(g4))
                    .lanewise(VectorOperators.XOR, n1.selectFrom(g5))
                    .lanewise(VectorOperators.XOR, n2.selectFrom(g6))
                    .lanewise(VectorOperators.XOR, n3.selectFrom(g7))
                    .intoMemorySegment(MEMORY, y + p + V, LE);
        }
    }
}
