package net.spillway.protocol;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link BlockEnd} with vectors. To be touched only where the incubating module is
 * there.
 */
final class VectorScan {
    private static final VectorSpecies<Byte> S = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private VectorScan() {}

    /**
     * Looks for an LF with a dot behind it.
     *
     * @return where the first one is, or a place before which there is none and from which a vector
     *     is no longer left
     */
    static int lineWithDot(byte[] in, int from, int to) {
        int last = to - LANES - 1;
        int i = from;
        for (; i <= last; i += LANES) {
            long hits = ByteVector.fromArray(S, in, i).eq((byte) '\n')
                    .and(ByteVector.fromArray(S, in, i + 1).eq((byte) '.')).toLong();
            if (hits != 0) {
                return i + Long.numberOfTrailingZeros(hits);
            }
        }
        return i;
    }
}
