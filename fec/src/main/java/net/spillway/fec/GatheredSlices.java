package net.spillway.fec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.spillway.fec.engine.TiledSlices;

/**
 * Slices that wait until they are so many that adding them at once pays. They come in any order,
 * and are given back in that of their indices. Memory is got for some slices at a time.
 */
final class GatheredSlices implements TiledSlices, AutoCloseable {
    /** Slices whose tiles lie side by side. */
    private static final int BANK = 32;

    private final Arena arena = Arena.ofShared();
    private final SliceRows[] banks;
    private final int[] slices;
    private final int length;
    private final int tile;
    private int count;
    private int[] order = {};

    /**
     * @param most how many slices to gather
     * @param length bytes of a slice
     * @param tile columns that ought to lie together
     */
    GatheredSlices(int most, int length, int tile) {
        banks = new SliceRows[Math.ceilDiv(most, BANK)];
        slices = new int[most];
        this.length = length;
        this.tile = tile;
    }

    /** Takes a slice, which is padded with zeros, if there is room. */
    void add(int slice, byte[] data, int offset, int len) {
        int bank = count / BANK;
        if (banks[bank] == null) {
            int room = Math.min(BANK, slices.length - bank * BANK);
            banks[bank] = new SliceRows(arena, room, length, tile);
        }
        banks[bank].put(count % BANK, data, offset, len);
        slices[count++] = slice;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == slices.length;
    }

    /** The indices of all slices, ascending; the i-th slice is the i-th of these from now on. */
    int[] sort() {
        order =
                IntStream.range(0, count)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> slices[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return IntStream.of(order).map(i -> slices[i]).toArray();
    }

    @Override
    public MemorySegment memory(int i) {
        return banks[order[i] / BANK].memory(order[i] % BANK);
    }

    @Override
    public long at(int i, long column) {
        return banks[order[i] / BANK].at(order[i] % BANK, column);
    }

    /** Copies a slice out. */
    void get(int i, byte[] dst) {
        banks[order[i] / BANK].get(
                order[i] % BANK, 0, MemorySegment.ofArray(dst), 0, length);
    }

    /** Forgets all slices; memory stays. */
    void clear() {
        count = 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}
