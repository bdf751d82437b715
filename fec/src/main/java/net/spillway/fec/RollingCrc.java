package net.spillway.fec;

/**
 * The CRC-32 of a window that moves over bytes. The CRC register is a polynomial over GF(2) modulo
 * the CRC's polynomial (its highest power in the lowest bit), and feeding a zero byte multiplies it
 * by x^8. So what a byte contributes once the window has moved past it is known in advance and can
 * be taken out with one table look-up; and any number of zeros is fed at once by a multiplication.
 *
 * <p>Registers here are "raw": the CRC is the complement of the register, which starts as all ones.
 */
final class RollingCrc {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 0x80000000;
    private static final int X = 0x40000000;
    private static final int[] BYTE = new int[256];

    static {
        for (int b = 0; b < 256; b++) {
            int r = b;
            for (int bit = 0; bit < 8; bit++) {
                r = timesX(r);
            }
            BYTE[b] = r;
        }
    }

    private final int[] leaving = new int[256];

    /** For windows of {@code window} bytes. */
    RollingCrc(long window) {
        // What remains of the initial ones must stay as it is for a window of this length.
        int start = zeros(-1, window) ^ zeros(-1, window + 1);
        int shift = power(8 * window);
        for (int b = 0; b < 256; b++) {
            leaving[b] = multiply(BYTE[b], shift) ^ start;
        }
    }

    /** The register after the window has moved on by a byte. */
    int roll(int register, byte out, byte in) {
        return register >>> 8 ^ BYTE[(register ^ in) & 255] ^ leaving[out & 255];
    }

    /** The register after {@code count} zero bytes. */
    static int zeros(int register, long count) {
        return multiply(register, power(8 * count));
    }

    private static int timesX(int a) {
        return (a & 1) != 0 ? a >>> 1 ^ POLYNOMIAL : a >>> 1;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            if ((a >>> bit & 1) != 0) {
                product ^= shifted;
            }
            shifted = timesX(shifted);
        }
        return product;
    }

    /** x to the power of {@code exponent}. */
    private static int power(long exponent) {
        int result = ONE;
        int square = X;
        for (long e = exponent; e > 0; e >>= 1) {
            if ((e & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }
}
