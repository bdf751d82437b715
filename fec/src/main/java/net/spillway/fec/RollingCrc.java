package net.spillway.fec;

import java.util.zip.CRC32;

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

    /** What the byte that enters, and the lowest byte of the register, come to. */
    static final int[] ENTERING = new int[256];

    /** x to the powers of 8, 16, 32 ... */
    private static final int[] SQUARES = new int[Long.SIZE];

    static {
        for (int b = 0; b < 256; b++) {
            int r = b;
            for (int bit = 0; bit < 8; bit++) {
                r = timesX(r);
            }
            ENTERING[b] = r;
        }
        int square = X;
        for (int i = 0; i < 3; i++) {
            square = multiply(square, square);
        }
        for (int i = 0; i < SQUARES.length; i++) {
            SQUARES[i] = square;
            square = multiply(square, square);
        }
    }

    private final int[] leaving = new int[256];
    private final int ones;
    private final int pastWindow;

    /** For windows of {@code window} bytes. */
    RollingCrc(long window) {
        // What remains of the initial ones must stay as it is for a window of this length.
        ones = zeros(-1, window);
        int start = ones ^ zeros(-1, window + 1);
        pastWindow = power(window);
        for (int b = 0; b < 256; b++) {
            leaving[b] = multiply(ENTERING[b], pastWindow) ^ start;
        }
    }

    /** What each byte takes out of the register as it leaves the window. */
    int[] leaving() {
        return leaving;
    }

    /** The register after the window has moved on by a byte. */
    int roll(int register, byte out, byte in) {
        return register >>> 8 ^ ENTERING[(register ^ in) & 255] ^ leaving[out & 255];
    }

    /** The register after the window has moved on by {@code n} bytes; fast if these are many. */
    int roll(int register, byte[] out, byte[] in, int offset, int n) {
        int far = power(n);
        int without = multiply(register ^ ones, far);
        return without ^ raw(in, offset, n, far) ^ multiply(raw(out, offset, n, far), pastWindow)
                ^ ones;
    }

    /** The register that begins as zero instead of ones, after {@code n} bytes. */
    private static int raw(byte[] bytes, int offset, int n, int far) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, n);
        return ~(int) crc.getValue() ^ multiply(-1, far);
    }

    /** The register after {@code count} zero bytes. */
    static int zeros(int register, long count) {
        return multiply(register, power(count));
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

    /** x to the power of eight times {@code bytes}. */
    private static int power(long bytes) {
        int result = ONE;
        for (int i = 0; bytes >>> i != 0; i++) {
            if ((bytes >>> i & 1) != 0) {
                result = multiply(result, SQUARES[i]);
            }
        }
        return result;
    }
}
