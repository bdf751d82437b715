package net.spillway.protocol;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link YencEncoder} with vectors. To be touched only where the incubating
 * module is there.
 *
 * <p>A vector is coded and stored whole, the octet at its first escape is written over it, and it
 * goes on behind that. Whether there is an escape is no branch, which would be guessed wrongly time
 * and again: without one, what is written lies behind the end and is overwritten next.
 */
final class YencVectors {
    private static final VectorSpecies<Byte> S = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    static final byte SHIFT = 42;
    private static final byte ESCAPED_SHIFT = 42 + 64;

    private YencVectors() {}

    /**
     * Codes octets that stand neither first nor last in a line, as long as a whole vector is left
     * in the array.
     *
     * @param out has room for every octet to be escaped, and a vector more
     * @return how far it came in the data, and below 2^32 in {@code out}
     */
    static long encode(byte[] data, int from, int to, byte[] out, int start) {
        int i = from;
        int at = start;
        int last = data.length - LANES - 1;
        while (i < to && i <= last) {
            ByteVector coded = ByteVector.fromArray(S, data, i).add(SHIFT);
            coded.intoArray(out, at);
            long hits = coded.eq((byte) 0).or(coded.eq((byte) '\r')).or(coded.eq((byte) '\n'))
                    .or(coded.eq((byte) '=')).toLong();
            int clean = Math.min(
                    Math.min(Long.numberOfTrailingZeros(hits), LANES), to - i);
            i += clean;
            at += clean;
            // 1 where there is an escape before the end.
            int escape = (int) (hits >>> clean & 1) & (i - to >>> 31)
                    & (clean - LANES >>> 31);
            out[at] = '=';
            out[at + 1] = (byte) (data[i] + ESCAPED_SHIFT);
            i += escape;
            at += 2 * escape;
        }
        return (long) i << Integer.SIZE | at;
    }
}
