package net.spillway.spool.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Writes records' heads with their meta, one after the other into the same memory; see {@link
 * SegmentFormat}. Used by one thread.
 */
final class MetaWriter {
    private static final int HEAD = SegmentFormat.RECORD_HEAD_OCTETS;

    private final byte[] salt;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer out = ByteBuffer.allocate(1024);

    /** @param salt of the segment */
    MetaWriter(long salt) {
        this.salt = ByteBuffer.allocate(Long.BYTES).putLong(salt).array();
    }

    /** Head and meta of a record; what the piece holds changes with the next call. */
    Piece encode(LogRecord record, int bodyLength, int bodyCrc, long sequence, long time,
            long forced) {
        out.clear().position(HEAD);
        write(record);
        int end = out.position();
        if (end - HEAD > SegmentFormat.MAX_META) {
            throw new IllegalArgumentException("a record's meta would take " + (end - HEAD)
                    + " octets, more than " + SegmentFormat.MAX_META);
        }
        out.position(0);
        out.putInt(SegmentFormat.RECORD_MAGIC).putInt(RecordType.of(record) << 24)
                .putInt(end - HEAD).putInt(bodyLength).putLong(sequence).putLong(time)
                .putLong(forced).putInt(bodyCrc);
        crc.reset();
        crc.update(salt, 0, salt.length);
        crc.update(out.array(), 0, HEAD - 4);
        crc.update(out.array(), HEAD, end - HEAD);
        out.putInt((int) crc.getValue());
        return new Piece(out.array(), 0, end);
    }

    private void write(LogRecord record) {
        switch (record) {
            case LogRecord.Article a -> article(a);
            case LogRecord.Group g -> {
                string(g.name());
                room(2).putShort((short) g.status());
                string(g.description());
                room(16).putLong(g.created()).putLong(g.high());
            }
            case LogRecord.Tombstone t -> {
                hash(t.id());
                room(8).putLong(t.sequence());
            }
            case LogRecord.Remembered r -> {
                room(4).putInt(r.ids().size());
                for (LogRecord.Known known : r.ids()) {
                    hash(known.id());
                    room(8).putLong(known.time());
                }
            }
            case LogRecord.Feed f -> {
                string(f.name());
                room(12).putLong(f.cursor()).putInt(f.deferred().length);
                for (long sequence : f.deferred()) {
                    room(8).putLong(sequence);
                }
            }
            case LogRecord.Dropped d -> room(4).putInt(d.segment());
            case LogRecord.Begun b -> {
                room(4).putInt(b.segment());
                string(b.storage());
            }
            case LogRecord.Ceiling c -> {
                string(c.group());
                room(8).putLong(c.number());
            }
            case LogRecord.Footer f -> {
                SegmentSummary s = f.summary();
                room(40).putLong(s.first()).putLong(s.last()).putLong(s.articles())
                        .putLong(s.earliest()).putLong(s.latest());
            }
        }
    }

    private void article(LogRecord.Article a) {
        string(a.id());
        string(a.source());
        room(26).putLong(a.posted()).putInt(a.headLength()).putInt(a.bodyLines())
                .putLong(a.size()).putShort((short) a.filed().size());
        for (LogRecord.Filed filed : a.filed()) {
            string(filed.group());
            room(8).putLong(filed.number());
        }
    }

    private void hash(IdHash hash) {
        room(16).putLong(hash.high()).putLong(hash.low());
    }

    private void string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0xffff) {
            throw new IllegalArgumentException("a text of " + bytes.length
                    + " octets does not fit in a record");
        }
        room(2 + bytes.length).putShort((short) bytes.length).put(bytes);
    }

    private ByteBuffer room(int octets) {
        if (out.remaining() < octets) {
            int wanted = Math.max(out.capacity() * 2, out.position() + octets);
            out = ByteBuffer.allocate(wanted).put(out.flip());
        }
        return out;
    }
}
