package net.spillway.spool.segment;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a record's meta whose CRC was right; still trusts no count in it. */
final class MetaReader {
    private final ByteBuffer in;

    private MetaReader(ByteBuffer in) {
        this.in = in;
    }

    /** Empty if the meta is not what its type asks for, or the type is none we know. */
    static Optional<LogRecord> decode(RecordHead head, ByteBuffer meta) {
        try {
            LogRecord record = new MetaReader(meta).read(head);
            return record == null || meta.hasRemaining() ? Optional.empty()
                    : Optional.of(record);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private LogRecord read(RecordHead head) {
        return switch (head.type()) {
            case RecordType.ARTICLE -> article(head);
            case RecordType.GROUP -> new LogRecord.Group(string(), (char) in.getShort(),
                    string(), in.getLong(), in.getLong());
            case RecordType.TOMBSTONE -> new LogRecord.Tombstone(hash(), in.getLong(),
                    head.time());
            case RecordType.REMEMBERED -> remembered();
            case RecordType.FEED -> feed();
            case RecordType.DROPPED -> new LogRecord.Dropped(in.getInt());
            case RecordType.BEGUN -> new LogRecord.Begun(in.getInt(), string());
            case RecordType.CEILING -> new LogRecord.Ceiling(string(), in.getLong());
            case RecordType.FOOTER -> new LogRecord.Footer(new SegmentSummary(in.getLong(),
                    in.getLong(), in.getLong(), in.getLong(), in.getLong()));
            default -> null;
        };
    }

    private LogRecord article(RecordHead head) {
        String id = string();
        String source = string();
        long posted = in.getLong();
        int headLength = in.getInt();
        int bodyLines = in.getInt();
        long size = in.getLong();
        int groups = Short.toUnsignedInt(in.getShort());
        var filed = new ArrayList<LogRecord.Filed>(Math.min(groups, 64));
        for (int i = 0; i < groups; i++) {
            filed.add(new LogRecord.Filed(string(), in.getLong()));
        }
        if (headLength < 0 || headLength + 2 > head.bodyLength()) {
            throw new IllegalArgumentException("the head is longer than the article");
        }
        return new LogRecord.Article(head.sequence(), head.time(), id, source, posted,
                headLength, bodyLines, size, List.copyOf(filed), head.bodyLength());
    }

    private LogRecord remembered() {
        int n = count(24);
        var ids = new ArrayList<LogRecord.Known>(n);
        for (int i = 0; i < n; i++) {
            ids.add(new LogRecord.Known(hash(), in.getLong()));
        }
        return new LogRecord.Remembered(ids);
    }

    private LogRecord feed() {
        String name = string();
        long cursor = in.getLong();
        long[] deferred = new long[count(8)];
        for (int i = 0; i < deferred.length; i++) {
            deferred[i] = in.getLong();
        }
        return new LogRecord.Feed(name, cursor, deferred);
    }

    /** A count of items that must still fit in the meta. */
    private int count(int octetsEach) {
        int n = in.getInt();
        if (n < 0 || n > in.remaining() / octetsEach) {
            throw new IllegalArgumentException("more items than the meta has room for");
        }
        return n;
    }

    private IdHash hash() {
        return new IdHash(in.getLong(), in.getLong());
    }

    private String string() {
        byte[] bytes = new byte[Math.min(Short.toUnsignedInt(in.getShort()), in.remaining() + 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
