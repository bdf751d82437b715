package net.spillway.fec.engine;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;
import static net.spillway.fec.engine.OffHeap.MEMORY;
import static net.spillway.fec.engine.OffHeap.address;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link VectorFft}: what {@code net.spillway.fec.transform} does to one word,
 * done to 64 words at a time. An element is 64 low and 64 high bytes of words, which are
 * coordinates over GF(2^8) (see {@link Tower}); so a factor out of GF(2^8) acts on every byte
 * alike, and whole runs of elements are treated as bytes.
 *
 * <p>Like those of {@link VectorKernels} these loops are written out by hand and take off-heap
 * segments only, and for the same reason: what C2 does not inline becomes objects. A factor comes
 * as tables of 16 products, see {@link NibbleTables}. The caller checks all bounds.
 */
final class TransformKernels {
    /** Bytes of an element. */
    static final int ELEMENT = 128;

    /** Bytes of the low and of the high bytes of an element. */
    private static final int PLANE = 64;

    /** Constant, or C2 could not tell the shape of the vectors. */
    private static final VectorSpecies<Byte> S = VectorCpu.species();

    private static final int V = S.length();
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final byte NIBBLE = 15;

    private TransformKernels() {}

    /**
     * Sixteen elements (or runs of them, {@code bytes} long) that begin {@code stride} bytes apart,
     * from powers to the novel basis. See {@code NovelBasis.convert} with m = 4.
     */
    static void convert16(long at, long stride, int bytes) {
        for (long p = at; p < at + bytes; p += V) {
            ByteVector f0 = fromMemorySegment(S, MEMORY, p, LE);
            ByteVector f1 = fromMemorySegment(S, MEMORY, p + stride, LE);
            ByteVector f2 = fromMemorySegment(S, MEMORY, p + 2 * stride, LE);
            ByteVector f3 = fromMemorySegment(S, MEMORY, p + 3 * stride, LE);
            ByteVector f4 = fromMemorySegment(S, MEMORY, p + 4 * stride, LE);
            ByteVector f5 = fromMemorySegment(S, MEMORY, p + 5 * stride, LE);
            ByteVector f6 = fromMemorySegment(S, MEMORY, p + 6 * stride, LE);
            ByteVector f7 = fromMemorySegment(S, MEMORY, p + 7 * stride, LE);
            ByteVector f8 = fromMemorySegment(S, MEMORY, p + 8 * stride, LE);
            ByteVector f9 = fromMemorySegment(S, MEMORY, p + 9 * stride, LE);
            ByteVector fa = fromMemorySegment(S, MEMORY, p + 10 * stride, LE);
            ByteVector fb = fromMemorySegment(S, MEMORY, p + 11 * stride, LE);
            ByteVector fc = fromMemorySegment(S, MEMORY, p + 12 * stride, LE);
            ByteVector fd = fromMemorySegment(S, MEMORY, p + 13 * stride, LE);
            ByteVector fe = fromMemorySegment(S, MEMORY, p + 14 * stride, LE);
            ByteVector ff = fromMemorySegment(S, MEMORY, p + 15 * stride, LE);
            f9 = f9.lanewise(XOR, ff);
            f8 = f8.lanewise(XOR, fe);
            f7 = f7.lanewise(XOR, fd);
            f6 = f6.lanewise(XOR, fc);
            f5 = f5.lanewise(XOR, fb);
            f4 = f4.lanewise(XOR, fa);
            f3 = f3.lanewise(XOR, f9);
            f2 = f2.lanewise(XOR, f8);
            fc = fc.lanewise(XOR, ff);
            fb = fb.lanewise(XOR, fe);
            fa = fa.lanewise(XOR, fd);
            f9 = f9.lanewise(XOR, fc);
            f4 = f4.lanewise(XOR, f7);
            f3 = f3.lanewise(XOR, f6);
            f2 = f2.lanewise(XOR, f5);
            f1 = f1.lanewise(XOR, f4);
            fe = fe.lanewise(XOR, ff);
            fd = fd.lanewise(XOR, fe);
            fa = fa.lanewise(XOR, fb);
            f9 = f9.lanewise(XOR, fa);
            f6 = f6.lanewise(XOR, f7);
            f5 = f5.lanewise(XOR, f6);
            f2 = f2.lanewise(XOR, f3);
            f1 = f1.lanewise(XOR, f2);
            fb = fb.lanewise(XOR, ff);
            fa = fa.lanewise(XOR, fe);
            f9 = f9.lanewise(XOR, fd);
            f8 = f8.lanewise(XOR, fc);
            f7 = f7.lanewise(XOR, fb);
            f6 = f6.lanewise(XOR, fa);
            f5 = f5.lanewise(XOR, f9);
            f4 = f4.lanewise(XOR, f8);
            f1.intoMemorySegment(MEMORY, p + stride, LE);
            f2.intoMemorySegment(MEMORY, p + 2 * stride, LE);
            f3.intoMemorySegment(MEMORY, p + 3 * stride, LE);
            f4.intoMemorySegment(MEMORY, p + 4 * stride, LE);
            f5.intoMemorySegment(MEMORY, p + 5 * stride, LE);
            f6.intoMemorySegment(MEMORY, p + 6 * stride, LE);
            f7.intoMemorySegment(MEMORY, p + 7 * stride, LE);
            f8.intoMemorySegment(MEMORY, p + 8 * stride, LE);
            f9.intoMemorySegment(MEMORY, p + 9 * stride, LE);
            fa.intoMemorySegment(MEMORY, p + 10 * stride, LE);
            fb.intoMemorySegment(MEMORY, p + 11 * stride, LE);
            fc.intoMemorySegment(MEMORY, p + 12 * stride, LE);
            fd.intoMemorySegment(MEMORY, p + 13 * stride, LE);
            fe.intoMemorySegment(MEMORY, p + 14 * stride, LE);
        }
    }

