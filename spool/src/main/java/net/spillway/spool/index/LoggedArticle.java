package net.spillway.spool.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import net.spillway.spool.segment.LogRecord;

/**
 * An article as the log has it: where it lies, and what feeds need.
 *
 * @param arrival epoch millis
 * @param posted  what the article says of its own date, epoch millis, or {@link LogRecord#NO_TIME}
 * @param head    its path and distribution; there may be more
 * @param filed   the groups it was filed in, and its numbers
 */
public record LoggedArticle(long sequence, long location, int wireLength, long arrival,
        long posted, String id, String source, HeadFields head, List<LogRecord.Filed> filed) {

    /** The part of an article that the log needs. */
    public static LoggedArticle of(ArticleRow row) {
        return new LoggedArticle(row.sequence(), row.location(), row.wireLength(), row.arrival(),
                row.posted(), row.id(), row.source(), row.head(), row.filed());
    }

    /** Content of its Path field. */
    public String path() {
        return head.path();
    }

    /** Content of its Distribution field, or "". */
    public String distribution() {
        return head.distribution();
    }

    /**
     * Sequence as what it is more than the block's key, segment, offset, octets on the wire,
     * arrival and posted; the texts; the number of groups, and for each its own small number and
     * the article's number in it.
     */
    record Codec(ToIntFunction<String> groupKey, IntFunction<String> groupName)
            implements BlockCodec<LoggedArticle> {
        @Override
        public long key(LoggedArticle entry) {
            return entry.sequence;
        }

        @Override
        public long location(LoggedArticle entry) {
            return entry.location;
        }

        @Override
        public void write(LoggedArticle entry, long block, Packer out) {
            out.number(entry.sequence - block);
            NumberEntry.writeLocation(entry.location, out);
            out.number(entry.wireLength).number(entry.arrival).number(entry.posted)
                    .text(entry.id).text(entry.source);
            entry.head.packRoute(out);
            out.number(entry.filed.size());
            for (LogRecord.Filed filed : entry.filed) {
                out.number(groupKey.applyAsInt(filed.group())).number(filed.number());
            }
        }

        @Override
        public LoggedArticle read(long block, Unpacker in) {
            long sequence = block + in.number();
            long location = NumberEntry.readLocation(in);
            int wireLength = in.count();
            long arrival = in.number();
            long posted = in.number();
            String id = in.text();
            String source = in.text();
            HeadFields head = HeadFields.unpackRoute(in);
            int groups = in.count();
            var filed = new ArrayList<LogRecord.Filed>(groups);
            for (int i = 0; i < groups; i++) {
                filed.add(new LogRecord.Filed(groupName.apply(in.count()), in.number()));
            }
            return new LoggedArticle(sequence, location, wireLength, arrival, posted, id, source,
                    head, filed);
        }

        @Override
        public long skip(long block, Unpacker in) {
            return read(block, in).sequence;
        }
    }
}
