package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;

/**
 * Writes recovery slices, which come in columns from left to right, into their volumes. A volume is
 * its recovery packets between all critical packets and, if there are several, once more all
 * critical packets, so that it is of use by itself if one of its ends is lost; the index is the
 * critical packets alone.
 */
final class RecoveryWriter implements AutoCloseable {
    /** Bytes of a packet before its slice that its MD5 covers; no whole block. */
    private static final int PREFIX = 36;

    private static final int BLOCK = 64;

    /** Bytes of a recovery slice taken at a time, a multiple of {@link #BLOCK}. */
    private static final int STRIP = 32 << 10;

    private final Hash16 setId;
    private final long sliceSize;
    private final long criticalBytes;
    private final List<Path> drafts = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final ManyMd5s md5s;
    private final Strips buffers;
    private final FilePool files = new FilePool(StandardOpenOption.WRITE);
    private final long stride;

    /** Of each packet what comes before the next strip and makes no whole block yet. */
    private final byte[] carries;

    /** A recovery slice, and where its packet starts. */
    private record Row(int exponent, Path file, long packet) {}

    /** Where recovery slices come from. */
    @FunctionalInterface
    interface Columns {
        /** Copies bytes of recovery slice {@code row}, {@code from} its first column there is. */
        void read(int row, int from, MemorySegment dst, long at, int len);
    }

    /** @param criticalBytes of all critical packets, for which room is left */
    RecoveryWriter(
            WorkFolder work, Hash16 setId, long sliceSize, long criticalBytes,
            List<VolumeLayout.Volume> volumes, SliceEngine engine)
            throws IOException {
        this.setId = setId;
        this.sliceSize = sliceSize;
        this.criticalBytes = criticalBytes;
        drafts.add(Files.createFile(work.next()));
        for (VolumeLayout.Volume volume : volumes) {
            Path file = Files.createFile(work.next());
            drafts.add(file);
            for (int i = 0; i < volume.count(); i++) {
                int exponent = volume.first() + i;
                long packet = criticalBytes + i * (RecoveryPacket.OVERHEAD + sliceSize);
                rows.add(new Row(exponent, file, packet));
            }
        }
        int n = rows.size();
        md5s = new ManyMd5s(engine, ManyMd5s.lanesPay(engine, n, n * sliceSize, false), n);
        // A strip comes behind a block that ends with what is hashed before it.
        buffers = new Strips(md5s.atATime(), BLOCK + (int) Math.min(STRIP, sliceSize));
        stride = buffers.stride();
        carries = new byte[n * PREFIX];
        for (int i = 0; i < n; i++) {
            byte[] head = head(rows.get(i), new Hash16(0, 0));
            System.arraycopy(head, head.length - PREFIX, carries, i * PREFIX, PREFIX);
        }
    }

    private byte[] head(Row row, Hash16 md5) {
        return PacketWriter.recoveryHead(setId, row.exponent(), sliceSize, md5);
    }

    /**
     * Writes the next columns of all recovery slices.
     *
     * @param from the first column within a slice
     * @param count how many; a multiple of 64 but for the last ones
     * @param written told how many bytes more have been written; by several threads
     */
    void write(long from, int count, Columns columns, Crew crew, LongConsumer written)
            throws IOException {
        int group = md5s.atATime();
        crew.each(
                Math.ceilDiv(rows.size(), group),
                g -> {
                    int first = g * group;
                    int n = Math.min(group, rows.size() - first);
                    writeGroup(first, n, from, count, columns);
                    written.accept((long) n * count);
                });
    }

    private void writeGroup(int first, int n, long from, int count, Columns columns)
            throws IOException {
        int[] which = new int[n];
        for (int i = 0; i < n; i++) {
            which[i] = first + i;
        }
        MemorySegment strips = buffers.take();
        OpenFiles out = files.take();
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (int at = 0; at < count; at += STRIP) {
                int len = Math.min(STRIP, count - at);
                for (int i = 0; i < n; i++) {
                    columns.read(which[i], at, strips, i * stride + BLOCK, len);
                    Row row = rows.get(which[i]);
                    out.write(
                            row.file(),
                            row.packet() + RecoveryPacket.OVERHEAD + from + at,
                            strips.asSlice(i * stride + BLOCK, len).asByteBuffer());
                }
                hash(worker, which, strips, len, from + at + len == sliceSize);
            }
        } finally {
            files.giveBack(out);
        }
        buffers.giveBack(strips);
    }

    /** Hashes what was carried over and the strip, and carries over what is left. */
    private void hash(
            ManyMd5s.Worker worker, int[] which, MemorySegment strips, int len, boolean last) {
        int n = which.length;
        long[] starts = new long[n];
        for (int i = 0; i < n; i++) {
            starts[i] = i * stride + BLOCK - PREFIX;
            MemorySegment.copy(
                    carries, which[i] * PREFIX, strips, ValueLayout.JAVA_BYTE, starts[i], PREFIX);
        }
        if (last) {
            worker.finish(which, n, strips, starts, PREFIX + len);
            return;
        }
        worker.update(which, n, strips, starts, len);
        for (int i = 0; i < n; i++) {
            MemorySegment.copy(
                    strips, ValueLayout.JAVA_BYTE, starts[i] + len, carries, which[i] * PREFIX,
                    PREFIX);
        }
    }

    /** Completes all files and says where they are, the index first. */
    List<Path> finish(List<byte[]> critical) throws IOException {
        // On Windows nobody can move a file that is open.
        files.close();
        try (OpenFiles out = new OpenFiles(StandardOpenOption.WRITE)) {
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                byte[] head = head(row, md5s.get(i));
                out.write(row.file(), row.packet(), head, 0, head.length);
            }
            for (Path draft : drafts) {
                long end = Files.size(draft);
                write(critical, out, draft, 0);
                // What was cut at one end or the other is still of use by itself.
                if (end > criticalBytes + RecoveryPacket.OVERHEAD + sliceSize) {
                    write(critical, out, draft, end);
                }
            }
        }
        return drafts;
    }

    private void write(List<byte[]> critical, OpenFiles out, Path draft, long from)
            throws IOException {
        long at = from;
        for (byte[] packet : critical) {
            out.write(draft, at, packet, 0, packet.length);
            at += packet.length;
        }
        if (at - from != criticalBytes) {
            throw new IllegalStateException("room was left for " + criticalBytes
                    + " octets of critical packets, not for " + (at - from));
        }
    }

    @Override
    public void close() throws IOException {
        buffers.close();
        files.close();
    }
}