    /** The transpose of {@link #convert16}. */
    static void convert16Transposed(long at, long stride, int bytes) {
        for (long p = at; p < at + bytes; p += V) {
            ByteVector f0 = fromMemorySegment(S, MEMORY, p, LE);
            ByteVector f1 = fromMemorySegment(S, MEMORY, p + stride, LE);
            ByteVector f2 = fromMemorySegment(S, MEMORY, p + 2 * stride, LE);
            ByteVector f3 = fromMemorySegment(S, MEMORY, p + 3 * stride, LE);
            ByteVector f4 = fromMemorySegment(S, MEMORY, p + 4 * stride, LE);
            ByteVector f5 = fromMemorySegment(S, MEMORY, p + 5 * stride, LE);
            ByteVector f6 = fromMemorySegment(S, MEMORY, p + 6 * stride, LE);
            ByteVector f7 = fromMemorySegment(S, MEMORY, p + 7 * stride, LE);
            ByteVector f8 = fromMemorySegment(S, MEMORY, p + 8 * stride, LE);
            ByteVector f9 = fromMemorySegment(S, MEMORY, p + 9 * stride, LE);
            ByteVector fa = fromMemorySegment(S, MEMORY, p + 10 * stride, LE);
            ByteVector fb = fromMemorySegment(S, MEMORY, p + 11 * stride, LE);
            ByteVector fc = fromMemorySegment(S, MEMORY, p + 12 * stride, LE);
            ByteVector fd = fromMemorySegment(S, MEMORY, p + 13 * stride, LE);
            ByteVector fe = fromMemorySegment(S, MEMORY, p + 14 * stride, LE);
            ByteVector ff = fromMemorySegment(S, MEMORY, p + 15 * stride, LE);
            f8 = f8.lanewise(XOR, f4);
            f9 = f9.lanewise(XOR, f5);
            fa = fa.lanewise(XOR, f6);
            fb = fb.lanewise(XOR, f7);
            fc = fc.lanewise(XOR, f8);
            fd = fd.lanewise(XOR, f9);
            fe = fe.lanewise(XOR, fa);
            ff = ff.lanewise(XOR, fb);
            f2 = f2.lanewise(XOR, f1);
            f3 = f3.lanewise(XOR, f2);
            f6 = f6.lanewise(XOR, f5);
            f7 = f7.lanewise(XOR, f6);
            fa = fa.lanewise(XOR, f9);
            fb = fb.lanewise(XOR, fa);
            fe = fe.lanewise(XOR, fd);
            ff = ff.lanewise(XOR, fe);
            f4 = f4.lanewise(XOR, f1);
            f5 = f5.lanewise(XOR, f2);
            f6 = f6.lanewise(XOR, f3);
            f7 = f7.lanewise(XOR, f4);
            fc = fc.lanewise(XOR, f9);
            fd = fd.lanewise(XOR, fa);
            fe = fe.lanewise(XOR, fb);
            ff = ff.lanewise(XOR, fc);
            f8 = f8.lanewise(XOR, f2);
            f9 = f9.lanewise(XOR, f3);
            fa = fa.lanewise(XOR, f4);
            fb = fb.lanewise(XOR, f5);
            fc = fc.lanewise(XOR, f6);
            fd = fd.lanewise(XOR, f7);
            fe = fe.lanewise(XOR, f8);
            ff = ff.lanewise(XOR, f9);
            f2.intoMemorySegment(MEMORY, p + 2 * stride, LE);
            f3.intoMemorySegment(MEMORY, p + 3 * stride, LE);
            f4.intoMemorySegment(MEMORY, p + 4 * stride, LE);
            f5.intoMemorySegment(MEMORY, p + 5 * stride, LE);
            f6.intoMemorySegment(MEMORY, p + 6 * stride, LE);
            f7.intoMemorySegment(MEMORY, p + 7 * stride, LE);
            f8.intoMemorySegment(MEMORY, p + 8 * stride, LE);
            f9.intoMemorySegment(MEMORY, p + 9 * stride, LE);
            fa.intoMemorySegment(MEMORY, p + 10 * stride, LE);
            fb.intoMemorySegment(MEMORY, p + 11 * stride, LE);
            fc.intoMemorySegment(MEMORY, p + 12 * stride, LE);
            fd.intoMemorySegment(MEMORY, p + 13 * stride, LE);
            fe.intoMemorySegment(MEMORY, p + 14 * stride, LE);
            ff.intoMemorySegment(MEMORY, p + 15 * stride, LE);
        }
    }

