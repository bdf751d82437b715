package net.spillway.fec.engine;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

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
    static void convert16(MemorySegment w, long at, long stride, int bytes) {
        for (long p = at; p < at + bytes; p += V) {
            ByteVector f0 = fromMemorySegment(S, w, p, LE);
            ByteVector f1 = fromMemorySegment(S, w, p + stride, LE);
            ByteVector f2 = fromMemorySegment(S, w, p + 2 * stride, LE);
            ByteVector f3 = fromMemorySegment(S, w, p + 3 * stride, LE);
            ByteVector f4 = fromMemorySegment(S, w, p + 4 * stride, LE);
            ByteVector f5 = fromMemorySegment(S, w, p + 5 * stride, LE);
            ByteVector f6 = fromMemorySegment(S, w, p + 6 * stride, LE);
            ByteVector f7 = fromMemorySegment(S, w, p + 7 * stride, LE);
            ByteVector f8 = fromMemorySegment(S, w, p + 8 * stride, LE);
            ByteVector f9 = fromMemorySegment(S, w, p + 9 * stride, LE);
            ByteVector fa = fromMemorySegment(S, w, p + 10 * stride, LE);
            ByteVector fb = fromMemorySegment(S, w, p + 11 * stride, LE);
            ByteVector fc = fromMemorySegment(S, w, p + 12 * stride, LE);
            ByteVector fd = fromMemorySegment(S, w, p + 13 * stride, LE);
            ByteVector fe = fromMemorySegment(S, w, p + 14 * stride, LE);
            ByteVector ff = fromMemorySegment(S, w, p + 15 * stride, LE);
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
            f1.intoMemorySegment(w, p + stride, LE);
            f2.intoMemorySegment(w, p + 2 * stride, LE);
            f3.intoMemorySegment(w, p + 3 * stride, LE);
            f4.intoMemorySegment(w, p + 4 * stride, LE);
            f5.intoMemorySegment(w, p + 5 * stride, LE);
            f6.intoMemorySegment(w, p + 6 * stride, LE);
            f7.intoMemorySegment(w, p + 7 * stride, LE);
            f8.intoMemorySegment(w, p + 8 * stride, LE);
            f9.intoMemorySegment(w, p + 9 * stride, LE);
            fa.intoMemorySegment(w, p + 10 * stride, LE);
            fb.intoMemorySegment(w, p + 11 * stride, LE);
            fc.intoMemorySegment(w, p + 12 * stride, LE);
            fd.intoMemorySegment(w, p + 13 * stride, LE);
            fe.intoMemorySegment(w, p + 14 * stride, LE);
        }
    }

    /** The transpose of {@link #convert16}. */
    static void convert16Transposed(MemorySegment w, long at, long stride, int bytes) {
        for (long p = at; p < at + bytes; p += V) {
            ByteVector f0 = fromMemorySegment(S, w, p, LE);
            ByteVector f1 = fromMemorySegment(S, w, p + stride, LE);
            ByteVector f2 = fromMemorySegment(S, w, p + 2 * stride, LE);
            ByteVector f3 = fromMemorySegment(S, w, p + 3 * stride, LE);
            ByteVector f4 = fromMemorySegment(S, w, p + 4 * stride, LE);
            ByteVector f5 = fromMemorySegment(S, w, p + 5 * stride, LE);
            ByteVector f6 = fromMemorySegment(S, w, p + 6 * stride, LE);
            ByteVector f7 = fromMemorySegment(S, w, p + 7 * stride, LE);
            ByteVector f8 = fromMemorySegment(S, w, p + 8 * stride, LE);
            ByteVector f9 = fromMemorySegment(S, w, p + 9 * stride, LE);
            ByteVector fa = fromMemorySegment(S, w, p + 10 * stride, LE);
            ByteVector fb = fromMemorySegment(S, w, p + 11 * stride, LE);
            ByteVector fc = fromMemorySegment(S, w, p + 12 * stride, LE);
            ByteVector fd = fromMemorySegment(S, w, p + 13 * stride, LE);
            ByteVector fe = fromMemorySegment(S, w, p + 14 * stride, LE);
            ByteVector ff = fromMemorySegment(S, w, p + 15 * stride, LE);
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
            f2.intoMemorySegment(w, p + 2 * stride, LE);
            f3.intoMemorySegment(w, p + 3 * stride, LE);
            f4.intoMemorySegment(w, p + 4 * stride, LE);
            f5.intoMemorySegment(w, p + 5 * stride, LE);
            f6.intoMemorySegment(w, p + 6 * stride, LE);
            f7.intoMemorySegment(w, p + 7 * stride, LE);
            f8.intoMemorySegment(w, p + 8 * stride, LE);
            f9.intoMemorySegment(w, p + 9 * stride, LE);
            fa.intoMemorySegment(w, p + 10 * stride, LE);
            fb.intoMemorySegment(w, p + 11 * stride, LE);
            fc.intoMemorySegment(w, p + 12 * stride, LE);
            fd.intoMemorySegment(w, p + 13 * stride, LE);
            fe.intoMemorySegment(w, p + 14 * stride, LE);
            ff.intoMemorySegment(w, p + 15 * stride, LE);
        }
    }

    /**
     * Adds element {@code j} to element {@code j - shift}, for j from {@code to - 1} down to {@code
     * from}.
     */
    static void addDown(MemorySegment w, long at, int from, int to, int shift) {
        for (int j = to - 1; j >= from; j--) {
            long a = at + (long) j * ELEMENT;
            long b = a - (long) shift * ELEMENT;
            for (int k = 0; k < ELEMENT; k += 2 * V) {
                ByteVector x = fromMemorySegment(S, w, b + k, LE);
                ByteVector y = fromMemorySegment(S, w, b + k + V, LE);
                x = x.lanewise(XOR, fromMemorySegment(S, w, a + k, LE));
                y = y.lanewise(XOR, fromMemorySegment(S, w, a + k + V, LE));
                x.intoMemorySegment(w, b + k, LE);
                y.intoMemorySegment(w, b + k + V, LE);
            }
        }
    }

    /**
     * Adds element {@code j - shift} to element {@code j}, for j from {@code from} up to {@code to
     * - 1}.
     */
    static void addUp(MemorySegment w, long at, int from, int to, int shift) {
        for (int j = from; j < to; j++) {
            long a = at + (long) j * ELEMENT;
            long b = a - (long) shift * ELEMENT;
            for (int k = 0; k < ELEMENT; k += 2 * V) {
                ByteVector x = fromMemorySegment(S, w, b + k, LE);
                ByteVector y = fromMemorySegment(S, w, b + k + V, LE);
                x = x.lanewise(XOR, fromMemorySegment(S, w, a + k, LE));
                y = y.lanewise(XOR, fromMemorySegment(S, w, a + k + V, LE));
                x.intoMemorySegment(w, a + k, LE);
                y.intoMemorySegment(w, a + k + V, LE);
            }
        }
    }

    /**
     * Two layers of butterflies with factors out of GF(2^8), on {@code count} blocks of four times
     * {@code quarter} elements. Each block has three factors at {@code t}: that of the upper layer,
     * and those of the lower and of the upper half in the lower layer.
     */
    static void quads(
            MemorySegment w, long at, int quarter, int count, MemorySegment tables, long t) {
        long q = (long) quarter * ELEMENT;
        for (int b = 0; b < count; b++) {
            long to = t + b * 96L;
            ByteVector a0 = fromMemorySegment(S, tables, to, LE);
            ByteVector a1 = fromMemorySegment(S, tables, to + 16, LE);
            ByteVector b0 = fromMemorySegment(S, tables, to + 32, LE);
            ByteVector b1 = fromMemorySegment(S, tables, to + 48, LE);
            ByteVector c0 = fromMemorySegment(S, tables, to + 64, LE);
            ByteVector c1 = fromMemorySegment(S, tables, to + 80, LE);
            long p = at + b * 4 * q;
            for (long i = p; i < p + q; i += V) {
                ByteVector x0 = fromMemorySegment(S, w, i, LE);
                ByteVector x1 = fromMemorySegment(S, w, i + q, LE);
                ByteVector x2 = fromMemorySegment(S, w, i + 2 * q, LE);
                ByteVector x3 = fromMemorySegment(S, w, i + 3 * q, LE);
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
                x0.intoMemorySegment(w, i, LE);
                x1.intoMemorySegment(w, i + q, LE);
                x2.intoMemorySegment(w, i + 2 * q, LE);
                x3.intoMemorySegment(w, i + 3 * q, LE);
            }
        }
    }

    /** The transpose of {@link #quads}: the lower layer first. */
    static void quadsTransposed(
            MemorySegment w, long at, int quarter, int count, MemorySegment tables, long t) {
        long q = (long) quarter * ELEMENT;
        for (int b = 0; b < count; b++) {
            long to = t + b * 96L;
            ByteVector a0 = fromMemorySegment(S, tables, to, LE);
            ByteVector a1 = fromMemorySegment(S, tables, to + 16, LE);
            ByteVector b0 = fromMemorySegment(S, tables, to + 32, LE);
            ByteVector b1 = fromMemorySegment(S, tables, to + 48, LE);
            ByteVector c0 = fromMemorySegment(S, tables, to + 64, LE);
            ByteVector c1 = fromMemorySegment(S, tables, to + 80, LE);
            long p = at + b * 4 * q;
            for (long i = p; i < p + q; i += V) {
                ByteVector x0 = fromMemorySegment(S, w, i, LE);
                ByteVector x1 = fromMemorySegment(S, w, i + q, LE);
                ByteVector x2 = fromMemorySegment(S, w, i + 2 * q, LE);
                ByteVector x3 = fromMemorySegment(S, w, i + 3 * q, LE);
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
                x0.intoMemorySegment(w, i, LE);
                x1.intoMemorySegment(w, i + q, LE);
                x2.intoMemorySegment(w, i + 2 * q, LE);
                x3.intoMemorySegment(w, i + 3 * q, LE);
            }
        }
    }

    /**
     * A layer of butterflies with one factor out of GF(2^8): on two runs of {@code half} elements.
     */
    static void pairs(MemorySegment w, long at, int half, MemorySegment tables, long t) {
        long h = (long) half * ELEMENT;
        ByteVector t0 = fromMemorySegment(S, tables, t, LE);
        ByteVector t1 = fromMemorySegment(S, tables, t + 16, LE);
        for (long i = at; i < at + h; i += V) {
            ByteVector u = fromMemorySegment(S, w, i, LE);
            ByteVector v = fromMemorySegment(S, w, i + h, LE);
            ByteVector n = v.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
            u = u.lanewise(XOR, v.and(NIBBLE).selectFrom(t0));
            u = u.lanewise(XOR, n.selectFrom(t1));
            v = v.lanewise(XOR, u);
            u.intoMemorySegment(w, i, LE);
            v.intoMemorySegment(w, i + h, LE);
        }
    }

    /** The transpose of {@link #pairs}. */
    static void pairsTransposed(MemorySegment w, long at, int half, MemorySegment tables, long t) {
        long h = (long) half * ELEMENT;
        ByteVector t0 = fromMemorySegment(S, tables, t, LE);
        ByteVector t1 = fromMemorySegment(S, tables, t + 16, LE);
        for (long i = at; i < at + h; i += V) {
            ByteVector u = fromMemorySegment(S, w, i, LE);
            ByteVector v = fromMemorySegment(S, w, i + h, LE);
            u = u.lanewise(XOR, v);
            ByteVector n = u.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
            v = v.lanewise(XOR, u.and(NIBBLE).selectFrom(t0));
            v = v.lanewise(XOR, n.selectFrom(t1));
            u.intoMemorySegment(w, i, LE);
            v.intoMemorySegment(w, i + h, LE);
        }
    }

    /** Like {@link #pairs} with a factor out of all of GF(2^16). */
    static void widePairs(MemorySegment w, long at, int half, MemorySegment tables, long t) {
        long h = (long) half * ELEMENT;
        ByteVector l0 = fromMemorySegment(S, tables, t, LE);
        ByteVector l1 = fromMemorySegment(S, tables, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, tables, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, tables, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, tables, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, tables, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, tables, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, tables, t + 112, LE);
        for (long i = at; i < at + h; i += ELEMENT) {
            for (long u = i; u < i + PLANE; u += V) {
                ByteVector lo = fromMemorySegment(S, w, u + h, LE);
                ByteVector hi = fromMemorySegment(S, w, u + h + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector x =
                        fromMemorySegment(S, w, u, LE)
                                .lanewise(XOR, n0.selectFrom(l0))
                                .lanewise(XOR, n1.selectFrom(l1))
                                .lanewise(XOR, n2.selectFrom(l2))
                                .lanewise(XOR, n3.selectFrom(l3));
                ByteVector y =
                        fromMemorySegment(S, w, u + PLANE, LE)
                                .lanewise(XOR, n0.selectFrom(h0))
                                .lanewise(XOR, n1.selectFrom(h1))
                                .lanewise(XOR, n2.selectFrom(h2))
                                .lanewise(XOR, n3.selectFrom(h3));
                x.intoMemorySegment(w, u, LE);
                y.intoMemorySegment(w, u + PLANE, LE);
                lo = lo.lanewise(XOR, x);
                hi = hi.lanewise(XOR, y);
                lo.intoMemorySegment(w, u + h, LE);
                hi.intoMemorySegment(w, u + h + PLANE, LE);
            }
        }
    }

    /** The transpose of {@link #widePairs}. */
    static void widePairsTransposed(
            MemorySegment w, long at, int half, MemorySegment tables, long t) {
        long h = (long) half * ELEMENT;
        ByteVector l0 = fromMemorySegment(S, tables, t, LE);
        ByteVector l1 = fromMemorySegment(S, tables, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, tables, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, tables, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, tables, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, tables, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, tables, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, tables, t + 112, LE);
        for (long i = at; i < at + h; i += ELEMENT) {
            for (long u = i; u < i + PLANE; u += V) {
                ByteVector x = fromMemorySegment(S, w, u + h, LE);
                ByteVector y = fromMemorySegment(S, w, u + h + PLANE, LE);
                ByteVector lo = x.lanewise(XOR, fromMemorySegment(S, w, u, LE));
                ByteVector hi = y.lanewise(XOR, fromMemorySegment(S, w, u + PLANE, LE));
                lo.intoMemorySegment(w, u, LE);
                hi.intoMemorySegment(w, u + PLANE, LE);
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
                x.intoMemorySegment(w, u + h, LE);
                y.intoMemorySegment(w, u + h + PLANE, LE);
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
        ByteVector l0 = fromMemorySegment(S, tables, t, LE);
        ByteVector l1 = fromMemorySegment(S, tables, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, tables, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, tables, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, tables, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, tables, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, tables, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, tables, t + 112, LE);
        for (int g = 0; g < groups; g++) {
            long s = from + (long) g * ELEMENT;
            long d = to + g * stride;
            for (int k = 0; k < PLANE; k += V, s += 2 * V, d += V) {
                IntVector a = fromMemorySegment(S, src, s, LE).reinterpretAsInts();
                IntVector b = fromMemorySegment(S, src, s + V, LE).reinterpretAsInts();
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
                        .intoMemorySegment(dst, d, LE);
                n0
                        .selectFrom(h0)
                        .lanewise(XOR, n1.selectFrom(h1))
                        .lanewise(XOR, n2.selectFrom(h2))
                        .lanewise(XOR, n3.selectFrom(h3))
                        .intoMemorySegment(dst, d + PLANE, LE);
            }
        }
    }

    /**
     * Multiplies elements {@code stride} bytes apart by a factor and adds them, as words again, to
     * consecutive words: the opposite of {@link #load}.
     */
    static void store(
            MemorySegment w, long from, long stride, MemorySegment tables, long t,
            MemorySegment dst, long to, int groups) {
        ByteVector l0 = fromMemorySegment(S, tables, t, LE);
        ByteVector l1 = fromMemorySegment(S, tables, t + 16, LE);
        ByteVector l2 = fromMemorySegment(S, tables, t + 32, LE);
        ByteVector l3 = fromMemorySegment(S, tables, t + 48, LE);
        ByteVector h0 = fromMemorySegment(S, tables, t + 64, LE);
        ByteVector h1 = fromMemorySegment(S, tables, t + 80, LE);
        ByteVector h2 = fromMemorySegment(S, tables, t + 96, LE);
        ByteVector h3 = fromMemorySegment(S, tables, t + 112, LE);
        for (int g = 0; g < groups; g++) {
            long s = from + g * stride;
            long d = to + (long) g * ELEMENT;
            for (int k = 0; k < PLANE; k += V, s += V, d += 2 * V) {
                ByteVector lo = fromMemorySegment(S, w, s, LE);
                ByteVector hi = fromMemorySegment(S, w, s + PLANE, LE);
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
                        .lanewise(XOR, fromMemorySegment(S, dst, d, LE))
                        .intoMemorySegment(dst, d, LE);
                l
                        .lanewise(LSHR, 8)
                        .and(0x00ff00ff)
                        .or(h.and(0xff00ff00))
                        .reinterpretAsBytes()
                        .lanewise(XOR, fromMemorySegment(S, dst, d + V, LE))
                        .intoMemorySegment(dst, d + V, LE);
            }
        }
    }

    /**
     * Multiplies each element by a factor of its own, the tables of which follow one another, and
     * adds it to a sum.
     */
    static void addProducts(
            MemorySegment w, long at, MemorySegment tables, long t, MemorySegment sums, long to,
            int count) {
        for (int j = 0; j < count; j++) {
            long tj = t + (long) j * NibbleTables.WIDE;
            ByteVector l0 = fromMemorySegment(S, tables, tj, LE);
            ByteVector l1 = fromMemorySegment(S, tables, tj + 16, LE);
            ByteVector l2 = fromMemorySegment(S, tables, tj + 32, LE);
            ByteVector l3 = fromMemorySegment(S, tables, tj + 48, LE);
            ByteVector h0 = fromMemorySegment(S, tables, tj + 64, LE);
            ByteVector h1 = fromMemorySegment(S, tables, tj + 80, LE);
            ByteVector h2 = fromMemorySegment(S, tables, tj + 96, LE);
            ByteVector h3 = fromMemorySegment(S, tables, tj + 112, LE);
            long s = at + (long) j * ELEMENT;
            long d = to + (long) j * ELEMENT;
            for (int k = 0; k < PLANE; k += V, s += V, d += V) {
                ByteVector lo = fromMemorySegment(S, w, s, LE);
                ByteVector hi = fromMemorySegment(S, w, s + PLANE, LE);
                ByteVector n0 = lo.and(NIBBLE);
                ByteVector n1 =
                        lo.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                ByteVector n2 = hi.and(NIBBLE);
                ByteVector n3 =
                        hi.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes().and(NIBBLE);
                fromMemorySegment(S, sums, d, LE)
                        .lanewise(XOR, n0.selectFrom(l0))
                        .lanewise(XOR, n1.selectFrom(l1))
                        .lanewise(XOR, n2.selectFrom(l2))
                        .lanewise(XOR, n3.selectFrom(l3))
                        .intoMemorySegment(sums, d, LE);
                fromMemorySegment(S, sums, d + PLANE, LE)
                        .lanewise(XOR, n0.selectFrom(h0))
                        .lanewise(XOR, n1.selectFrom(h1))
                        .lanewise(XOR, n2.selectFrom(h2))
                        .lanewise(XOR, n3.selectFrom(h3))
                        .intoMemorySegment(sums, d + PLANE, LE);
            }
        }
    }
}
