package net.spillway.fec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.spillway.fec.engine.SliceTransform;

/**
 * The same columns of all slices of a set, off-heap: a tile of columns of all slices in turn, then
 * the next tile, as a {@link SliceTransform} wants them. A tile may be as wide as there are columns.
 */
final class SliceRows {
    private final int count;
    private final int tile;
    private final MemorySegment memory;

    /**
     * @param columns bytes of a slice
     * @param tile columns that lie together
     */
    SliceRows(Arena arena, int count, int columns, int tile) {
        this.count = count;
        this.tile = tile;
        memory = arena.allocate(Math.max(1, Math.ceilDiv(columns, tile) * tile(count)), 64);
    }

    private long tile(int slices) {
        return (long) slices * tile;
    }

    /** All of it. */
    MemorySegment memory() {
        return memory;
    }

    /** Where a byte is; those behind it follow to the end of its tile. */
    long at(int slice, int column) {
        return column / tile * tile(count) + tile(slice) + column % tile;
    }

    /**
     * Takes bytes of some slices.
     *
     * @param first the first of {@code n} slices in sequence
     * @param column the first of {@code len} columns
     * @param stride from one slice to the next in {@code src}
     */
    void put(int first, int n, int column, MemorySegment src, long stride, int len) {
        for (int done = 0; done < len; ) {
            int run = Math.min(len - done, tile - (column + done) % tile);
            for (int i = 0; i < n; i++) {
                MemorySegment.copy(
                        src, i * stride + done, memory, at(first + i, column + done), run);
            }
            done += run;
        }
    }

    /** Gives back bytes of a slice. */
    void get(int slice, int column, MemorySegment dst, long to, int len) {
        for (int done = 0; done < len; ) {
            int run = Math.min(len - done, tile - (column + done) % tile);
            MemorySegment.copy(memory, at(slice, column + done), dst, to + done, run);
            done += run;
        }
    }
}
