package net.spillway.protocol;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
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
    private static final byte ESCAPE_SHIFT = 64;
    private static final byte ESCAPED_SHIFT = 42 + 64;

    private static final VectorSpecies<Byte> HALF = ByteVector.SPECIES_256;
    private static final int HALF_LANES = 32;
    private static final VectorSpecies<Short> PAIRS = ShortVector.SPECIES_512;
    private static final VectorSpecies<Byte> WHOLE = ByteVector.SPECIES_512;
    private static final long FIRSTS = 0x5555555555555555L;

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

    /**
     * Codes whole lines, half a vector at a time: each octet becomes a pair with {@code =}, of which
     * only the octet is kept where it needs no escape. To be called only where {@link
     * CompressingYenc#IS_THERE}.
     *
     * @param room octets that an encoded line takes at most, and what stores write over
     * @return how far it came in the data, and below 2^32 in {@code out}
     */
    static long encode(
            byte[] data, int from, int to, byte[] out, int start, int limit, int room) {
        int i = from;
        int at = start;
        while (to - i >= YencEncoder.LINE && limit - at >= room) {
            int end = i + YencEncoder.LINE;
            long edge = isEdge(data[i], true) ? 1 : 0;
            while (i < end) {
                ByteVector coded = ByteVector.fromArray(HALF, data, i).add(SHIFT);
                i += HALF_LANES;
                if (i == end) {
                    edge = isEdge(data[i - 1], false) ? 1L << HALF_LANES - 1 : 0;
                }
                long escapes = edge | coded.eq((byte) 0).or(coded.eq((byte) '\r'))
                        .or(coded.eq((byte) '\n')).or(coded.eq((byte) '=')).toLong();
                edge = 0;
                ShortVector pairs = (ShortVector) coded
                        .add(ESCAPE_SHIFT, VectorMask.fromLong(HALF, escapes))
                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, PAIRS, 0);
                pairs.lanewise(VectorOperators.LSHL, Byte.SIZE).or((short) '=')
                        .reinterpretAsBytes()
                        .compress(VectorMask.fromLong(
                                WHOLE, ~FIRSTS | Long.expand(escapes, FIRSTS)))
                        .intoArray(out, at);
                at += HALF_LANES + Long.bitCount(escapes);
            }
            out[at] = '\r';
            out[at + 1] = '\n';
            at += 2;
        }
        return (long) i << Integer.SIZE | at;
    }

    /** Whether an octet is escaped because it stands first or last in its line. */
    private static boolean isEdge(byte octet, boolean first) {
        int coded = octet + SHIFT & 0xff;
        return coded == '\t' || coded == ' ' || first && coded == '.';
    }
}
