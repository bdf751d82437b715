package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads the records of a segment in order. Where one is damaged it looks for the next good one and
 * says what lies between. Reads ahead in a window, so that small records cost no call each.
 *
 * <p>The segment may be written meanwhile: then zeros that were read ahead can be records by now,
 * and the zeros at the end be cut off.
 */
public final class SegmentScanner {
    /** What stands at one place. */
    public sealed interface Step {}

    /**
     * A good record.
     *
     * @param sequence of this article, or of the last before
     * @param end    offset behind it
     * @param forced see {@link SegmentFormat}
     */
    public record Found(LogRecord record, long sequence, long offset, long end, long bodyOffset,
            long forced) implements Step {}

    /**
     * Octets [offset, end) are no good record; {@code end} is where the next one begins, or the
     * file's end.
     *
     * @param article what was an article there, as far as that can still be read; do not trust it
     */
    public record Damage(long offset, long end, String what,
            Optional<LogRecord.Article> article) implements Step {

        public Damage(long offset, long end, String what) {
            this(offset, end, what, Optional.empty());
        }
    }

    /** The file ends here, where a record could begin; or zeros follow that were written ahead. */
    public record End(long offset) implements Step {}

    private static final int WINDOW = 256 << 10;
    /** After a leap over a large body, more than a head and some header lines would be wasted. */
    private static final int SMALL_WINDOW = 8 << 10;

    private final FileChannel channel;
    private final long salt;
    private long length;
    private final long verifyFrom;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt;
    private long position;

    /**
     * @param from       where a record begins
     * @param verifyFrom bodies of records from this offset on are checked too
     */
    public SegmentScanner(FileChannel channel, SegmentHeader header, long from, long verifyFrom)
            throws IOException {
        this.channel = channel;
        this.salt = header.salt();
        this.length = channel.size();
        this.position = from;
        this.verifyFrom = verifyFrom;
    }

    /** The next record, the next damage, or the end. */
    public Step next() throws IOException {
        while (true) {
            try {
                return step();
            } catch (CutException e) {
                length = e.length;
                forgetWindow();
            }
        }
    }

    private Step step() throws IOException {
        if (position >= length) {
            return new End(position);
        }
        Attempt here = attempt(position);
        if (here.found == null) {
            if (isBlankFrom(position)) {
                return new End(position);
            }
            forgetWindow();
            here = attempt(position); // Records are written in order: now it is there, if ever.
        }
        if (here.found != null) {
            position = here.found.end;
            return here.found;
        }
        long from = position;
        position = here.end > 0 ? here.end : nextGood(from + 1);
        return new Damage(from, position, here.problem,
                here.record instanceof LogRecord.Article article ? Optional.of(article)
                        : Optional.empty());
    }

    /** Reads the first octets of a record's body. */
    public byte[] body(Found found, int octets) throws IOException {
        byte[] bytes = new byte[octets];
        int at = window(found.bodyOffset, octets);
        window.get(at, bytes);
        return bytes;
    }

    /**
     * @param record what stands there, though it is damaged; or null
     * @param end    where it ends, if that is sure; or 0
     */
    private record Attempt(Found found, String problem, LogRecord record, long end) {
        static Attempt failed(String problem) {
            return new Attempt(null, problem, null, 0);
        }
    }

    private Attempt attempt(long offset) throws IOException {
        if (length - offset < SegmentFormat.RECORD_HEAD_OCTETS) {
            return Attempt.failed("the record is cut off");
        }
        int at = window(offset, SegmentFormat.RECORD_HEAD_OCTETS);
        Optional<RecordHead> decoded = RecordHead.decode(window, at);
        if (decoded.isEmpty()) {
            return Attempt.failed("no record begins here");
        }
        RecordHead head = decoded.get();
        if (head.length() > length - offset) {
            return Attempt.failed("the record is cut off");
        }
        at = window(offset, head.length());
        if (!head.isIntact(window, at, salt)) {
            return new Attempt(null, "the CRC of the record's head is wrong",
                    MetaReader.decode(head, window.slice(
                            at + SegmentFormat.RECORD_HEAD_OCTETS, head.metaLength()))
                            .orElse(null), 0);
        }
        Optional<LogRecord> record = MetaReader.decode(head,
                window.slice(at + SegmentFormat.RECORD_HEAD_OCTETS, head.metaLength()));
        if (record.isEmpty()) {
            return Attempt.failed("a record of an unknown kind, type " + head.type());
        }
        if (head.totalLength() > length - offset) {
            return Attempt.failed("the article is cut off");
        }
        long body = offset + head.length();
        if (offset >= verifyFrom && bodyCrc(body, head.bodyLength()) != head.bodyCrc()) {
            return new Attempt(null, "the CRC of the article is wrong", record.get(),
                    offset + head.totalLength());
        }
        return new Attempt(new Found(record.get(), head.sequence(), offset,
                offset + head.totalLength(), body, head.forced()), null, null, 0);
    }

    private int bodyCrc(long from, int octets) throws IOException {
        var crc = new CRC32C();
        long end = from + octets;
        for (long at = from; at < end; ) {
            int n = (int) Math.min(WINDOW, end - at);
            int in = window(at, n);
            crc.update(window.slice(in, n));
            at += n;
        }
        return (int) crc.getValue();
    }

    private boolean isBlankFrom(long from) throws IOException {
        if (length - from > SegmentAppender.ZEROS) {
            return false;
        }
        for (long at = from; at < length; ) {
            int n = (int) Math.min(SMALL_WINDOW, length - at);
            int in = window(at, n);
            for (int i = in; i < in + n; i++) {
                if (window.get(i) != 0) {
                    return false;
                }
            }
            at += n;
        }
        return true;
    }

    /** Looks octet by octet for a magic, and takes it only if the whole record is good. */
    private long nextGood(long from) throws IOException {
        for (long at = from; at + SegmentFormat.RECORD_HEAD_OCTETS <= length; at++) {
            int in = window(at, 4);
            if (window.getInt(in) == SegmentFormat.RECORD_MAGIC && attempt(at).found != null) {
                return at;
            }
        }
        return length;
    }

    /** Makes octets [offset, offset + n) of the file stand in the window; tells where. */
    private int window(long offset, int n) throws IOException {
        if (offset >= windowAt && offset + n <= windowAt + window.limit()) {
            return (int) (offset - windowAt);
        }
        if (n > window.capacity()) {
            window = ByteBuffer.allocate(n);
        }
        boolean leap = offset - (windowAt + window.limit()) > WINDOW / 4;
        window.clear().limit(leap ? Math.max(n, SMALL_WINDOW) : window.capacity());
        windowAt = offset;
        while (window.hasRemaining()
                && channel.read(window, windowAt + window.position()) >= 0) {
            // Until the window is full or the file has ended.
        }
        window.flip();
        if (window.limit() < n) {
            throw new CutException(Math.min(length, channel.size()));
        }
        return 0;
    }

    private void forgetWindow() {
        window.limit(0);
    }

    /** The file is shorter than it was. */
    private static final class CutException extends IOException {
        private static final long serialVersionUID = 1;

        private final long length;

        CutException(long length) {
            super("a segment ended while it was read");
            this.length = length;
        }
    }
}