    /**
     * Adds element {@code j} to element {@code j - shift}, for j from {@code to - 1} down to {@code
     * from}.
     */
    static void addDown(long at, int from, int to, int shift) {
        for (int j = to - 1; j >= from; j--) {
            long a = at + (long) j * ELEMENT;
            long b = a - (long) shift * ELEMENT;
            for (int k = 0; k < ELEMENT; k += 2 * V) {
                ByteVector x = fromMemorySegment(S, MEMORY, b + k, LE);
                ByteVector y = fromMemorySegment(S, MEMORY, b + k + V, LE);
                x = x.lanewise(XOR, fromMemorySegment(S, MEMORY, a + k, LE));
                y = y.lanewise(XOR, fromMemorySegment(S, MEMORY, a + k + V, LE));
                x.intoMemorySegment(MEMORY, b + k, LE);
                y.intoMemorySegment(MEMORY, b + k + V, LE);
            }
        }
    }

    /**
     * Adds element {@code j - shift} to element {@code j}, for j from {@code from} up to {@code to
     * - 1}.
     */
    static void addUp(long at, int from, int to, int shift) {
        for (int j = from; j < to; j++) {
            long a = at + (long) j * ELEMENT;
            long b = a - (long) shift * ELEMENT;
            for (int k = 0; k < ELEMENT; k += 2 * V) {
                ByteVector x = fromMemorySegment(S, MEMORY, b + k, LE);
                ByteVector y = fromMemorySegment(S, MEMORY, b + k + V, LE);
                x = x.lanewise(XOR, fromMemorySegment(S, MEMORY, a + k, LE));
                y = y.lanewise(XOR, fromMemorySegment(S, MEMORY, a + k + V, LE));
                x.intoMemorySegment(MEMORY, a + k, LE);
                y.intoMemorySegment(MEMORY, a + k + V, LE);
            }
        }
    }

