package net.spillway.protocol;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link YencDecoder} with vectors as wide as the machine has them. To be touched
 * only where {@link #IS_THERE}, for elsewhere the incubating module is missing.
 *
 * <p>A vector is decoded and stored whole, and what follows the first octet that means something
 * else is overwritten later. That is cheaper than counting and moving: such an octet comes once in
 * some forty.
 */
final class VectorYenc {
    private static final VectorSpecies<Byte> S = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final byte SHIFT = 42;
    private static final int ESCAPED_SHIFT = 42 + 64;

    private VectorYenc() {}

    /** Whether this machine's JVM has vectors. In a class of its own, which loads without them. */
    static final class Support {
        static final boolean IS_THERE =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

        private Support() {}
    }

    /**
     * Decodes octets, escapes and plain line ends, and stops in front of whatever needs a closer
     * look: a line that starts with a dot or {@code =}, an escape at the end of a line, a CR or LF
     * alone, and the last octets of either array.
     *
     * @return where it stopped in the wire form, and below 2^32 where in the data
     */
    static long decode(byte[] in, int from, int to, byte[] out, int start) {
        int i = from;
        int at = start;
        // Room for a vector, and for what is looked at behind a hit.
        int lastIn = to - LANES - 3;
        int lastOut = out.length - LANES;
        while (i <= lastIn && at <= lastOut) {
            ByteVector octets = ByteVector.fromArray(S, in, i);
            octets.sub(SHIFT).intoArray(out, at);
            long hits = octets.eq((byte) '=').or(octets.eq((byte) '\r'))
                    .or(octets.eq((byte) '\n')).toLong();
            if (hits == 0) {
                i += LANES;
                at += LANES;
                continue;
            }
            int clean = Long.numberOfTrailingZeros(hits);
            i += clean;
            at += clean;
            byte next = in[i + 1];
            if (in[i] == '=' && next != '\r' && next != '\n') {
                out[at++] = (byte) (next - ESCAPED_SHIFT);
                i += 2;
            } else if (in[i] == '\r' && next == '\n' && in[i + 2] != '.' && in[i + 2] != '=') {
                i += 2;
            } else {
                break;
            }
        }
        return (long) i << Integer.SIZE | at;
    }
}
