package net.spillway.spool.index;

import java.nio.ByteBuffer;
import net.spillway.spool.segment.IdHash;

/**
 * A set of hashes that says "surely not" or "perhaps": with ten bits a key and seven probes it errs
 * for one stranger in a hundred and twenty. The keys are SHA-256 already, so their two halves serve
 * as the two hash functions from which all probes are made (Kirsch and Mitzenmacher, 2006).
 */
final class BloomFilter {
    private static final int BITS_PER_KEY = 10;
    private static final int PROBES = 7;

    private final long[] words;
    private final long bits;

    BloomFilter(int keys) {
        this(new long[(int) (((long) Math.max(keys, 1) * BITS_PER_KEY + 63) / 64)]);
    }

    private BloomFilter(long[] words) {
        this.words = words;
        this.bits = words.length * 64L;
    }

    static BloomFilter of(byte[] octets) {
        if (octets.length < Long.BYTES || octets.length % Long.BYTES != 0) {
            throw new IllegalArgumentException("not a Bloom filter");
        }
        long[] words = new long[octets.length / Long.BYTES];
        ByteBuffer.wrap(octets).asLongBuffer().get(words);
        return new BloomFilter(words);
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(words.length * Long.BYTES);
        out.asLongBuffer().put(words);
        return out.array();
    }

    void add(IdHash key) {
        long at = key.high();
        for (int i = 0; i < PROBES; i++, at += key.low() | 1) {
            long bit = Long.remainderUnsigned(at, bits);
            words[(int) (bit >>> 6)] |= 1L << (bit & 63);
        }
    }

    boolean mayContain(IdHash key) {
        long at = key.high();
        for (int i = 0; i < PROBES; i++, at += key.low() | 1) {
            long bit = Long.remainderUnsigned(at, bits);
            if ((words[(int) (bit >>> 6)] & 1L << (bit & 63)) == 0) {
                return false;
            }
        }
        return true;
    }
}