    /**
     * Two layers of butterflies with factors out of GF(2^8), on {@code count} blocks of four times
     * {@code quarter} elements. Each block has three factors at {@code t}: that of the upper layer,
     * and those of the lower and of the upper half in the lower layer.
     */
    static void quads(long at, int quarter, int count, long t) {
        long q = (long) quarter * ELEMENT;
        for (int b = 0; b < count; b++) {
            long to = t + b * 96L;
            ByteVector a0 = fromMemorySegment(S, MEMORY, to, LE);
            ByteVector a1 = fromMemorySegment(S, MEMORY, to + 16, LE);
            ByteVector b0 = fromMemorySegment(S, MEMORY, to + 32, LE);
            ByteVector b1 = fromMemorySegment(S, MEMORY, to + 48, LE);
            ByteVector c0 = fromMemorySegment(S, MEMORY, to + 64, LE);
            ByteVector c1 = fromMemorySegment(S, MEMORY, to + 80, LE);
            long p = at + b * 4 * q;
            for (long i = p; i < p + q; i += V) {
                ByteVector x0 = fromMemorySegment(S, MEMORY, i, LE);
                ByteVector x1 = fromMemorySegment(S, MEMORY, i + q, LE);
                ByteVector x2 = fromMemorySegment(S, MEMORY, i + 2 * q, LE);
                ByteVector x3 = fromMemorySegment(S, MEMORY, i + 3 * q, LE);
                ByteVector n2 =
                        x2.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x0 = x0.lanewise(XOR, x2.and(NIBBLE).selectFrom(a0));
                x0 = x0.lanewise(XOR, n2.selectFrom(a1));
                ByteVector n3 =
                        x3.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x1 = x1.lanewise(XOR, x3.and(NIBBLE).selectFrom(a0));
                x1 = x1.lanewise(XOR, n3.selectFrom(a1));
                x2 = x2.lanewise(XOR, x0);
                x3 = x3.lanewise(XOR, x1);
                ByteVector n1 =
                        x1.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x0 = x0.lanewise(XOR, x1.and(NIBBLE).selectFrom(b0));
                x0 = x0.lanewise(XOR, n1.selectFrom(b1));
                ByteVector n3b =
                        x3.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x2 = x2.lanewise(XOR, x3.and(NIBBLE).selectFrom(c0));
                x2 = x2.lanewise(XOR, n3b.selectFrom(c1));
                x1 = x1.lanewise(XOR, x0);
                x3 = x3.lanewise(XOR, x2);
                x0.intoMemorySegment(MEMORY, i, LE);
                x1.intoMemorySegment(MEMORY, i + q, LE);
                x2.intoMemorySegment(MEMORY, i + 2 * q, LE);
                x3.intoMemorySegment(MEMORY, i + 3 * q, LE);
            }
        }
    }

    /** The transpose of {@link #quads}: the lower layer first. */
    static void quadsTransposed(long at, int quarter, int count, long t) {
        long q = (long) quarter * ELEMENT;
        for (int b = 0; b < count; b++) {
            long to = t + b * 96L;
            ByteVector a0 = fromMemorySegment(S, MEMORY, to, LE);
            ByteVector a1 = fromMemorySegment(S, MEMORY, to + 16, LE);
            ByteVector b0 = fromMemorySegment(S, MEMORY, to + 32, LE);
            ByteVector b1 = fromMemorySegment(S, MEMORY, to + 48, LE);
            ByteVector c0 = fromMemorySegment(S, MEMORY, to + 64, LE);
            ByteVector c1 = fromMemorySegment(S, MEMORY, to + 80, LE);
            long p = at + b * 4 * q;
            for (long i = p; i < p + q; i += V) {
                ByteVector x0 = fromMemorySegment(S, MEMORY, i, LE);
                ByteVector x1 = fromMemorySegment(S, MEMORY, i + q, LE);
                ByteVector x2 = fromMemorySegment(S, MEMORY, i + 2 * q, LE);
                ByteVector x3 = fromMemorySegment(S, MEMORY, i + 3 * q, LE);
                x0 = x0.lanewise(XOR, x1);
                x2 = x2.lanewise(XOR, x3);
                ByteVector n0 =
                        x0.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x1 = x1.lanewise(XOR, x0.and(NIBBLE).selectFrom(b0));
                x1 = x1.lanewise(XOR, n0.selectFrom(b1));
                ByteVector n2 =
                        x2.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x3 = x3.lanewise(XOR, x2.and(NIBBLE).selectFrom(c0));
                x3 = x3.lanewise(XOR, n2.selectFrom(c1));
                x0 = x0.lanewise(XOR, x2);
                x1 = x1.lanewise(XOR, x3);
                ByteVector n0b =
                        x0.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x2 = x2.lanewise(XOR, x0.and(NIBBLE).selectFrom(a0));
                x2 = x2.lanewise(XOR, n0b.selectFrom(a1));
                ByteVector n1 =
                        x1.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x3 = x3.lanewise(XOR, x1.and(NIBBLE).selectFrom(a0));
                x3 = x3.lanewise(XOR, n1.selectFrom(a1));
                x0.intoMemorySegment(MEMORY, i, LE);
                x1.intoMemorySegment(MEMORY, i + q, LE);
                x2.intoMemorySegment(MEMORY, i + 2 * q, LE);
                x3.intoMemorySegment(MEMORY, i + 3 * q, LE);
            }
        }
    }

