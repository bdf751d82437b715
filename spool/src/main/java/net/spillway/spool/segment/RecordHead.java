package net.spillway.spool.segment;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The 48 octets before each record's meta; see {@link SegmentFormat}. */
record RecordHead(byte type, int metaLength, int bodyLength, long sequence, long time,
        long forced, int bodyCrc, int headCrc) {

    /**
     * Reads a head, all lengths checked against their limits. Empty if this is none; its CRC is
     * checked later, when the meta is there too.
     */
    static Optional<RecordHead> decode(ByteBuffer in, int at) {
        if (in.getInt(at) != SegmentFormat.RECORD_MAGIC) {
            return Optional.empty();
        }
        var head = new RecordHead(in.get(at + 4), in.getInt(at + 8), in.getInt(at + 12),
                in.getLong(at + 16), in.getLong(at + 24), in.getLong(at + 32),
                in.getInt(at + 40), in.getInt(at + 44));
        boolean possible = head.metaLength >= 0 && head.metaLength <= SegmentFormat.MAX_META
                && head.bodyLength >= 0 && head.bodyLength <= SegmentFormat.MAX_BODY
                && head.sequence >= 0 && head.forced >= 0;
        return possible ? Optional.of(head) : Optional.empty();
    }

    /** Whether the CRC over this head and its meta, both at {@code at}, is right. */
    boolean isIntact(ByteBuffer in, int at, long salt) {
        return crc(in.slice(at, SegmentFormat.RECORD_HEAD_OCTETS + metaLength), metaLength, salt)
                == headCrc;
    }

    int length() {
        return SegmentFormat.RECORD_HEAD_OCTETS + metaLength;
    }

    /** Of the whole record. */
    long totalLength() {
        return (long) length() + bodyLength;
    }

    private static int crc(ByteBuffer record, int metaLength, long salt) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(salt).flip());
        crc.update(record.slice(0, SegmentFormat.RECORD_HEAD_OCTETS - 4));
        crc.update(record.slice(SegmentFormat.RECORD_HEAD_OCTETS, metaLength));
        return (int) crc.getValue();
    }
}
