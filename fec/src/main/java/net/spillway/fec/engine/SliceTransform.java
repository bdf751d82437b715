package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/**
 * Recovery slices computed by transform, from many slices at a time. The rows are sums of little-
 * endian 16-bit words, as those of an {@link Accumulator}, all zero at first; row r belongs to the
 * r-th of the exponents that the transform was made for. For one thread at a time; what threads it
 * uses itself is its own business.
 */
public interface SliceTransform extends AutoCloseable {
    /** Off-heap slices are padded with zeros to a multiple of this many bytes. */
    int PADDING = 128;

    /**
     * Adds slices to all rows. The more of them, and the closer together, the less it costs.
     *
     * @param slices their indices in the set, ascending
     * @param data their bytes, off-heap, padded with zeros
     * @param count how many there are
     */
    void add(int[] slices, MemorySegment[] data, int count);

    /** Copies bytes of a row out; {@code from} and {@code len} are even. */
    void read(int row, int from, byte[] dst, int dstOffset, int len);

    /** Overwrites bytes of a row; the counterpart of {@link #read}. */
    void write(int row, int from, byte[] src, int srcOffset, int len);

    /** Gives the memory back; nothing else may be called afterwards. */
    @Override
    void close();
}