    /**
     * A layer of butterflies with one factor out of GF(2^8): on two runs of {@code half} elements.
     */
    static void pairs(long at, int half, long t) {
        long h = (long) half * ELEMENT;
        ByteVector t0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector t1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        for (long i = at; i < at + h; i += V) {
            ByteVector u = fromMemorySegment(S, MEMORY, i, LE);
            ByteVector v = fromMemorySegment(S, MEMORY, i + h, LE);
            ByteVector n = v.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
            u = u.lanewise(XOR, v.and(NIBBLE).selectFrom(t0));
            u = u.lanewise(XOR, n.selectFrom(t1));
            v = v.lanewise(XOR, u);
            u.intoMemorySegment(MEMORY, i, LE);
            v.intoMemorySegment(MEMORY, i + h, LE);
        }
    }

    /** The transpose of {@link #pairs}. */
    static void pairsTransposed(long at, int half, long t) {
        long h = (long) half * ELEMENT;
        ByteVector t0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector t1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        for (long i = at; i < at + h; i += V) {
            ByteVector u = fromMemorySegment(S, MEMORY, i, LE);
            ByteVector v = fromMemorySegment(S, MEMORY, i + h, LE);
            u = u.lanewise(XOR, v);
            ByteVector n = u.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
            v = v.lanewise(XOR, u.and(NIBBLE).selectFrom(t0));
            v = v.lanewise(XOR, n.selectFrom(t1));
            u.intoMemorySegment(MEMORY, i, LE);
            v.intoMemorySegment(MEMORY, i + h, LE);
        }
    }

    /** Like {@link #pairs} with a factor out of all of GF(2^16). */
    static void widePairs(long at, int half, long t) {
        long h = (long) half * ELEMENT;
        ByteVector l0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector l1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, MEMORY, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, MEMORY, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, MEMORY, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, MEMORY, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, MEMORY, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, MEMORY, t + 112, LE);
        for (long i = at; i < at + h; i += ELEMENT) {
            for (long u = i; u < i + PLANE; u += V) {
                ByteVector lo = fromMemorySegment(S, MEMORY, u + h, LE);
                ByteVector hi = fromMemorySegment(S, MEMORY, u + h + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector x =
                        fromMemorySegment(S, MEMORY, u, LE)
                                .lanewise(XOR, n0.selectFrom(l0))
                                .lanewise(XOR, n1.selectFrom(l1))
                                .lanewise(XOR, n2.selectFrom(l2))
                                .lanewise(XOR, n3.selectFrom(l3));
                ByteVector y =
                        fromMemorySegment(S, MEMORY, u + PLANE, LE)
                                .lanewise(XOR, n0.selectFrom(h0))
                                .lanewise(XOR, n1.selectFrom(h1))
                                .lanewise(XOR, n2.selectFrom(h2))
                                .lanewise(XOR, n3.selectFrom(h3));
                x.intoMemorySegment(MEMORY, u, LE);
                y.intoMemorySegment(MEMORY, u + PLANE, LE);
                lo = lo.lanewise(XOR, x);
                hi = hi.lanewise(XOR, y);
                lo.intoMemorySegment(MEMORY, u + h, LE);
                hi.intoMemorySegment(MEMORY, u + h + PLANE, LE);
            }
        }
    }

