package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/**
 * MD5 of several messages at a time, lane by lane. A message is known by its state, so there may be
 * more messages than lanes. For one thread at a time.
 */
public interface Md5Lanes {
    /** Bytes of a block of MD5. */
    int BLOCK = 64;

    /** Numbers in the state of a message. */
    int STATE = 4;

    /** How many messages there are at a time. */
    int lanes();

    /**
     * Adds blocks to one message in each lane.
     *
     * @param states {@value #STATE} numbers for each lane, one message after the other; at first
     *     those of {@link #start}
     * @param data off-heap
     * @param at where the bytes of each lane begin in it
     * @param len bytes for each, a multiple of {@value #BLOCK}
     */
    void update(int[] states, MemorySegment data, long[] at, int len);

    /**
     * Has it compiled, if the JVM compiles kernels at once; returns when that is done, whichever
     * thread does it. Whoever hashes without waiting for that is a thousand times slower till then.
     */
    default void prepare() {}

    /** Writes the state of an empty message. */
    static void start(int[] states, int at) {
        states[at] = 0x67452301;
        states[at + 1] = 0xefcdab89;
        states[at + 2] = 0x98badcfe;
        states[at + 3] = 0x10325476;
    }
}
