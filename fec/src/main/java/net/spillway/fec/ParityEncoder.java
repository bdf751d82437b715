package net.spillway.fec;

import java.util.BitSet;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Par2Constants;

/**
 * Computes recovery slices from slices that are pushed in any order as they come by, each once.
 * Needs memory for all recovery slices at a time, and for slices until they are added. Safe for use
 * by several threads; the work is shared among the encoder's own threads while a caller waits.
 */
public final class ParityEncoder implements AutoCloseable {
    private final int[] exponents;
    private final SliceSums sums;
    private final BitSet added = new BitSet();

    private ParityEncoder(Builder b) {
        exponents = b.exponents.clone();
        sums = new SliceSums(b.engine, b.threads, exponents, b.sliceSize, b.memory(), b.expected);
    }

    /**
     * A builder.
     *
     * @param sliceSize bytes of a slice (or of a column chunk of slices), a multiple of 4
     */
    public static Builder builder(int sliceSize) {
        return new Builder(sliceSize);
    }

    /** Collects what an encoder needs. */
    public static final class Builder {
        private static final long DEFAULT_MEMORY = 64L << 20;

        private final int sliceSize;
        private int[] exponents = {};
        private SliceEngine engine = Engines.best();
        private int threads = 1;
        private long memory = -1;
        private int expected;

        private Builder(int sliceSize) {
            Par2Limits.checkSliceSize(sliceSize);
            this.sliceSize = sliceSize;
        }

        /** Recovery slices with {@code count} exponents from {@code first} on. */
        public Builder recovery(int first, int count) {
            return exponents(IntStream.range(first, Math.addExact(first, count)).toArray());
        }

        /** Recovery slices with these exponents, 0..65534, in this order. */
        public Builder exponents(int... wanted) {
            for (int e : wanted) {
                if (e < 0 || e >= Par2Constants.MAX_EXPONENTS) {
                    throw new IllegalArgumentException(
                            "recovery exponents are 0 to 65534, not " + e);
                }
            }
            exponents = wanted.clone();
            return this;
        }

        /** The engine to use instead of the best one. */
        public Builder engine(SliceEngine other) {
            engine = other;
            return this;
        }

        /** How many threads compute; 1 unless said otherwise. */
        public Builder threads(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("threads must be at least 1, not " + n);
            }
            threads = n;
            return this;
        }

        /**
         * Bytes that slices may take that wait to be added, besides the recovery slices. Computing
         * is the faster the more can be added at once. Unless said otherwise: as much as the
         * recovery slices take, or 64 MiB if that is more, but not above a quarter of the memory
         * that the JVM may use.
         */
        public Builder memory(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("memory must not be negative: " + bytes);
            }
            memory = bytes;
            return this;
        }

        /** The same in slices: memory for so many that wait. */
        public Builder room(int slices) {
            return memory((long) slices * SliceRows.padded(sliceSize));
        }

        /**
         * About how many slices will be added in all, those after each {@link #reset} counted in.
         * Which way of computing is faster depends on it; unless said otherwise, no more are
         * counted on than fit into memory at a time.
         */
        public Builder expected(int slices) {
            if (slices < 0) {
                throw new IllegalArgumentException("no fewer than no slices: " + slices);
            }
            expected = slices;
            return this;
        }

        private long memory() {
            if (memory >= 0) {
                return memory;
            }
            long asMuch = Math.max(DEFAULT_MEMORY, (long) exponents.length * sliceSize);
            return Math.min(asMuch, Runtime.getRuntime().maxMemory() / 4);
        }

        /** The encoder; fails if there are no exponents. */
        public ParityEncoder build() {
            if (exponents.length == 0) {
                throw new IllegalArgumentException("say which recovery slices to compute");
            }
            return new ParityEncoder(this);
        }
    }

    /** How many recovery slices are computed. */
    public int recoveryCount() {
        return exponents.length;
    }

    /** The exponent of the recovery slice {@code i}. */
    public int exponent(int i) {
        return exponents[i];
    }

    /**
     * Adds a slice.
     *
     * @param slice its index in the set, 0..32767
     * @param data bytes, copied before this returns; missing ones at the end count as zeros
     * @throws IllegalArgumentException if the slice was added before or is too long
     */
    public synchronized void add(int slice, byte[] data, int offset, int len) {
        if (slice < 0 || slice >= Par2Constants.MAX_SLICES) {
            throw new IllegalArgumentException("slices are 0 to 32767, not " + slice);
        }
        if (added.get(slice)) {
            throw new IllegalArgumentException("slice " + slice + " was added before");
        }
        sums.add(slice, data, offset, len);
        added.set(slice);
    }

    /** True if the slice has been added. */
    public synchronized boolean has(int slice) {
        return added.get(slice);
    }

    /** The recovery slice {@code i} of the slices added so far, a fresh array. */
    public synchronized byte[] recovery(int i) {
        byte[] slice = new byte[sums.length()];
        sums.read(i, 0, slice, 0, slice.length);
        return slice;
    }

    /** Copies part of the recovery slice {@code i}; {@code from} and {@code len} are even. */
    public synchronized void recovery(int i, int from, byte[] dst, int offset, int len) {
        sums.read(i, from, dst, offset, len);
    }

    /** Has a listener told how many bytes have been added to the sums, by any thread. */
    synchronized void onAdded(LongConsumer bytes) {
        sums.onAdded(bytes);
    }

    /** Adds (XORs) bytes to a sum itself; those missing at the end count as zeros. */
    synchronized void xorInto(int i, byte[] data, int offset, int len) {
        sums.xor(i, data, offset, len);
    }

    /** Overwrites part of a sum. */
    synchronized void overwrite(int i, int from, byte[] src, int offset, int len) {
        sums.write(i, from, src, offset, len);
    }

    /**
     * Forgets all slices, so that others can be added, such as the next columns of the same: sooner
     * done than with a fresh encoder, which has to get its memory from the system.
     */
    public synchronized void reset() {
        sums.reset();
        added.clear();
    }

    /** Bytes of a slice. */
    int sliceSize() {
        return sums.length();
    }

    /** Gives the memory back. */
    @Override
    public synchronized void close() {
        sums.close();
    }
}
