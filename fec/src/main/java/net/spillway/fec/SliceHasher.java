package net.spillway.fec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Checksums of slices, those of several at a time: side by side in vector lanes, if there are any
 * and so much is to be hashed that they pay. For one thread at a time.
 */
public final class SliceHasher implements AutoCloseable {
    /** Bytes of a slice taken at a time: a group of such strips stays in the L2 cache. */
    private static final int STRIP = 16 << 10;

    /** As many as there are lanes where there are few. */
    private static final int LEAST_LANES = 16;

    private final SliceEngine engine;
    private final int sliceSize;
    private final boolean lanes;
    private final int most;
    private final Strips strips;

    /**
     * Some bytes; those missing at the end of the slice count as zeros.
     *
     * @param crc32 of the slice, if it is known already
     */
    public record Piece(byte[] bytes, int offset, int length, OptionalInt crc32) {
        /** Bytes of which nothing is known yet. */
        public Piece(byte[] bytes, int offset, int length) {
            this(bytes, offset, length, OptionalInt.empty());
        }
    }

    /**
     * @param sliceSize bytes, a multiple of 4
     * @param expected bytes that will be hashed in all, as far as one knows
     */
    public SliceHasher(int sliceSize, long expected) {
        this(Engines.best(), sliceSize,
                ManyMd5s.lanesPay(Engines.best(), LEAST_LANES, expected, false));
    }

    SliceHasher(SliceEngine engine, int sliceSize, boolean lanes) {
        Par2Limits.checkSliceSize(sliceSize);
        this.engine = engine;
        this.sliceSize = sliceSize;
        this.lanes = lanes;
        most = lanes
                ? Math.max(LEAST_LANES, engine.md5Lanes().map(Md5Lanes::lanes).orElse(1)) : 1;
        strips = new Strips(most, Math.min(STRIP, sliceSize));
    }

    /** How many slices are best hashed at a time. */
    public int atATime() {
        return most;
    }

    /** The checksums of slices, in their order. */
    public List<SliceChecksum> hash(List<Piece> slices) {
        if (!lanes || slices.size() < ManyMd5s.LEAST) {
            return slices.stream().map(piece -> SliceChecksum.of(
                    piece.bytes(), piece.offset(), piece.length(), sliceSize)).toList();
        }
        ManyMd5s md5s = new ManyMd5s(engine, true, slices.size());
        List<SliceChecksum> sums = new ArrayList<>();
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (int first = 0; first < slices.size(); first += md5s.atATime()) {
                int n = Math.min(md5s.atATime(), slices.size() - first);
                CRC32[] crcs = IntStream.range(0, n).mapToObj(i -> new CRC32())
                        .toArray(CRC32[]::new);
                List<Piece> group = slices.subList(first, first + n);
                hash(group, first, worker, crcs);
                for (int i = 0; i < n; i++) {
                    sums.add(new SliceChecksum(md5s.get(first + i),
                            group.get(i).crc32().orElse((int) crcs[i].getValue())));
                }
            }
        }
        return sums;
    }

    private void hash(List<Piece> group, int first, ManyMd5s.Worker worker, CRC32[] crcs) {
        int n = group.size();
        int[] which = IntStream.range(first, first + n).toArray();
        long[] at = IntStream.range(0, n).mapToLong(i -> i * strips.stride()).toArray();
        MemorySegment buffer = strips.take();
        for (int done = 0; done < sliceSize; done += STRIP) {
            int len = Math.min(STRIP, sliceSize - done);
            for (int i = 0; i < n; i++) {
                MemorySegment strip = buffer.asSlice(at[i], len);
                fill(strip, group.get(i), done);
                if (group.get(i).crc32().isEmpty()) {
                    crcs[i].update(strip.asByteBuffer());
                }
            }
            if (done + len == sliceSize) {
                worker.finish(which, n, buffer, at, len);
            } else {
                worker.update(which, n, buffer, at, len);
            }
        }
        strips.giveBack(buffer);
    }

    private static void fill(MemorySegment strip, Piece piece, int from) {
        int n = (int) Math.clamp(piece.length() - (long) from, 0, strip.byteSize());
        MemorySegment.copy(
                piece.bytes(), piece.offset() + Math.min(from, piece.length()), strip,
                ValueLayout.JAVA_BYTE, 0, n);
        strip.asSlice(n).fill((byte) 0);
    }

    @Override
    public void close() {
        strips.close();
    }
}
