package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What of a segment must be known when it goes, as its footer says it, so that nobody has to read
 * the whole segment for that. {@link SegmentFormat} draws it.
 *
 * @param ids   the message-IDs of its articles, with their arrivals
 * @param notes where its remembered and tombstone records begin
 */
public record SegmentContents(List<LogRecord.Known> ids, List<Long> notes) {
    static final int ID_OCTETS = 24;
    private static final int COUNT_OCTETS = 8;

    /**
     * Reads it; empty if the segment has no footer, or one without.
     *
     * @throws SegmentDamagedException if its octets are not those that were written
     */
    public static Optional<SegmentContents> read(SegmentFile segment) throws IOException {
        FileChannel channel = segment.channel();
        Optional<SegmentScanner.Found> footer = footer(channel, segment.header());
        if (footer.isEmpty()) {
            return Optional.empty();
        }
        long octets = footer.get().end() - footer.get().bodyOffset()
                - SegmentFormat.TRAILER_OCTETS;
        if (octets < 2 * COUNT_OCTETS) {
            return Optional.empty();
        }
        var checked = new SegmentScanner(channel, segment.header(), footer.get().offset(),
                footer.get().offset());
        if (!(checked.next() instanceof SegmentScanner.Found found)) {
            throw new SegmentDamagedException(segment.path(), footer.get().offset(),
                    "the CRC of the footer is wrong");
        }
        return Optional.of(decode(segment, found, ByteBuffer.wrap(
                checked.body(found, Math.toIntExact(octets)))));
    }

    /** The footer at a segment's end, without a look at its contents. */
    static Optional<SegmentScanner.Found> footer(FileChannel channel, SegmentHeader header)
            throws IOException {
        long at = channel.size() - SegmentFormat.TRAILER_OCTETS;
        if (at < SegmentFormat.HEADER_OCTETS) {
            return Optional.empty();
        }
        ByteBuffer trailer = ByteBuffer.allocate(SegmentFormat.TRAILER_OCTETS);
        while (trailer.hasRemaining() && channel.read(trailer, at + trailer.position()) >= 0) {
            // Until the trailer is full.
        }
        long offset = trailer.getLong(8);
        if (trailer.getLong(0) != SegmentFormat.END_MAGIC
                || offset < SegmentFormat.HEADER_OCTETS || offset >= at) {
            return Optional.empty();
        }
        return new SegmentScanner(channel, header, offset, Long.MAX_VALUE).next()
                instanceof SegmentScanner.Found found && found.end() == channel.size()
                && found.record() instanceof LogRecord.Footer
                ? Optional.of(found) : Optional.empty();
    }

    private static SegmentContents decode(SegmentFile segment, SegmentScanner.Found footer,
            ByteBuffer in) throws IOException {
        int n = count(segment, footer, in, ID_OCTETS);
        var ids = new ArrayList<LogRecord.Known>(n);
        for (int i = 0; i < n; i++) {
            ids.add(new LogRecord.Known(new IdHash(in.getLong(), in.getLong()), in.getLong()));
        }
        int m = count(segment, footer, in, Long.BYTES);
        var notes = new ArrayList<Long>(m);
        for (int i = 0; i < m; i++) {
            notes.add(in.getLong());
        }
        return new SegmentContents(ids, notes);
    }

    private static int count(SegmentFile segment, SegmentScanner.Found footer, ByteBuffer in,
            int octetsEach) throws IOException {
        long n = in.remaining() < COUNT_OCTETS ? -1 : in.getLong();
        if (n < 0 || n > in.remaining() / octetsEach) {
            throw new SegmentDamagedException(segment.path(), footer.offset(),
                    "the footer does not add up");
        }
        return (int) n;
    }

    /** Gathers it while a segment is written. */
    static final class Gathering {
        /** More are not kept in memory; such a segment is read through when it goes. */
        private static final int MAX_IDS = 1 << 20;

        private long[] ids = new long[3 * 64];
        private int count;
        private final List<Long> notes = new ArrayList<>();
        private boolean complete = true;

        /** What stands in the segment already was not gathered. */
        void giveUp() {
            complete = false;
            ids = new long[0];
            notes.clear();
        }

        void article(IdHash id, long arrival) {
            if (complete && count == MAX_IDS) {
                giveUp();
            }
            if (!complete) {
                return;
            }
            if (3 * count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * ids.length);
            }
            ids[3 * count] = id.high();
            ids[3 * count + 1] = id.low();
            ids[3 * count + 2] = arrival;
            count++;
        }

        void note(LogRecord record, long offset) {
            if (complete && (record instanceof LogRecord.Remembered
                    || record instanceof LogRecord.Tombstone)) {
                notes.add(offset);
            }
        }

        /** What was appended from that offset on was taken back. */
        void rollBack(long offset, long articles) {
            count = (int) Math.min(count, articles);
            notes.removeIf(note -> note >= offset);
        }

        /** Empty if it is not complete. */
        byte[] encode() {
            if (!complete) {
                return new byte[0];
            }
            ByteBuffer out = ByteBuffer.allocate(2 * COUNT_OCTETS + count * ID_OCTETS
                    + notes.size() * Long.BYTES);
            out.putLong(count);
            for (int i = 0; i < 3 * count; i++) {
                out.putLong(ids[i]);
            }
            out.putLong(notes.size());
            notes.forEach(out::putLong);
            return out.array();
        }
    }
}
