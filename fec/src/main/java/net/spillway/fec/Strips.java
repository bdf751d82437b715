package net.spillway.fec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Off-heap buffers for some pieces of bytes each, one for every thread that works. */
final class Strips implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Queue<MemorySegment> atRest = new ConcurrentLinkedQueue<>();
    private final int count;
    private final int length;

    /**
     * @param count pieces in a buffer
     * @param length bytes of a piece
     */
    Strips(int count, int length) {
        this.count = count;
        this.length = length;
    }

    /** From one piece of a buffer to the next. */
    long stride() {
        int line = 64;
        long padded = Math.ceilDiv((long) length, line) * line;
        // Pieces a multiple of a page apart would fight for the same cache sets.
        return padded % 4096 == 0 ? padded + line : padded;
    }

    /** A buffer that nobody uses; what is in it may be anything. */
    MemorySegment take() {
        MemorySegment idle = atRest.poll();
        return idle == null ? arena.allocate(count * stride(), 64) : idle;
    }

    void giveBack(MemorySegment buffer) {
        atRest.add(buffer);
    }

    @Override
    public void close() {
        arena.close();
    }
}
