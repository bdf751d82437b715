package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * How kernels see memory outside the heap: all of it is one constant segment, and an address is an
 * offset in it. So the JIT knows from the first call on what kind of memory it deals with. From a
 * segment handed in as an argument it would have to learn that by watching calls that are
 * interpreted, which takes seconds with vectors; and it would check at every access that the
 * segment is still open.
 *
 * <p>Nothing is checked inside a kernel therefore: {@link #address} checks bounds, and that the
 * memory has not been given back; whoever closes an arena first waits for all threads that compute
 * in it.
 */
final class OffHeap {
    /** All memory. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private OffHeap() {}

    /**
     * The address of byte {@code at} of a segment.
     *
     * @param bytes how many bytes from there on will be used
     * @throws IndexOutOfBoundsException if they are not all in the segment
     * @throws IllegalStateException if the memory has been given back
     */
    static long address(MemorySegment segment, long at, long bytes) {
        Objects.checkFromIndexSize(at, bytes, segment.byteSize());
        if (!segment.isNative()) {
            throw new IllegalArgumentException("kernels work on memory outside the heap only");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("closed already");
        }
        return segment.address() + at;
    }
}
