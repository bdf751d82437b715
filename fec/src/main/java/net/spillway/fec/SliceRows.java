package net.spillway.fec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.spillway.fec.engine.SliceTransform;
import net.spillway.fec.engine.TiledSlices;
import net.spillway.fec.engine.Tiles;

/**
 * The same columns of some slices, off-heap: a tile of columns of all slices in turn, then the next
 * tile. A tile may be as wide as there are columns.
 */
final class SliceRows implements TiledSlices {
    private final Tiles tiles;
    private final MemorySegment memory;

    /**
     * @param columns bytes of a slice
     * @param tile columns that lie together
     */
    SliceRows(Arena arena, int count, int columns, int tile) {
        tiles = new Tiles(count, padded(columns), tile);
        memory = arena.allocate(Math.max(1, tiles.size()), 64);
    }

    /** Bytes that so many columns of a slice take. */
    static int padded(int columns) {
        return Math.ceilDiv(columns, SliceTransform.PADDING) * SliceTransform.PADDING;
    }

    @Override
    public MemorySegment memory(int slice) {
        return memory;
    }

    /** Where a byte is; those behind it follow to the end of its tile. */
    @Override
    public long at(int slice, long column) {
        return tiles.at(slice, column);
    }

    /**
     * Takes bytes of some slices.
     *
     * @param first the first of {@code n} slices in sequence
     * @param column the first of {@code len} columns
     * @param stride from one slice to the next in {@code src}
     */
    void put(int first, int n, int column, MemorySegment src, long stride, int len) {
        for (int done = 0, run; done < len; done += run) {
            run = tiles.run(column + done, len - done);
            for (int i = 0; i < n; i++) {
                MemorySegment.copy(
                        src, i * stride + done, memory, at(first + i, column + done), run);
            }
        }
    }

    /** Takes a slice, with zeros behind its first {@code len} bytes. */
    void put(int slice, byte[] src, int offset, int len) {
        for (int done = 0, run; done < len; done += run) {
            run = tiles.run(done, len - done);
            MemorySegment.copy(
                    src, offset + done, memory, ValueLayout.JAVA_BYTE, at(slice, done), run);
        }
        for (int done = len, run; done < tiles.columns(); done += run) {
            run = tiles.run(done, tiles.columns() - done);
            memory.asSlice(at(slice, done), run).fill((byte) 0);
        }
    }

    /** Gives back bytes of a slice. */
    void get(int slice, int column, MemorySegment dst, long to, int len) {
        for (int done = 0, run; done < len; done += run) {
            run = tiles.run(column + done, len - done);
            MemorySegment.copy(memory, at(slice, column + done), dst, to + done, run);
        }
    }
}
