package net.spillway.fec.engine;

import com.backblaze.erasure.Galois;
import net.spillway.fec.gf.Gf16;

/**
 * GF(2^16) as a plane over JavaReedSolomon's GF(2^8) (see {@link Tower}) in which three products of
 * bytes make a product of words, not four: every word is a + wb, where w² = w + SQUARE, so
 * that (a + wb)(c + wd) is (ac + SQUARE bd) + w((a + b)(c + d) + ac).
 */
final class Planes {
    /** Of the field of bytes. */
    static final int POLYNOMIAL = 0x11D;

    /** Words of the 16 bits of coordinates: eight of a, then eight of b. */
    static final char[] TO_WORDS = new char[16];

    /** Coordinates of words that have one bit: a in the low byte, b in the high byte. */
    static final char[] TO_COORDINATES;

    /** What lacks w² to w; a byte. */
    private static final int SQUARE;

    /** {@link #factors} of all bytes. */
    private static final int[] FACTORS_OF_LOW;
    private static final int[] FACTORS_OF_HIGH;

    static {
        // Any word outside of the field of bytes, divided by the sum of it and its conjugate.
        int w = Gf16.divide(2, 2 ^ Gf16.power(2, 256));
        for (int bit = 0; bit < 8; bit++) {
            TO_WORDS[bit] = (char) Gf16.power(Tower.ROOT, bit);
            TO_WORDS[8 + bit] = (char) Gf16.multiply(w, TO_WORDS[bit]);
        }
        TO_COORDINATES = inverse(TO_WORDS);
        SQUARE = coordinates(Gf16.multiply(w, w) ^ w);
        FACTORS_OF_LOW = factorsOfByte(0);
        FACTORS_OF_HIGH = factorsOfByte(8);
    }

    private Planes() {}

    /**
     * Factors of bytes that make a word's products: that of first coordinates, a, in the low byte,
     * then that of second ones for the first coordinate of a product, SQUARE b, then that of sums
     * of both, a + b.
     */
    static int factors(int word) {
        return FACTORS_OF_LOW[word & 255] ^ FACTORS_OF_HIGH[word >> 8];
    }

    private static int[] factorsOfByte(int at) {
        int[] all = new int[256];
        for (int i = 1; i < all.length; i++) {
            int coordinates = TO_COORDINATES[at + Integer.numberOfTrailingZeros(i)];
            int a = coordinates & 255;
            int b = coordinates >> 8;
            all[i] = all[i & (i - 1)] ^ (a | product(SQUARE, b) << 8 | (a ^ b) << 16);
        }
        return all;
    }

    private static int product(int a, int b) {
        return Galois.multiply((byte) a, (byte) b) & 255;
    }

    private static int coordinates(int word) {
        int sum = 0;
        for (int left = word; left != 0; left &= left - 1) {
            sum ^= TO_COORDINATES[Integer.numberOfTrailingZeros(left)];
        }
        return sum;
    }

    /** The inverse of a map of words that keeps sums, by the images of bits. */
    private static char[] inverse(char[] images) {
        char[] rest = images.clone();
        char[] from = new char[16];
        for (int bit = 0; bit < 16; bit++) {
            from[bit] = (char) (1 << bit);
        }
        for (int bit = 0; bit < 16; bit++) {
            int pivot = bit;
            while ((rest[pivot] >> bit & 1) == 0) {
                pivot++;
            }
            swap(rest, bit, pivot);
            swap(from, bit, pivot);
            for (int i = 0; i < 16; i++) {
                if (i != bit && (rest[i] >> bit & 1) != 0) {
                    rest[i] ^= rest[bit];
                    from[i] ^= from[bit];
                }
            }
        }
        return from;
    }

    private static void swap(char[] a, int i, int j) {
        char kept = a[i];
        a[i] = a[j];
        a[j] = kept;
    }
}
