package net.spillway.fec.engine;

import net.spillway.fec.gf.Gf16;

/**
 * GF(2^16) as a plane over JavaReedSolomon's GF(2^8).
 *
 * <p>GF(2^16)/0x1100B contains one field of 256 elements. Sending the x of GF(2^8)/0x11D to 0x50D5,
 * a root of x^8 + x^4 + x^3 + x^2 + 1 in it, embeds one in the other. 2 lies outside that subfield,
 * so every element is a + 2b with a and b in it, and multiplying by a constant c is a 2 × 2 matrix
 * over GF(2^8): its columns are the coordinates of c and of 2c.
 */
final class Tower {
    /** What the x of GF(2^8) is in GF(2^16). */
    static final int ROOT = 0x50D5;

    /** Element to coordinates: a in the low byte, b in the high byte. */
    static final char[] SPLIT = new char[65536];

    /** Coordinates to element. */
    static final char[] JOIN = new char[65536];

    static {
        int[] embedded = new int[256];
        for (int v = 0; v < 256; v++) {
            for (int bit = 0; bit < 8; bit++) {
                if ((v >> bit & 1) != 0) {
                    embedded[v] ^= Gf16.power(ROOT, bit);
                }
            }
        }
        for (int coordinates = 0; coordinates < 65536; coordinates++) {
            int element = embedded[coordinates & 255] ^ Gf16.twice(embedded[coordinates >> 8]);
            JOIN[coordinates] = (char) element;
            SPLIT[element] = (char) coordinates;
        }
    }

    private Tower() {}
}
