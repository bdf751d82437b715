package net.spillway.fec.engine;

import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * MD5 (RFC 1321) of as many messages at once as a vector has 32-bit lanes. The words of a block of
 * all messages are first put side by side. A round is a method of its own: all four in one would be
 * too much for C2, see {@link VectorKernels}.
 */
final class VectorMd5 implements Md5Lanes {
    /** Constant, or C2 could not tell the shape of the vectors. */
    private static final VectorSpecies<Integer> S =
            VectorCpu.species().withLanes(int.class);

    private static final int LANES = S.length();

    /** Words of a block. */
    private static final int WORDS = 16;

    /** Blocks put side by side at a time: 16 KiB with 16 lanes. */
    private static final int BATCH = 16;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    /** What {@link #transpose} takes from two rows, for runs of 1, 2, 4 and 8 words. */
    private static final IntVector LOW1 = low(1);
    private static final IntVector HIGH1 = high(1);
    private static final IntVector LOW2 = low(2);
    private static final IntVector HIGH2 = high(2);
    private static final IntVector LOW4 = low(4);
    private static final IntVector HIGH4 = high(4);
    private static final IntVector LOW8 = low(8);
    private static final IntVector HIGH8 = high(8);

    private final int[] state = new int[STATE * LANES];
    private final int[] before = new int[STATE * LANES];
    private final int[] words = new int[BATCH * WORDS * LANES];
    private final int[] rows = new int[WORDS * LANES];

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void update(int[] states, MemorySegment data, long[] at, int len) {
        if (len % BLOCK != 0 || !data.isNative()) {
            throw new IllegalArgumentException("MD5 lanes take whole off-heap blocks");
        }
        for (int lane = 0; lane < LANES; lane++) {
            Objects.checkFromIndexSize(at[lane], len, data.byteSize());
        }
        turn(states, STATE, state, LANES);
        for (int from = 0; from < len; from += BATCH * BLOCK) {
            int blocks = Math.min(BATCH, (len - from) / BLOCK);
            if (LANES == WORDS) {
                for (int block = 0; block < blocks; block++) {
                    transpose(data, at, from + block * BLOCK, block * WORDS * LANES);
                }
            } else {
                for (int lane = 0; lane < LANES; lane++) {
                    spread(data, at[lane] + from, words, lane, blocks * WORDS);
                }
            }
            for (int block = 0; block < blocks; block++) {
                compress(block * WORDS * LANES);
            }
        }
        turn(state, LANES, states, STATE);
    }

    /** Rows become columns: {@code from} has rows of {@code width} numbers. */
    private static void turn(int[] from, int width, int[] to, int height) {
        for (int i = 0; i < from.length; i++) {
            to[i % width * height + i / width] = from[i];
        }
    }

    /** Puts the words of one message at every LANES-th place. */
    private static void spread(MemorySegment data, long from, int[] words, int lane, int count) {
        for (int w = 0; w < count; w++) {
            words[w * LANES + lane] = data.get(WORD, from + 4L * w);
        }
    }

    /**
     * The same for a block of sixteen messages: a matrix of 16 by 16 is transposed by exchanging
     * single words of rows 1 apart, then pairs of rows 2 apart, runs of four and runs of eight.
     */
    private void transpose(MemorySegment data, long[] at, long from, int to) {
        for (int r = 0; r < WORDS; r += 4) {
            IntVector a = IntVector.fromMemorySegment(S, data, at[r] + from, LE);
            IntVector b = IntVector.fromMemorySegment(S, data, at[r + 1] + from, LE);
            IntVector c = IntVector.fromMemorySegment(S, data, at[r + 2] + from, LE);
            IntVector d = IntVector.fromMemorySegment(S, data, at[r + 3] + from, LE);
            IntVector ab = LOW1.selectFrom(a, b);
            IntVector ba = HIGH1.selectFrom(a, b);
            IntVector cd = LOW1.selectFrom(c, d);
            IntVector dc = HIGH1.selectFrom(c, d);
            LOW2.selectFrom(ab, cd).intoArray(rows, r * LANES);
            LOW2.selectFrom(ba, dc).intoArray(rows, (r + 1) * LANES);
            HIGH2.selectFrom(ab, cd).intoArray(rows, (r + 2) * LANES);
            HIGH2.selectFrom(ba, dc).intoArray(rows, (r + 3) * LANES);
        }
        for (int r = 0; r < 4; r++) {
            IntVector a = IntVector.fromArray(S, rows, r * LANES);
            IntVector b = IntVector.fromArray(S, rows, (r + 4) * LANES);
            IntVector c = IntVector.fromArray(S, rows, (r + 8) * LANES);
            IntVector d = IntVector.fromArray(S, rows, (r + 12) * LANES);
            IntVector ab = LOW4.selectFrom(a, b);
            IntVector ba = HIGH4.selectFrom(a, b);
            IntVector cd = LOW4.selectFrom(c, d);
            IntVector dc = HIGH4.selectFrom(c, d);
            LOW8.selectFrom(ab, cd).intoArray(words, to + r * LANES);
            LOW8.selectFrom(ba, dc).intoArray(words, to + (r + 4) * LANES);
            HIGH8.selectFrom(ab, cd).intoArray(words, to + (r + 8) * LANES);
            HIGH8.selectFrom(ba, dc).intoArray(words, to + (r + 12) * LANES);
        }
    }