    /** The transpose of {@link #widePairs}. */
    static void widePairsTransposed(long at, int half, long t) {
        long h = (long) half * ELEMENT;
        ByteVector l0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector l1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, MEMORY, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, MEMORY, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, MEMORY, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, MEMORY, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, MEMORY, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, MEMORY, t + 112, LE);
        for (long i = at; i < at + h; i += ELEMENT) {
            for (long u = i; u < i + PLANE; u += V) {
                ByteVector x = fromMemorySegment(S, MEMORY, u + h, LE);
                ByteVector y = fromMemorySegment(S, MEMORY, u + h + PLANE, LE);
                ByteVector lo = x.lanewise(XOR, fromMemorySegment(S, MEMORY, u, LE));
                ByteVector hi = y.lanewise(XOR, fromMemorySegment(S, MEMORY, u + PLANE, LE));
                lo.intoMemorySegment(MEMORY, u, LE);
                hi.intoMemorySegment(MEMORY, u + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                x =
                        x
                                .lanewise(XOR, n0.selectFrom(l0))
                                .lanewise(XOR, n1.selectFrom(l1))
                                .lanewise(XOR, n2.selectFrom(l2))
                                .lanewise(XOR, n3.selectFrom(l3));
                y =
                        y
                                .lanewise(XOR, n0.selectFrom(h0))
                                .lanewise(XOR, n1.selectFrom(h1))
                                .lanewise(XOR, n2.selectFrom(h2))
                                .lanewise(XOR, n3.selectFrom(h3));
                x.intoMemorySegment(MEMORY, u + h, LE);
                y.intoMemorySegment(MEMORY, u + h + PLANE, LE);
            }
        }
    }

    /**
     * Multiplies {@code groups} times 64 consecutive words by a factor and sorts their bytes into
     * elements {@code stride} bytes apart.
     */
    static void load(
            MemorySegment src, long from, MemorySegment tables, long t, MemorySegment dst, long to,
            long stride, int groups) {
        load(
                address(src, from, (long) groups * ELEMENT),
                address(tables, t, NibbleTables.WIDE),
                address(dst, to, (groups - 1) * stride + ELEMENT),
                stride,
                groups);
    }

    /**
     * Multiplies elements {@code stride} bytes apart by a factor and adds them, as words again, to
     * consecutive words: the opposite of {@link #load}.
     */
    static void store(
            MemorySegment w, long from, long stride, MemorySegment tables, long t,
            MemorySegment dst, long to, int groups) {
        store(
                address(w, from, (groups - 1) * stride + ELEMENT),
                stride,
                address(tables, t, NibbleTables.WIDE),
                address(dst, to, (long) groups * ELEMENT),
                groups);
    }

    /**
     * Multiplies each element by a factor of its own, the tables of which follow one another, and
     * adds it to a sum.
     */
    static void addProducts(
            MemorySegment w, long at, MemorySegment tables, long t, MemorySegment sums, long to,
            int count) {
        addProducts(
                address(w, at, (long) count * ELEMENT),
                address(tables, t, (long) count * NibbleTables.WIDE),
                address(sums, to, (long) count * ELEMENT),
                count);
    }

