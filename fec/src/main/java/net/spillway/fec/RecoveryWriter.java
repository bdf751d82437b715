package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;

/**
 * Writes recovery slices, which come in columns from left to right, into their volumes. A volume is
 * its recovery packets and then all critical packets; the index is the critical packets alone.
 */
final class RecoveryWriter implements AutoCloseable {
    private final Hash16 setId;
    private final long sliceSize;
    private final List<Path> drafts = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final OpenFiles out = new OpenFiles(StandardOpenOption.WRITE);

    /** A recovery slice: where its packet starts, and its MD5 as far as it has come. */
    private record Row(int exponent, Path file, long packet, MessageDigest md5) {}

    RecoveryWriter(
            WorkFolder work, Hash16 setId, long sliceSize, List<VolumeLayout.Volume> volumes)
            throws IOException {
        this.setId = setId;
        this.sliceSize = sliceSize;
        drafts.add(Files.createFile(work.next()));
        for (VolumeLayout.Volume volume : volumes) {
            Path file = Files.createFile(work.next());
            drafts.add(file);
            for (int i = 0; i < volume.count(); i++) {
                int exponent = volume.first() + i;
                long packet = i * (RecoveryPacket.OVERHEAD + sliceSize);
                MessageDigest md5 = PacketWriter.startRecovery(setId, exponent);
                rows.add(new Row(exponent, file, packet, md5));
            }
        }
    }

    /** The next bytes of recovery slice {@code i}, whose first is {@code from}. */
    void write(int i, long from, byte[] bytes, int len) throws IOException {
        Row row = rows.get(i);
        row.md5().update(bytes, 0, len);
        long at = row.packet() + RecoveryPacket.OVERHEAD + from;
        out.write(row.file(), at, bytes, 0, len);
    }

    /** Completes all files and says where they are, the index first. */
    List<Path> finish(List<byte[]> critical) throws IOException {
        for (Row row : rows) {
            Hash16 md5 = Hash16.of(row.md5());
            byte[] head = PacketWriter.recoveryHead(setId, row.exponent(), sliceSize, md5);
            out.write(row.file(), row.packet(), head, 0, head.length);
        }
        for (Path draft : drafts) {
            long end = Files.size(draft);
            for (byte[] packet : critical) {
                out.write(draft, end, packet, 0, packet.length);
                end += packet.length;
            }
        }
        out.close();
        return drafts;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
