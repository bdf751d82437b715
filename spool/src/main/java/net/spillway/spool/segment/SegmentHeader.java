package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The first 64 octets of a segment; see {@link SegmentFormat}. */
public record SegmentHeader(int segment, long firstSequence, long created, UUID spool, long salt) {

    ByteBuffer toBytes() {
        ByteBuffer out = ByteBuffer.allocate(SegmentFormat.HEADER_OCTETS);
        out.putLong(SegmentFormat.HEADER_MAGIC).putInt(SegmentFormat.VERSION).putInt(segment)
                .putLong(firstSequence).putLong(created)
                .putLong(spool.getMostSignificantBits()).putLong(spool.getLeastSignificantBits())
                .putLong(salt).putInt(0);
        out.putInt(crc(out)).flip();
        return out;
    }

    /**
     * Reads and checks a header.
     *
     * @throws SegmentFormatException if the file has a newer format, or is no segment
     * @throws SegmentDamagedException if the header was cut off or its CRC is wrong
     */
    static SegmentHeader read(Path file, FileChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(SegmentFormat.HEADER_OCTETS);
        while (in.hasRemaining() && channel.read(in, in.position()) >= 0) {
            // Until the header is full or the file has ended.
        }
        boolean complete = !in.hasRemaining();
        in.rewind();
        if (!complete || in.getLong(0) == 0) {
            throw new SegmentDamagedException(file, 0, "the header is cut off");
        }
        if (in.getLong() != SegmentFormat.HEADER_MAGIC) {
            throw new SegmentFormatException(file + " is not a segment of a spool;"
                    + " move it out of that folder");
        }
        int version = in.getInt();
        if (version > SegmentFormat.VERSION) {
            throw new SegmentFormatException(file + " has spool format " + version
                    + ", this program knows up to " + SegmentFormat.VERSION
                    + "; use the newer Spillway that wrote it");
        }
        SegmentHeader header = new SegmentHeader(in.getInt(), in.getLong(), in.getLong(),
                new UUID(in.getLong(), in.getLong()), in.getLong());
        in.position(SegmentFormat.HEADER_OCTETS - 4);
        int crc = crc(in);
        if (version < 1 || in.getInt() != crc) {
            throw new SegmentDamagedException(file, 0, "the header's CRC is wrong");
        }
        return header;
    }

    /** Of everything before the buffer's position. */
    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.position());
        return (int) crc.getValue();
    }
}
