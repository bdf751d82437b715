package net.spillway.fec;

/**
 * Four windows that move over neighbouring stretches of data at the same time, until the CRC-32 of
 * one is perhaps a wanted one. The next register of a window can be looked up only when this one is
 * known, which leaves a CPU waiting most of the time: four of them take little longer than one.
 *
 * <p>CRCs are compared with a few bits for each wanted one, which stay in the fastest cache. So few
 * others come through that looking those up costs nothing to speak of.
 */
final class RollingWindows {
    /** How many windows there are. */
    static final int COUNT = 4;

    /** Of that many unwanted CRCs one comes through, if not too many are wanted. */
    private static final int ONE_OF = 512;

    /** Bits of the filter at least and at most: 64 KiB. */
    private static final int LEAST_BITS = 1 << 12;
    private static final int MOST_BITS = 1 << 19;

    private final RollingCrc rolling;
    private final long[] filter;
    private final int[] registers = new int[COUNT];

    /**
     * Windows that look for something.
     *
     * @param crcs the CRCs wanted
     */
    RollingWindows(RollingCrc rolling, int[] crcs) {
        this.rolling = rolling;
        long bits = Math.clamp((long) crcs.length * ONE_OF, LEAST_BITS, MOST_BITS);
        filter = new long[(int) (Long.highestOneBit(bits) / Long.SIZE)];
        for (int crc : crcs) {
            int register = ~crc;
            filter[register >>> 6 & filter.length - 1] |= 1L << register;
        }
    }

    /** The register of a window: the complement of its CRC. */
    int register(int window) {
        return registers[window];
    }

    /** Puts the windows at their starts. */
    void start(int window, int register) {
        registers[window] = register;
    }

    /** True if the CRC that belongs to a register may be wanted. */
    boolean isPerhapsWanted(int register) {
        return (filter[register >>> 6 & filter.length - 1] >>> register & 1) != 0;
    }

    /**
     * Moves all windows from step {@code from} on, until the CRC of one is perhaps wanted or they
     * have gone {@code to} steps.
     *
     * @param out bytes that leave the windows: those of window k begin at {@code k · to}
     * @param in bytes that enter them, in the same order
     * @return at which step they are now
     */
    int run(int from, int to, byte[] out, byte[] in) {
        int[] enter = RollingCrc.ENTERING;
        int[] leave = rolling.leaving();
        long[] bits = filter;
        int mask = bits.length - 1;
        int a = registers[0];
        int b = registers[1];
        int c = registers[2];
        int d = registers[3];
        int i = from;
        for (; i < to; i++) {
            long hit =
                    bits[a >>> 6 & mask] >>> a
                            | bits[b >>> 6 & mask] >>> b
                            | bits[c >>> 6 & mask] >>> c
                            | bits[d >>> 6 & mask] >>> d;
            if ((hit & 1) != 0) {
                break;
            }
            a = a >>> 8 ^ enter[(a ^ in[i]) & 255] ^ leave[out[i] & 255];
            b = b >>> 8 ^ enter[(b ^ in[to + i]) & 255] ^ leave[out[to + i] & 255];
            c = c >>> 8 ^ enter[(c ^ in[2 * to + i]) & 255] ^ leave[out[2 * to + i] & 255];
            d = d >>> 8 ^ enter[(d ^ in[3 * to + i]) & 255] ^ leave[out[3 * to + i] & 255];
        }
        registers[0] = a;
        registers[1] = b;
        registers[2] = c;
        registers[3] = d;
        return i;
    }

    /** Moves all windows by one step, whatever is wanted. */
    void step(int at, int to, byte[] out, byte[] in) {
        for (int k = 0; k < COUNT; k++) {
            registers[k] = rolling.roll(registers[k], out[k * to + at], in[k * to + at]);
        }
    }
}
