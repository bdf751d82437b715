package net.spillway.protocol;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link YencDecoder} with vectors as wide as the machine has them. To be touched
 * only where {@link #IS_THERE}, for elsewhere the incubating module is missing.
 *
 * <p>Where the machine can pick octets out of a vector, all of it is decoded at once. Elsewhere a
 * vector is decoded and stored whole, and what follows the first octet that means something else is
 * overwritten later. That is cheaper than counting and moving: such an octet comes once in some
 * forty.
 */
final class VectorYenc {
    private static final VectorSpecies<Byte> S = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final byte SHIFT = 42;
    private static final byte ESCAPE_SHIFT = 64;
    private static final int ESCAPED_SHIFT = 42 + 64;
    private static final long LAST = Long.MIN_VALUE;

    private VectorYenc() {}

    /**
     * Whether this machine's JVM has vectors: as a module, or its classes without one, of which the
     * launcher tells. In a class of its own, which loads without them.
     */
    static final class Support {
        static final boolean IS_THERE =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                        || Boolean.getBoolean("spillway.vectors.on.boot.path");

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
        if (CompressingYenc.IS_THERE) {
            return decode(in, from, out, start, to - LANES);
        }
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

    /**
     * A vector at a time. Bit by bit, what an octet is goes together with what its neighbours are;
     * what stands last and depends on what follows is left to the next vector.
     */
    private static long decode(byte[] in, int from, byte[] out, int start, int lastIn) {
        int i = from;
        int at = start;
        int lastOut = out.length - LANES;
        while (i <= lastIn && at <= lastOut) {
            ByteVector octets = ByteVector.fromArray(S, in, i);
            long escapes = octets.eq((byte) '=').toLong();
            long crs = octets.eq((byte) '\r').toLong();
            long lfs = octets.eq((byte) '\n').toLong();
            long dots = octets.eq((byte) '.').toLong();
            long marks = escapes | crs | lfs;
            long odd = (escapes & marks >>> 1 | crs & (~(lfs >>> 1) | (dots | escapes) >>> 2))
                    & ~LAST | lfs & ~(crs << 1);
            long open = (escapes | crs) & LAST | crs & LAST >>> 1;
            int n = Long.numberOfTrailingZeros(odd | open);
            long here = n == LANES ? -1 : (1L << n) - 1;
            long data = ~marks & here;
            octets.sub(SHIFT).sub(ESCAPE_SHIFT, VectorMask.fromLong(S, escapes << 1))
                    .compress(VectorMask.fromLong(S, data)).intoArray(out, at);
            i += n;
            at += Long.bitCount(data);
            if ((odd & here + 1) != 0) {
                break;
            }
        }
        return (long) i << Integer.SIZE | at;
    }
}
