package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.RunHasher;

/** Hashes recovery packets side by side in vector lanes, on the threads of a crew. */
final class LaneHasher implements RunHasher, AutoCloseable {
    /** Bytes of a packet taken at a time, a multiple of 64. */
    private static final int STRIP = 32 << 10;

    /** For each thread, twice as many as there are lanes in the widest vectors. */
    private static final int MOST = 64;

    private final SliceEngine engine;
    private final Crew crew;
    private final boolean warm;
    private final int lanes;
    private final Strips buffers;
    private long later;

    LaneHasher(SliceEngine engine, Crew crew) {
        this(engine, crew, false);
    }

    /** The same; {@code warm} if lanes are to be taken for compiled already. */
    LaneHasher(SliceEngine engine, Crew crew, boolean warm) {
        this.engine = engine;
        this.crew = crew;
        this.warm = warm;
        lanes = engine.md5Lanes().map(Md5Lanes::lanes).orElse(1);
        buffers = new Strips(lanes, STRIP);
    }

    /** Has it expect that so many bytes will be hashed afterwards, by whomever. */
    void expect(long bytes) {
        later = bytes;
    }

    @Override
    public int most() {
        return engine.hasMd5Lanes() ? MOST * crew.threads() : 1;
    }

    @Override
    public Optional<Hash16[]> md5s(
            Bytes bytes, long first, long distance, int count, long length) throws IOException {
        if (!ManyMd5s.lanesPay(engine, count, count * length, later, warm)) {
            return Optional.empty();
        }
        ManyMd5s md5s = new ManyMd5s(engine, true, count);
        crew.each(
                Math.ceilDiv(count, lanes),
                g -> {
                    int from = g * lanes;
                    int[] which = IntStream.range(from, Math.min(from + lanes, count)).toArray();
                    hash(md5s, which, bytes, first, distance, length);
                });
        Hash16[] found = new Hash16[count];
        for (int i = 0; i < count; i++) {
            found[i] = md5s.get(i);
        }
        return Optional.of(found);
    }

    private void hash(
            ManyMd5s md5s, int[] which, Bytes bytes, long first, long distance, long length)
            throws IOException {
        int n = which.length;
        long[] at = IntStream.range(0, n).mapToLong(i -> i * buffers.stride()).toArray();
        MemorySegment buffer = buffers.take();
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (long done = 0; done < length; done += STRIP) {
                int len = (int) Math.min(STRIP, length - done);
                for (int i = 0; i < n; i++) {
                    bytes.read(
                            first + which[i] * distance + done,
                            buffer.asSlice(at[i], len).asByteBuffer());
                }
                if (done + len == length) {
                    worker.finish(which, n, buffer, at, len);
                } else {
                    worker.update(which, n, buffer, at, len);
                }
            }
        }
        buffers.giveBack(buffer);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
