package net.spillway.fec.engine;

import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The four rounds of MD5's compression function (RFC 1321, section 3.4), for two vectors of
 * messages at once: a step needs the result of the one before, so that with one vector the
 * processor would wait for half of the time. A round is a method of its own, with a loop of four
 * times four steps, and written out: see {@link VectorKernels} for what C2 wants.
 *
 * <p>The state has a row for each of a, b, c and d, the words a row for each of the 16 words of a
 * block. A row is {@link #ROW} numbers, one for each message.
 */
final class Md5Rounds {
    /** Constant, or C2 could not tell the shape of the vectors. */
    private static final VectorSpecies<Integer> S =
            VectorCpu.species().withLanes(int.class);

    private static final int LANES = S.length();

    /** Messages at a time. */
    static final int ROW = 2 * LANES;

    /** A constant for each step, from the sine of its number (section 3.4). */
    private static final int[] SINES = sines();

    private Md5Rounds() {}

    private static int[] sines() {
        int[] sines = new int[64];
        for (int i = 0; i < sines.length; i++) {
            sines[i] = (int) (long) (0x1p32 * Math.abs(Math.sin(i + 1)));
        }
        return sines;
    }

    /** The first 16 steps, with F(b, c, d) = b ? c : d; they take the words as they come. */
    static void round1(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, 2 * LANES);
        IntVector c = IntVector.fromArray(S, state, 4 * LANES);
        IntVector d = IntVector.fromArray(S, state, 6 * LANES);
        IntVector e = IntVector.fromArray(S, state, LANES);
        IntVector f = IntVector.fromArray(S, state, 3 * LANES);
        IntVector g = IntVector.fromArray(S, state, 5 * LANES);
        IntVector h = IntVector.fromArray(S, state, 7 * LANES);
        for (int i = 0; i < 16; i += 4) {
            int w = at + i * ROW;
            int k = SINES[i];
            a = a.add(IntVector.fromArray(S, words, w)).add(k);
            e = e.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            a = a.add(c.lanewise(XOR, d).and(b).lanewise(XOR, d)).lanewise(ROL, 7).add(b);
            e = e.add(g.lanewise(XOR, h).and(f).lanewise(XOR, h)).lanewise(ROL, 7).add(f);
            w = at + (i + 1) * ROW;
            k = SINES[i + 1];
            d = d.add(IntVector.fromArray(S, words, w)).add(k);
            h = h.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            d = d.add(b.lanewise(XOR, c).and(a).lanewise(XOR, c)).lanewise(ROL, 12).add(a);
            h = h.add(f.lanewise(XOR, g).and(e).lanewise(XOR, g)).lanewise(ROL, 12).add(e);
            w = at + (i + 2) * ROW;
            k = SINES[i + 2];
            c = c.add(IntVector.fromArray(S, words, w)).add(k);
            g = g.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            c = c.add(a.lanewise(XOR, b).and(d).lanewise(XOR, b)).lanewise(ROL, 17).add(d);
            g = g.add(e.lanewise(XOR, f).and(h).lanewise(XOR, f)).lanewise(ROL, 17).add(h);
            w = at + (i + 3) * ROW;
            k = SINES[i + 3];
            b = b.add(IntVector.fromArray(S, words, w)).add(k);
            f = f.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            b = b.add(d.lanewise(XOR, a).and(c).lanewise(XOR, a)).lanewise(ROL, 22).add(c);
            f = f.add(h.lanewise(XOR, e).and(g).lanewise(XOR, e)).lanewise(ROL, 22).add(g);
        }
        a.intoArray(state, 0);
        b.intoArray(state, 2 * LANES);
        c.intoArray(state, 4 * LANES);
        d.intoArray(state, 6 * LANES);
        e.intoArray(state, LANES);
        f.intoArray(state, 3 * LANES);
        g.intoArray(state, 5 * LANES);
        h.intoArray(state, 7 * LANES);
    }

    /** Steps 17 to 32, with G(b, c, d) = d ? b : c; from word 1 on every fifth. */
    static void round2(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, 2 * LANES);
        IntVector c = IntVector.fromArray(S, state, 4 * LANES);
        IntVector d = IntVector.fromArray(S, state, 6 * LANES);
        IntVector e = IntVector.fromArray(S, state, LANES);
        IntVector f = IntVector.fromArray(S, state, 3 * LANES);
        IntVector g = IntVector.fromArray(S, state, 5 * LANES);
        IntVector h = IntVector.fromArray(S, state, 7 * LANES);
        for (int i = 0; i < 16; i += 4) {
            int w = at + (5 * i + 1 & 15) * ROW;
            int k = SINES[i + 16];
            a = a.add(IntVector.fromArray(S, words, w)).add(k);
            e = e.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            a = a.add(b.lanewise(XOR, c).and(d).lanewise(XOR, c)).lanewise(ROL, 5).add(b);
            e = e.add(f.lanewise(XOR, g).and(h).lanewise(XOR, g)).lanewise(ROL, 5).add(f);
            w = at + (5 * i + 6 & 15) * ROW;
            k = SINES[i + 17];
            d = d.add(IntVector.fromArray(S, words, w)).add(k);
            h = h.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            d = d.add(a.lanewise(XOR, b).and(c).lanewise(XOR, b)).lanewise(ROL, 9).add(a);
            h = h.add(e.lanewise(XOR, f).and(g).lanewise(XOR, f)).lanewise(ROL, 9).add(e);
            w = at + (5 * i + 11 & 15) * ROW;
            k = SINES[i + 18];
            c = c.add(IntVector.fromArray(S, words, w)).add(k);
            g = g.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            c = c.add(d.lanewise(XOR, a).and(b).lanewise(XOR, a)).lanewise(ROL, 14).add(d);
            g = g.add(h.lanewise(XOR, e).and(f).lanewise(XOR, e)).lanewise(ROL, 14).add(h);
            w = at + (5 * i + 16 & 15) * ROW;
            k = SINES[i + 19];
            b = b.add(IntVector.fromArray(S, words, w)).add(k);
            f = f.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            b = b.add(c.lanewise(XOR, d).and(a).lanewise(XOR, d)).lanewise(ROL, 20).add(c);
            f = f.add(g.lanewise(XOR, h).and(e).lanewise(XOR, h)).lanewise(ROL, 20).add(g);
        }
        a.intoArray(state, 0);
        b.intoArray(state, 2 * LANES);
        c.intoArray(state, 4 * LANES);
        d.intoArray(state, 6 * LANES);
        e.intoArray(state, LANES);
        f.intoArray(state, 3 * LANES);
        g.intoArray(state, 5 * LANES);
        h.intoArray(state, 7 * LANES);
    }

    /** Steps 33 to 48, with H(b, c, d) = b ^ c ^ d; from word 5 on every third. */
    static void round3(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, 2 * LANES);
        IntVector c = IntVector.fromArray(S, state, 4 * LANES);
        IntVector d = IntVector.fromArray(S, state, 6 * LANES);
        IntVector e = IntVector.fromArray(S, state, LANES);
        IntVector f = IntVector.fromArray(S, state, 3 * LANES);
        IntVector g = IntVector.fromArray(S, state, 5 * LANES);
        IntVector h = IntVector.fromArray(S, state, 7 * LANES);
        for (int i = 0; i < 16; i += 4) {
            int w = at + (3 * i + 5 & 15) * ROW;
            int k = SINES[i + 32];
            a = a.add(IntVector.fromArray(S, words, w)).add(k);
            e = e.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            a = a.add(b.lanewise(XOR, c).lanewise(XOR, d)).lanewise(ROL, 4).add(b);
            e = e.add(f.lanewise(XOR, g).lanewise(XOR, h)).lanewise(ROL, 4).add(f);
            w = at + (3 * i + 8 & 15) * ROW;
            k = SINES[i + 33];
            d = d.add(IntVector.fromArray(S, words, w)).add(k);
            h = h.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            d = d.add(a.lanewise(XOR, b).lanewise(XOR, c)).lanewise(ROL, 11).add(a);
            h = h.add(e.lanewise(XOR, f).lanewise(XOR, g)).lanewise(ROL, 11).add(e);
            w = at + (3 * i + 11 & 15) * ROW;
            k = SINES[i + 34];
            c = c.add(IntVector.fromArray(S, words, w)).add(k);
            g = g.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            c = c.add(d.lanewise(XOR, a).lanewise(XOR, b)).lanewise(ROL, 16).add(d);
            g = g.add(h.lanewise(XOR, e).lanewise(XOR, f)).lanewise(ROL, 16).add(h);
            w = at + (3 * i + 14 & 15) * ROW;
            k = SINES[i + 35];
            b = b.add(IntVector.fromArray(S, words, w)).add(k);
            f = f.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            b = b.add(c.lanewise(XOR, d).lanewise(XOR, a)).lanewise(ROL, 23).add(c);
            f = f.add(g.lanewise(XOR, h).lanewise(XOR, e)).lanewise(ROL, 23).add(g);
        }
        a.intoArray(state, 0);
        b.intoArray(state, 2 * LANES);
        c.intoArray(state, 4 * LANES);
        d.intoArray(state, 6 * LANES);
        e.intoArray(state, LANES);
        f.intoArray(state, 3 * LANES);
        g.intoArray(state, 5 * LANES);
        h.intoArray(state, 7 * LANES);
    }

    /** Steps 49 to 64, with I(b, c, d) = c ^ (b | ~d); from word 0 on every seventh. */
    static void round4(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, 2 * LANES);
        IntVector c = IntVector.fromArray(S, state, 4 * LANES);
        IntVector d = IntVector.fromArray(S, state, 6 * LANES);
        IntVector e = IntVector.fromArray(S, state, LANES);
        IntVector f = IntVector.fromArray(S, state, 3 * LANES);
        IntVector g = IntVector.fromArray(S, state, 5 * LANES);
        IntVector h = IntVector.fromArray(S, state, 7 * LANES);
        for (int i = 0; i < 16; i += 4) {
            int w = at + (7 * i & 15) * ROW;
            int k = SINES[i + 48];
            a = a.add(IntVector.fromArray(S, words, w)).add(k);
            e = e.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            a = a.add(d.not().or(b).lanewise(XOR, c)).lanewise(ROL, 6).add(b);
            e = e.add(h.not().or(f).lanewise(XOR, g)).lanewise(ROL, 6).add(f);
            w = at + (7 * i + 7 & 15) * ROW;
            k = SINES[i + 49];
            d = d.add(IntVector.fromArray(S, words, w)).add(k);
            h = h.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            d = d.add(c.not().or(a).lanewise(XOR, b)).lanewise(ROL, 10).add(a);
            h = h.add(g.not().or(e).lanewise(XOR, f)).lanewise(ROL, 10).add(e);
            w = at + (7 * i + 14 & 15) * ROW;
            k = SINES[i + 50];
            c = c.add(IntVector.fromArray(S, words, w)).add(k);
            g = g.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            c = c.add(b.not().or(d).lanewise(XOR, a)).lanewise(ROL, 15).add(d);
            g = g.add(f.not().or(h).lanewise(XOR, e)).lanewise(ROL, 15).add(h);
            w = at + (7 * i + 21 & 15) * ROW;
            k = SINES[i + 51];
            b = b.add(IntVector.fromArray(S, words, w)).add(k);
            f = f.add(IntVector.fromArray(S, words, w + LANES)).add(k);
            b = b.add(a.not().or(c).lanewise(XOR, d)).lanewise(ROL, 21).add(c);
            f = f.add(e.not().or(g).lanewise(XOR, h)).lanewise(ROL, 21).add(g);
        }
        a.intoArray(state, 0);
        b.intoArray(state, 2 * LANES);
        c.intoArray(state, 4 * LANES);
        d.intoArray(state, 6 * LANES);
        e.intoArray(state, LANES);
        f.intoArray(state, 3 * LANES);
        g.intoArray(state, 5 * LANES);
        h.intoArray(state, 7 * LANES);
    }
}
