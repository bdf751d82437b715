package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sums that lie off-heap in a form of their own, which words come into and go out of a tile at a
 * time. What the form is, and how products are added, is for others to say.
 */
abstract class TiledSums implements Accumulator {
    /** Bytes; a multiple of the block of every species. */
    static final int ALIGN = 128;

    final Arena arena = Arena.ofShared();
    final int rows;
    /** Bytes of a row that count; there may be more. */
    final int length;
    /** Bytes of a row worked on at a time, whole blocks. */
    final int tile;
    /** A tile of words as they come and go. */
    final MemorySegment raw;

    /** @param mostTile bytes of a row worked on at a time, if there are as many */
    TiledSums(int rows, int length, int mostTile) {
        this.rows = rows;
        this.length = length;
        tile = (int) Math.min(mostTile, padded((long) length));
        try {
            raw = arena.allocate(tile, 64);
        } catch (OutOfMemoryError | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Whole blocks. */
    static long padded(long bytes) {
        return (bytes + ALIGN - 1) / ALIGN * ALIGN;
    }

    /** The same of no more than a tile. */
    static int padded(int bytes) {
        return (int) padded((long) bytes);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int length() {
        return length;
    }

    /** Brings words of an array to {@link #raw}, zero-padded to whole blocks. */
    final void load(byte[] src, int from, int bytes) {
        MemorySegment.copy(src, from, raw, ValueLayout.JAVA_BYTE, 0, bytes);
        int padded = padded(bytes);
        if (padded > bytes) {
            raw.asSlice(bytes, padded - bytes).fill((byte) 0);
        }
    }

    /** Brings a tile of a row to {@link #raw}. */
    abstract void readTile(int row, int at);

    /** Brings {@link #raw} to a tile of a row. */
    abstract void writeTile(int row, int at);

    /** Bytes of the tile at a place, whole blocks. */
    final int tileBytes(int at) {
        return padded(Math.min(tile, length - at));
    }

    @Override
    public void read(int row, int from, byte[] dst, int dstOffset, int len) {
        Accumulator.checkCopy(this, row, from, dst, dstOffset, len);
        for (int done = 0; done < len; ) {
            int at = from + done;
            int lead = at % tile;
            int n = Math.min(tile - lead, len - done);
            readTile(row, at - lead);
            MemorySegment.copy(raw, ValueLayout.JAVA_BYTE, lead, dst, dstOffset + done, n);
            done += n;
        }
    }

    @Override
    public void write(int row, int from, byte[] src, int srcOffset, int len) {
        Accumulator.checkCopy(this, row, from, src, srcOffset, len);
        for (int done = 0; done < len; ) {
            int at = from + done;
            int lead = at % tile;
            int n = Math.min(tile - lead, len - done);
            readTile(row, at - lead);
            MemorySegment.copy(src, srcOffset + done, raw, ValueLayout.JAVA_BYTE, lead, n);
            writeTile(row, at - lead);
            done += n;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