    /** Of two rows {@code run} apart, what comes into the upper one. */
    private static IntVector low(int run) {
        int[] from = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            from[i] = (i & run) == 0 ? i : LANES + i - run;
        }
        return IntVector.fromArray(S, from, 0);
    }

    /** Of two rows {@code run} apart, what comes into the lower one. */
    private static IntVector high(int run) {
        int[] from = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            from[i] = (i & run) == 0 ? i + run : LANES + i;
        }
        return IntVector.fromArray(S, from, 0);
    }

    private void compress(int at) {
        System.arraycopy(state, 0, before, 0, state.length);
        round1(state, words, at);
        round2(state, words, at);
        round3(state, words, at);
        round4(state, words, at);
        for (int i = 0; i < state.length; i++) {
            state[i] += before[i];
        }
    }

    /** The first 16 steps, with F(b, c, d) = b ? c : d. */
    private static void round1(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, LANES);
        IntVector c = IntVector.fromArray(S, state, 2 * LANES);
        IntVector d = IntVector.fromArray(S, state, 3 * LANES);
        a = a.add(IntVector.fromArray(S, words, at)).add(0xd76aa478);
        a = a.add(c.lanewise(XOR, d).and(b).lanewise(XOR, d)).lanewise(ROL, 7).add(b);
        d = d.add(IntVector.fromArray(S, words, at + LANES)).add(0xe8c7b756);
        d = d.add(b.lanewise(XOR, c).and(a).lanewise(XOR, c)).lanewise(ROL, 12).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 2 * LANES)).add(0x242070db);
        c = c.add(a.lanewise(XOR, b).and(d).lanewise(XOR, b)).lanewise(ROL, 17).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 3 * LANES)).add(0xc1bdceee);
        b = b.add(d.lanewise(XOR, a).and(c).lanewise(XOR, a)).lanewise(ROL, 22).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 4 * LANES)).add(0xf57c0faf);
        a = a.add(c.lanewise(XOR, d).and(b).lanewise(XOR, d)).lanewise(ROL, 7).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 5 * LANES)).add(0x4787c62a);
        d = d.add(b.lanewise(XOR, c).and(a).lanewise(XOR, c)).lanewise(ROL, 12).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 6 * LANES)).add(0xa8304613);
        c = c.add(a.lanewise(XOR, b).and(d).lanewise(XOR, b)).lanewise(ROL, 17).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 7 * LANES)).add(0xfd469501);
        b = b.add(d.lanewise(XOR, a).and(c).lanewise(XOR, a)).lanewise(ROL, 22).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 8 * LANES)).add(0x698098d8);
        a = a.add(c.lanewise(XOR, d).and(b).lanewise(XOR, d)).lanewise(ROL, 7).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 9 * LANES)).add(0x8b44f7af);
        d = d.add(b.lanewise(XOR, c).and(a).lanewise(XOR, c)).lanewise(ROL, 12).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 10 * LANES)).add(0xffff5bb1);
        c = c.add(a.lanewise(XOR, b).and(d).lanewise(XOR, b)).lanewise(ROL, 17).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 11 * LANES)).add(0x895cd7be);
        b = b.add(d.lanewise(XOR, a).and(c).lanewise(XOR, a)).lanewise(ROL, 22).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 12 * LANES)).add(0x6b901122);
        a = a.add(c.lanewise(XOR, d).and(b).lanewise(XOR, d)).lanewise(ROL, 7).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 13 * LANES)).add(0xfd987193);
        d = d.add(b.lanewise(XOR, c).and(a).lanewise(XOR, c)).lanewise(ROL, 12).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 14 * LANES)).add(0xa679438e);
        c = c.add(a.lanewise(XOR, b).and(d).lanewise(XOR, b)).lanewise(ROL, 17).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 15 * LANES)).add(0x49b40821);
        b = b.add(d.lanewise(XOR, a).and(c).lanewise(XOR, a)).lanewise(ROL, 22).add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    /** Steps 17 to 32, with G(b, c, d) = d ? b : c. */
    private static void round2(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, LANES);
        IntVector c = IntVector.fromArray(S, state, 2 * LANES);
        IntVector d = IntVector.fromArray(S, state, 3 * LANES);
        a = a.add(IntVector.fromArray(S, words, at + LANES)).add(0xf61e2562);
        a = a.add(b.lanewise(XOR, c).and(d).lanewise(XOR, c)).lanewise(ROL, 5).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 6 * LANES)).add(0xc040b340);
        d = d.add(a.lanewise(XOR, b).and(c).lanewise(XOR, b)).lanewise(ROL, 9).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 11 * LANES)).add(0x265e5a51);
        c = c.add(d.lanewise(XOR, a).and(b).lanewise(XOR, a)).lanewise(ROL, 14).add(d);
        b = b.add(IntVector.fromArray(S, words, at)).add(0xe9b6c7aa);
        b = b.add(c.lanewise(XOR, d).and(a).lanewise(XOR, d)).lanewise(ROL, 20).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 5 * LANES)).add(0xd62f105d);
        a = a.add(b.lanewise(XOR, c).and(d).lanewise(XOR, c)).lanewise(ROL, 5).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 10 * LANES)).add(0x02441453);
        d = d.add(a.lanewise(XOR, b).and(c).lanewise(XOR, b)).lanewise(ROL, 9).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 15 * LANES)).add(0xd8a1e681);
        c = c.add(d.lanewise(XOR, a).and(b).lanewise(XOR, a)).lanewise(ROL, 14).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 4 * LANES)).add(0xe7d3fbc8);
        b = b.add(c.lanewise(XOR, d).and(a).lanewise(XOR, d)).lanewise(ROL, 20).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 9 * LANES)).add(0x21e1cde6);
        a = a.add(b.lanewise(XOR, c).and(d).lanewise(XOR, c)).lanewise(ROL, 5).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 14 * LANES)).add(0xc33707d6);
        d = d.add(a.lanewise(XOR, b).and(c).lanewise(XOR, b)).lanewise(ROL, 9).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 3 * LANES)).add(0xf4d50d87);
        c = c.add(d.lanewise(XOR, a).and(b).lanewise(XOR, a)).lanewise(ROL, 14).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 8 * LANES)).add(0x455a14ed);
        b = b.add(c.lanewise(XOR, d).and(a).lanewise(XOR, d)).lanewise(ROL, 20).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 13 * LANES)).add(0xa9e3e905);
        a = a.add(b.lanewise(XOR, c).and(d).lanewise(XOR, c)).lanewise(ROL, 5).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 2 * LANES)).add(0xfcefa3f8);
        d = d.add(a.lanewise(XOR, b).and(c).lanewise(XOR, b)).lanewise(ROL, 9).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 7 * LANES)).add(0x676f02d9);
        c = c.add(d.lanewise(XOR, a).and(b).lanewise(XOR, a)).lanewise(ROL, 14).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 12 * LANES)).add(0x8d2a4c8a);
        b = b.add(c.lanewise(XOR, d).and(a).lanewise(XOR, d)).lanewise(ROL, 20).add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    /** Steps 33 to 48, with H(b, c, d) = b ^ c ^ d. */
    private static void round3(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, LANES);
        IntVector c = IntVector.fromArray(S, state, 2 * LANES);
        IntVector d = IntVector.fromArray(S, state, 3 * LANES);
        a = a.add(IntVector.fromArray(S, words, at + 5 * LANES)).add(0xfffa3942);
        a = a.add(b.lanewise(XOR, c).lanewise(XOR, d)).lanewise(ROL, 4).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 8 * LANES)).add(0x8771f681);
        d = d.add(a.lanewise(XOR, b).lanewise(XOR, c)).lanewise(ROL, 11).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 11 * LANES)).add(0x6d9d6122);
        c = c.add(d.lanewise(XOR, a).lanewise(XOR, b)).lanewise(ROL, 16).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 14 * LANES)).add(0xfde5380c);
        b = b.add(c.lanewise(XOR, d).lanewise(XOR, a)).lanewise(ROL, 23).add(c);
        a = a.add(IntVector.fromArray(S, words, at + LANES)).add(0xa4beea44);
        a = a.add(b.lanewise(XOR, c).lanewise(XOR, d)).lanewise(ROL, 4).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 4 * LANES)).add(0x4bdecfa9);
        d = d.add(a.lanewise(XOR, b).lanewise(XOR, c)).lanewise(ROL, 11).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 7 * LANES)).add(0xf6bb4b60);
        c = c.add(d.lanewise(XOR, a).lanewise(XOR, b)).lanewise(ROL, 16).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 10 * LANES)).add(0xbebfbc70);
        b = b.add(c.lanewise(XOR, d).lanewise(XOR, a)).lanewise(ROL, 23).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 13 * LANES)).add(0x289b7ec6);
        a = a.add(b.lanewise(XOR, c).lanewise(XOR, d)).lanewise(ROL, 4).add(b);
        d = d.add(IntVector.fromArray(S, words, at)).add(0xeaa127fa);
        d = d.add(a.lanewise(XOR, b).lanewise(XOR, c)).lanewise(ROL, 11).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 3 * LANES)).add(0xd4ef3085);
        c = c.add(d.lanewise(XOR, a).lanewise(XOR, b)).lanewise(ROL, 16).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 6 * LANES)).add(0x04881d05);
        b = b.add(c.lanewise(XOR, d).lanewise(XOR, a)).lanewise(ROL, 23).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 9 * LANES)).add(0xd9d4d039);
        a = a.add(b.lanewise(XOR, c).lanewise(XOR, d)).lanewise(ROL, 4).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 12 * LANES)).add(0xe6db99e5);
        d = d.add(a.lanewise(XOR, b).lanewise(XOR, c)).lanewise(ROL, 11).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 15 * LANES)).add(0x1fa27cf8);
        c = c.add(d.lanewise(XOR, a).lanewise(XOR, b)).lanewise(ROL, 16).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 2 * LANES)).add(0xc4ac5665);
        b = b.add(c.lanewise(XOR, d).lanewise(XOR, a)).lanewise(ROL, 23).add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    /** Steps 49 to 64, with I(b, c, d) = c ^ (b | ~d). */
    private static void round4(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(S, state, 0);
        IntVector b = IntVector.fromArray(S, state, LANES);
        IntVector c = IntVector.fromArray(S, state, 2 * LANES);
        IntVector d = IntVector.fromArray(S, state, 3 * LANES);
        a = a.add(IntVector.fromArray(S, words, at)).add(0xf4292244);
        a = a.add(d.not().or(b).lanewise(XOR, c)).lanewise(ROL, 6).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 7 * LANES)).add(0x432aff97);
        d = d.add(c.not().or(a).lanewise(XOR, b)).lanewise(ROL, 10).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 14 * LANES)).add(0xab9423a7);
        c = c.add(b.not().or(d).lanewise(XOR, a)).lanewise(ROL, 15).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 5 * LANES)).add(0xfc93a039);
        b = b.add(a.not().or(c).lanewise(XOR, d)).lanewise(ROL, 21).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 12 * LANES)).add(0x655b59c3);
        a = a.add(d.not().or(b).lanewise(XOR, c)).lanewise(ROL, 6).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 3 * LANES)).add(0x8f0ccc92);
        d = d.add(c.not().or(a).lanewise(XOR, b)).lanewise(ROL, 10).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 10 * LANES)).add(0xffeff47d);
        c = c.add(b.not().or(d).lanewise(XOR, a)).lanewise(ROL, 15).add(d);
        b = b.add(IntVector.fromArray(S, words, at + LANES)).add(0x85845dd1);
        b = b.add(a.not().or(c).lanewise(XOR, d)).lanewise(ROL, 21).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 8 * LANES)).add(0x6fa87e4f);
        a = a.add(d.not().or(b).lanewise(XOR, c)).lanewise(ROL, 6).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 15 * LANES)).add(0xfe2ce6e0);
        d = d.add(c.not().or(a).lanewise(XOR, b)).lanewise(ROL, 10).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 6 * LANES)).add(0xa3014314);
        c = c.add(b.not().or(d).lanewise(XOR, a)).lanewise(ROL, 15).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 13 * LANES)).add(0x4e0811a1);
        b = b.add(a.not().or(c).lanewise(XOR, d)).lanewise(ROL, 21).add(c);
        a = a.add(IntVector.fromArray(S, words, at + 4 * LANES)).add(0xf7537e82);
        a = a.add(d.not().or(b).lanewise(XOR, c)).lanewise(ROL, 6).add(b);
        d = d.add(IntVector.fromArray(S, words, at + 11 * LANES)).add(0xbd3af235);
        d = d.add(c.not().or(a).lanewise(XOR, b)).lanewise(ROL, 10).add(a);
        c = c.add(IntVector.fromArray(S, words, at + 2 * LANES)).add(0x2ad7d2bb);
        c = c.add(b.not().or(d).lanewise(XOR, a)).lanewise(ROL, 15).add(d);
        b = b.add(IntVector.fromArray(S, words, at + 9 * LANES)).add(0xeb86d391);
        b = b.add(a.not().or(c).lanewise(XOR, d)).lanewise(ROL, 21).add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }
}
