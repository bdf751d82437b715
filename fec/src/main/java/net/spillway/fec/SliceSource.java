package net.spillway.fec;

import java.io.IOException;

/** Where slices that are not lost can be read. */
@FunctionalInterface
public interface SliceSource {
    /**
     * Fills part of {@code dst} with bytes of a slice; what lies behind the end of its file is
     * filled with zeros.
     *
     * @param slice index in the set
     * @param from first byte within the slice
     */
    void read(int slice, long from, byte[] dst, int offset, int len) throws IOException;
}
