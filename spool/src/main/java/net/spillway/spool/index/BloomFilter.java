package net.spillway.spool.index;

import java.nio.ByteBuffer;
import net.spillway.spool.segment.IdHash;

/**
 * A set of hashes that says "surely not" or "perhaps": with twelve bits a key and seven probes it
 * errs for one stranger in a hundred and fifty or so. All probes of a key fall into one block of 512
 * bits, which is a line of the processor's cache (Putze, Sanders and Singler, 2009). The keys are
 * SHA-256 already: one half chooses the block, nine bits each of the other the probes.
 */
final class BloomFilter {
    private static final int BITS_PER_KEY = 12;
    private static final int PROBES = 7;
    private static final int BLOCK_WORDS = 8;
    private static final int PROBE_BITS = 9;
    private static final int PROBE_MASK = (1 << PROBE_BITS) - 1;

    private final long[] words;
    private final int blocks;

    BloomFilter(long keys) {
        this(new long[Math.toIntExact((Math.max(keys, 1) * BITS_PER_KEY / Long.SIZE
                / BLOCK_WORDS + 1) * BLOCK_WORDS)]);
    }

    private BloomFilter(long[] words) {
        this.words = words;
        this.blocks = words.length / BLOCK_WORDS;
    }

    /** An empty one of a size that {@link #toBytes} has told, to be filled by {@link #put}. */
    static BloomFilter ofOctets(int octets) {
        if (octets == 0 || octets % (BLOCK_WORDS * Long.BYTES) != 0) {
            throw new IllegalArgumentException("not a Bloom filter");
        }
        return new BloomFilter(new long[octets / Long.BYTES]);
    }

    /** Takes over some of the octets of {@link #toBytes}. */
    void put(int at, byte[] octets) {
        ByteBuffer.wrap(octets).asLongBuffer().get(words, at / Long.BYTES,
                octets.length / Long.BYTES);
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(words.length * Long.BYTES);
        out.asLongBuffer().put(words);
        return out.array();
    }

    void add(IdHash key) {
        int block = block(key);
        long probes = key.low();
        for (int i = 0; i < PROBES; i++, probes >>>= PROBE_BITS) {
            int bit = (int) probes & PROBE_MASK;
            words[block + (bit >>> 6)] |= 1L << (bit & 63);
        }
    }

    boolean mayContain(IdHash key) {
        int block = block(key);
        long probes = key.low();
        for (int i = 0; i < PROBES; i++, probes >>>= PROBE_BITS) {
            int bit = (int) probes & PROBE_MASK;
            if ((words[block + (bit >>> 6)] & 1L << (bit & 63)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The first word of the key's block. */
    private int block(IdHash key) {
        return (int) Math.unsignedMultiplyHigh(key.high(), blocks) * BLOCK_WORDS;
    }
}
