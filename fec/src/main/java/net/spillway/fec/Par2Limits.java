package net.spillway.fec;

import net.spillway.fec.packet.PacketFormat;

/** Bounds of PAR2 sets, checked in one place. */
final class Par2Limits {
    private Par2Limits() {}

    /** Slices are a positive multiple of 4 bytes, at most 1 GiB. */
    static void checkSliceSize(long sliceSize) {
        if (sliceSize <= 0 || sliceSize % 4 != 0 || sliceSize > PacketFormat.MAX_SLICE) {
            throw new IllegalArgumentException(
                    "a slice must have a multiple of 4 bytes, 4 to "
                            + PacketFormat.MAX_SLICE
                            + ", not "
                            + sliceSize);
        }
    }

    /** How many slices {@code length} bytes make. */
    static long slices(long length, long sliceSize) {
        return length / sliceSize + (length % sliceSize == 0 ? 0 : 1);
    }
}