    static void load(long from, long t, long to, long stride, int groups) {
        ByteVector l0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector l1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, MEMORY, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, MEMORY, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, MEMORY, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, MEMORY, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, MEMORY, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, MEMORY, t + 112, LE);
        for (int g = 0; g < groups; g++) {
            long s = from + (long) g * ELEMENT;
            long d = to + g * stride;
            for (int k = 0; k < PLANE; k += V, s += 2 * V, d += V) {
                IntVector a = fromMemorySegment(S, MEMORY, s, LE).reinterpretAsInts();
                IntVector b = fromMemorySegment(S, MEMORY, s + V, LE).reinterpretAsInts();
                ByteVector lo =
                        a
                                .and(0x00ff00ff)
                                .or(b.lanewise(LSHL, 8).and(0xff00ff00))
                                .reinterpretAsBytes();
                ByteVector hi =
                        a
                                .lanewise(LSHR, 8)
                                .and(0x00ff00ff)
                                .or(b.and(0xff00ff00))
                                .reinterpretAsBytes();
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                n0
                        .selectFrom(l0)
                        .lanewise(XOR, n1.selectFrom(l1))
                        .lanewise(XOR, n2.selectFrom(l2))
                        .lanewise(XOR, n3.selectFrom(l3))
                        .intoMemorySegment(MEMORY, d, LE);
                n0
                        .selectFrom(h0)
                        .lanewise(XOR, n1.selectFrom(h1))
                        .lanewise(XOR, n2.selectFrom(h2))
                        .lanewise(XOR, n3.selectFrom(h3))
                        .intoMemorySegment(MEMORY, d + PLANE, LE);
            }
        }
    }

    static void store(long from, long stride, long t, long to, int groups) {
        ByteVector l0 = fromMemorySegment(S, MEMORY, t, LE);
        ByteVector l1 = fromMemorySegment(S, MEMORY, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, MEMORY, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, MEMORY, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, MEMORY, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, MEMORY, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, MEMORY, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, MEMORY, t + 112, LE);
        for (int g = 0; g < groups; g++) {
            long s = from + g * stride;
            long d = to + (long) g * ELEMENT;
            for (int k = 0; k < PLANE; k += V, s += V, d += 2 * V) {
                ByteVector lo = fromMemorySegment(S, MEMORY, s, LE);
                ByteVector hi = fromMemorySegment(S, MEMORY, s + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                IntVector l =
                        n0
                                .selectFrom(l0)
                                .lanewise(XOR, n1.selectFrom(l1))
                                .lanewise(XOR, n2.selectFrom(l2))
                                .lanewise(XOR, n3.selectFrom(l3))
                                .reinterpretAsInts();
                IntVector h =
                        n0
                                .selectFrom(h0)
                                .lanewise(XOR, n1.selectFrom(h1))
                                .lanewise(XOR, n2.selectFrom(h2))
                                .lanewise(XOR, n3.selectFrom(h3))
                                .reinterpretAsInts();
                l
                        .and(0x00ff00ff)
                        .or(h.lanewise(LSHL, 8).and(0xff00ff00))
                        .reinterpretAsBytes()
                        .lanewise(XOR, fromMemorySegment(S, MEMORY, d, LE))
                        .intoMemorySegment(MEMORY, d, LE);
                l
                        .lanewise(LSHR, 8)
                        .and(0x00ff00ff)
                        .or(h.and(0xff00ff00))
                        .reinterpretAsBytes()
                        .lanewise(XOR, fromMemorySegment(S, MEMORY, d + V, LE))
                        .intoMemorySegment(MEMORY, d + V, LE);
            }
        }
    }

    static void addProducts(long at, long t, long to, int count) {
        for (int j = 0; j < count; j++) {
            long tj = t + (long) j * NibbleTables.WIDE;
            ByteVector l0 = fromMemorySegment(S, MEMORY, tj, LE);
            ByteVector l1 = fromMemorySegment(S, MEMORY, tj + 16, LE);
            ByteVector l2 = fromMemorySegment(S, MEMORY, tj + 32, LE);
            ByteVector l3 = fromMemorySegment(S, MEMORY, tj + 48, LE);
            ByteVector h0 = fromMemorySegment(S, MEMORY, tj + 64, LE);
            ByteVector h1 = fromMemorySegment(S, MEMORY, tj + 80, LE);
            ByteVector h2 = fromMemorySegment(S, MEMORY, tj + 96, LE);
            ByteVector h3 = fromMemorySegment(S, MEMORY, tj + 112, LE);
            long s = at + (long) j * ELEMENT;
            long d = to + (long) j * ELEMENT;
            for (int k = 0; k < PLANE; k += V, s += V, d += V) {
                ByteVector lo = fromMemorySegment(S, MEMORY, s, LE);
                ByteVector hi = fromMemorySegment(S, MEMORY, s + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                fromMemorySegment(S, MEMORY, d, LE)
                        .lanewise(XOR, n0.selectFrom(l0))
                        .lanewise(XOR, n1.selectFrom(l1))
                        .lanewise(XOR, n2.selectFrom(l2))
                        .lanewise(XOR, n3.selectFrom(l3))
                        .intoMemorySegment(MEMORY, d, LE);
                fromMemorySegment(S, MEMORY, d + PLANE, LE)
                        .lanewise(XOR, n0.selectFrom(h0))
                        .lanewise(XOR, n1.selectFrom(h1))
                        .lanewise(XOR, n2.selectFrom(h2))
                        .lanewise(XOR, n3.selectFrom(h3))
                        .intoMemorySegment(MEMORY, d + PLANE, LE);
            }
        }
    }
}
