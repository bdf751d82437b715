package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/** Slices each of which has memory of its own. */
record Apart(MemorySegment... data) implements TiledSlices {
    @Override
    public MemorySegment memory(int i) {
        return data[i];
    }

    @Override
    public long at(int i, long column) {
        return column;
    }
}
