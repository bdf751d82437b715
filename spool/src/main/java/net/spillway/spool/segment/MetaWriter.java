package net.spillway.spool.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes a record's meta; see {@link SegmentFormat}. Grows as needed. */
final class MetaWriter {
    private ByteBuffer out = ByteBuffer.allocate(512);

    static byte[] encode(LogRecord record) {
        var writer = new MetaWriter();
        writer.write(record);
        byte[] bytes = new byte[writer.out.position()];
        writer.out.get(0, bytes);
        if (bytes.length > SegmentFormat.MAX_META) {
            throw new IllegalArgumentException("a record's meta would take " + bytes.length
                    + " octets, more than " + SegmentFormat.MAX_META);
        }
        return bytes;
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
