package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first 64 octets of a segment; see {@link SegmentFormat}. */
public record SegmentHeader(int segment, long firstSequence, long created, UUID spool, long salt) {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentHeader.class);
    private static final int VERSION_AT = 8;
    private static final int SEGMENT_AT = 12;
    private static final int CRC_AT = SegmentFormat.HEADER_OCTETS - 4;

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
     * Reads and checks a header. A single flipped bit is put right: so much hangs on so few
     * octets, and the CRC tells for sure which bit it was.
     *
     * @throws SegmentFormatException if the file has a newer format
     * @throws SegmentDamagedException if the header was cut off, or is not what was written
     */
    static SegmentHeader read(Path file, FileChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(SegmentFormat.HEADER_OCTETS);
        while (in.hasRemaining() && channel.read(in, in.position()) >= 0) {
            // Until the header is full or the file has ended.
        }
        if (in.hasRemaining() || in.getLong(0) == 0) {
            throw new SegmentDamagedException(file, 0, "the header is cut off");
        }
        if (isIntact(in) && version(in) > SegmentFormat.VERSION) {
            throw new SegmentFormatException(file + " has spool format " + version(in)
                    + ", this program knows up to " + SegmentFormat.VERSION
                    + "; use the newer Spillway that wrote it");
        }
        if (!isOurs(in)) {
            mend(file, in);
        }
        in.position(SEGMENT_AT);
        return new SegmentHeader(in.getInt(), in.getLong(), in.getLong(),
                new UUID(in.getLong(), in.getLong()), in.getLong());
    }

    private static void mend(Path file, ByteBuffer header) throws SegmentDamagedException {
        for (int bit = 0; bit < SegmentFormat.HEADER_OCTETS * Byte.SIZE; bit++) {
            flip(header, bit);
            if (isOurs(header)) {
                LOG.warn("{}: one bit of the header is wrong, and was put right", file);
                return;
            }
            flip(header, bit);
        }
        throw new SegmentDamagedException(file, 0,
                header.getLong(0) == SegmentFormat.HEADER_MAGIC ? "the header's CRC is wrong"
                        : "no header of a segment stands there");
    }

    private static void flip(ByteBuffer header, int bit) {
        header.array()[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    }

    private static boolean isOurs(ByteBuffer header) {
        return isIntact(header) && version(header) >= 1
                && version(header) <= SegmentFormat.VERSION;
    }

    /** Whether it is a header, of whatever version. */
    private static boolean isIntact(ByteBuffer header) {
        header.position(CRC_AT);
        return header.getLong(0) == SegmentFormat.HEADER_MAGIC
                && header.getInt(CRC_AT) == crc(header);
    }

    private static int version(ByteBuffer header) {
        return header.getInt(VERSION_AT);
    }

    /** Of everything before the buffer's position. */
    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.position());
        return (int) crc.getValue();
    }
}
