package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * MD5 (RFC 1321) of as many messages at once as two vectors have 32-bit lanes. The words of a block
 * of all messages are first put side by side, for {@link Md5Rounds}.
 */
final class VectorMd5 implements Md5Lanes {
    /** Constant, or C2 could not tell the shape of the vectors. */
    private static final VectorSpecies<Integer> S =
            VectorCpu.species().withLanes(int.class);

    /** Of one vector. */
    private static final int LANES = S.length();

    /** Messages at a time. */
    private static final int ROW = Md5Rounds.ROW;

    /** Words of a block. */
    private static final int WORDS = 16;

    /** Blocks put side by side at a time: 16 KiB with 32 messages. */
    private static final int BATCH = 8;

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

    private final int[] state = new int[STATE * ROW];
    private final int[] before = new int[STATE * ROW];
    private final int[] words = new int[BATCH * WORDS * ROW];
    private final int[] rows = new int[WORDS * LANES];

    @Override
    public int lanes() {
        return ROW;
    }

    @Override
    public void update(int[] states, MemorySegment data, long[] at, int len) {
        if (len % BLOCK != 0 || !data.isNative()) {
            throw new IllegalArgumentException("MD5 lanes take whole off-heap blocks");
        }
        for (int lane = 0; lane < ROW; lane++) {
            Objects.checkFromIndexSize(at[lane], len, data.byteSize());
        }
        turn(states, STATE, state, ROW);
        for (int from = 0; from < len; from += BATCH * BLOCK) {
            int blocks = Math.min(BATCH, (len - from) / BLOCK);
            if (LANES == WORDS) {
                for (int block = 0; block < blocks; block++) {
                    int to = block * WORDS * ROW;
                    transpose(data, at, 0, from + block * BLOCK, to);
                    transpose(data, at, LANES, from + block * BLOCK, to + LANES);
                }
            } else {
                for (int lane = 0; lane < ROW; lane++) {
                    spread(data, at[lane] + from, words, lane, blocks * WORDS);
                }
            }
            for (int block = 0; block < blocks; block++) {
                compress(block * WORDS * ROW);
            }
        }
        turn(state, ROW, states, STATE);
    }

    @Override
    public void prepare() {
        KernelWarmUp.md5();
    }

    /** Half of what is to be compiled for it, with zeros for data. */
    void zerosTwoRounds(MemorySegment zeros) {
        long[] at = new long[ROW];
        if (LANES == WORDS) {
            transpose(zeros, at, 0, 0, 0);
        } else {
            spread(zeros, 0, words, 0, WORDS);
        }
        Md5Rounds.round1(state, words, 0);
        Md5Rounds.round2(state, words, 0);
    }

    /** The other half. */
    void twoRoundsMore() {
        Md5Rounds.round3(state, words, 0);
        Md5Rounds.round4(state, words, 0);
    }

    /** Rows become columns: {@code from} has rows of {@code width} numbers. */
    private static void turn(int[] from, int width, int[] to, int height) {
        for (int i = 0; i < from.length; i++) {
            to[i % width * height + i / width] = from[i];
        }
    }

    /** Puts the words of one message at every ROW-th place. */
    private static void spread(MemorySegment data, long from, int[] words, int lane, int count) {
        for (int w = 0; w < count; w++) {
            words[w * ROW + lane] = data.get(WORD, from + 4L * w);
        }
    }

    /**
     * The same for a block of sixteen messages from {@code first} on: a matrix of 16 by 16 is
     * transposed by exchanging single words of rows 1 apart, then pairs of rows 2 apart, runs of
     * four and runs of eight.
     */
    private void transpose(MemorySegment data, long[] at, int first, long from, int to) {
        for (int r = 0; r < WORDS; r += 4) {
            IntVector a = IntVector.fromMemorySegment(S, data, at[first + r] + from, LE);
            IntVector b = IntVector.fromMemorySegment(S, data, at[first + r + 1] + from, LE);
            IntVector c = IntVector.fromMemorySegment(S, data, at[first + r + 2] + from, LE);
            IntVector d = IntVector.fromMemorySegment(S, data, at[first + r + 3] + from, LE);
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
            LOW8.selectFrom(ab, cd).intoArray(words, to + r * ROW);
            LOW8.selectFrom(ba, dc).intoArray(words, to + (r + 4) * ROW);
            HIGH8.selectFrom(ab, cd).intoArray(words, to + (r + 8) * ROW);
            HIGH8.selectFrom(ba, dc).intoArray(words, to + (r + 12) * ROW);
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
        Md5Rounds.round1(state, words, at);
        Md5Rounds.round2(state, words, at);
        Md5Rounds.round3(state, words, at);
        Md5Rounds.round4(state, words, at);
        for (int i = 0; i < state.length; i++) {
            state[i] += before[i];
        }
    }
}
