package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.IntStream;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.RunHasher;

/** Hashes recovery packets side by side in vector lanes. */
final class LaneHasher implements RunHasher {
    /** Bytes of a packet taken at a time, a multiple of 64. */
    private static final int STRIP = 32 << 10;

    /** Four times as many as there are lanes in the widest vectors. */
    private static final int MOST = 64;

    private final SliceEngine engine;
    private final boolean warm;

    LaneHasher(SliceEngine engine) {
        this(engine, false);
    }

    /** The same; {@code warm} if lanes are to be taken for compiled already. */
    LaneHasher(SliceEngine engine, boolean warm) {
        this.engine = engine;
        this.warm = warm;
    }

    @Override
    public int most() {
        return engine.hasMd5Lanes() ? MOST : 1;
    }

    @Override
    public Optional<Hash16[]> md5s(
            Bytes bytes, long first, long distance, int count, long length) throws IOException {
        if (!ManyMd5s.lanesPay(engine, count, count * length, warm)) {
            return Optional.empty();
        }
        ManyMd5s md5s = new ManyMd5s(engine, true, count);
        Hash16[] found = new Hash16[count];
        byte[] piece = new byte[(int) Math.min(STRIP, length)];
        try (Strips strips = new Strips(md5s.atATime(), piece.length);
                ManyMd5s.Worker worker = md5s.worker()) {
            MemorySegment buffer = strips.take();
            for (int from = 0; from < count; from += md5s.atATime()) {
                int n = Math.min(md5s.atATime(), count - from);
                int[] which = IntStream.range(from, from + n).toArray();
                long[] at = IntStream.range(0, n).mapToLong(i -> i * strips.stride()).toArray();
                for (long done = 0; done < length; done += piece.length) {
                    int len = (int) Math.min(piece.length, length - done);
                    for (int i = 0; i < n; i++) {
                        bytes.read(first + which[i] * distance + done, piece, 0, len);
                        MemorySegment.copy(
                                piece, 0, buffer, ValueLayout.JAVA_BYTE, at[i], len);
                    }
                    if (done + len == length) {
                        worker.finish(which, n, buffer, at, len);
                    } else {
                        worker.update(which, n, buffer, at, len);
                    }
                }
            }
        }
        for (int i = 0; i < count; i++) {
            found[i] = md5s.get(i);
        }
        return Optional.of(found);
    }
}
