package net.spillway.fec.gf;

/**
 * The constant that PAR2 gives to each input slice: the i-th slice gets 2^k, where k is the i-th
 * positive integer not divisible by 3, 5, 17 or 257 (the prime factors of 65535), so that every
 * constant generates the whole group and no two powers coincide early.
 */
public final class Par2Constants {
    /** The most slices a recovery set can have: that many constants there are. */
    public static final int MAX_SLICES = 32768;

    /** Recovery exponents are below this: they repeat with the order of the group. */
    public static final int MAX_EXPONENTS = Gf16.ORDER;

    private static final char[] LOGS = new char[MAX_SLICES];

    static {
        int k = 0;
        for (int i = 0; i < MAX_SLICES; i++) {
            do {
                k++;
            } while (k % 3 == 0 || k % 5 == 0 || k % 17 == 0 || k % 257 == 0);
            LOGS[i] = (char) k;
        }
    }

    private Par2Constants() {}

    /** The logarithm k of the constant of slice {@code slice}, 0..32767. */
    public static int log(int slice) {
        return LOGS[slice];
    }

    /** The constant of slice {@code slice}. */
    public static int constant(int slice) {
        return Gf16.exp(LOGS[slice]);
    }

    /** What slice {@code slice} is multiplied by in the recovery slice of {@code exponent}. */
    public static char factor(int slice, int exponent) {
        return (char) Gf16.exp((long) LOGS[slice] * exponent);
    }
}
