package net.spillway.fec;

import java.io.IOException;

/** Takes rebuilt slices. */
@FunctionalInterface
public interface SliceSink {
    /**
     * Bytes of a rebuilt slice: all of it, or a part if memory did not suffice for all.
     *
     * @param slice index in the set
     * @param from where in the slice the bytes belong
     * @param data holds the bytes until this returns, the zeros behind the file's end included
     */
    void accept(int slice, long from, byte[] data, int offset, int len) throws IOException;
}
