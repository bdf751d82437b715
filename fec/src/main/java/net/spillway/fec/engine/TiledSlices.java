package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/** Slices off-heap, as a {@link SliceTransform} takes them. */
public interface TiledSlices {
    /** The memory that slice {@code i} is in. */
    MemorySegment memory(int i);

    /**
     * Where a byte of it is there.
     *
     * @param column a multiple of {@link SliceTransform#tile}: as many bytes lie together, or those
     *     up to the end of the slice, padded with zeros to a multiple of {@link
     *     SliceTransform#PADDING}
     */
    long at(int i, long column);
}
