package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

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
     * @param data their bytes; best with the same columns of all slices close together
     * @param count how many there are
     */
    void add(int[] slices, TiledSlices data, int count);

    /**
     * Has a listener told, while slices are added, how many of their bytes have been: in all, each
     * byte once. It is told by the threads that compute, by several at a time, and must be quick.
     */
    void onAdded(LongConsumer bytes);

    /** Bytes of a slice that are worked on at a time, a multiple of {@link #PADDING}. */
    int tile();

    /**
     * Has what {@link #add} needs compiled on a thread of its own if there are processors for that,
     * for who has something else to do before. Without it, that happens when first needed.
     */
    default void prepareAside() {}

    /** Copies bytes of a row out; {@code from} and {@code len} are even. */
    void read(int row, int from, byte[] dst, int dstOffset, int len);

    /** The same into off-heap memory. */
    void read(int row, int from, MemorySegment dst, long at, int len);

    /** Makes all rows zero again. */
    void reset();

    /** Overwrites bytes of a row; the counterpart of {@link #read}. */
    void write(int row, int from, byte[] src, int srcOffset, int len);

    /** Gives the memory back; nothing else may be called afterwards. */
    @Override
    void close();
}
