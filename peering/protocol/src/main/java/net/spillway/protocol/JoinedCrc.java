package net.spillway.protocol;

/**
 * The CRC-32 of octets of which only the CRC-32s of pieces are known, such as that of a file from
 * the {@code pcrc32} of its parts.
 *
 * <p>A CRC-32 is the remainder of the octets, taken for a polynomial over GF(2), and what follows
 * them multiplies it by a power of x. So {@code crc(ab) = crc(a) * x^(8 * |b|) + crc(b)}, modulo
 * the CRC's polynomial; what it is begun and ended with cancels out. Bit 31 is the coefficient of
 * x^0, as everywhere with this CRC.
 */
public final class JoinedCrc {
    private static final int POLYNOMIAL = 0xedb88320;
    private static final int ONE = 1 << 31;
    /** x^8: what an octet more multiplies by. */
    private static final int OCTET = ONE >>> 8;

    private int crc;
    /** The length of the last piece and what it multiplied by; most are of one length. */
    private long length;
    private int factor = ONE;

    /** Of nothing so far. */
    public JoinedCrc() {}

    /**
     * The next piece.
     *
     * @param octets of it
     */
    public void add(int crc32, long octets) {
        if (octets != length) {
            factor = power(octets);
            length = octets;
        }
        crc = multiply(crc, factor) ^ crc32;
    }

    /** The CRC-32 of all pieces so far, one behind the other. */
    public int value() {
        return crc;
    }

    /** x^(8 * octets), by squaring. */
    private static int power(long octets) {
        int power = ONE;
        int square = OCTET;
        for (long left = octets; left > 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = multiply(power, square);
            }
            square = multiply(square, square);
        }
        return power;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            product ^= (a & bit) != 0 ? shifted : 0;
            shifted = shifted >>> 1 ^ POLYNOMIAL & -(shifted & 1);
        }
        return product;
    }
}
