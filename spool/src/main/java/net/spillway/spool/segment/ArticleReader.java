package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/** An article record that a reader holds open, with its segment. */
public final class ArticleReader {
    /** Most heads fit, so that opening an article costs one read. */
    private static final int FIRST_READ = 1024;
    /** So much of an article is in memory while it is checked. */
    private static final int PIECE = 64 << 10;

    private final SegmentFile segment;
    private final LogRecord.Article record;
    private final long offset;
    private final long bodyOffset;
    private final int bodyCrc;

    private ArticleReader(SegmentFile segment, LogRecord.Article record, long offset,
            long bodyOffset, int bodyCrc) {
        this.segment = segment;
        this.record = record;
        this.offset = offset;
        this.bodyOffset = bodyOffset;
        this.bodyCrc = bodyCrc;
    }

    /** Reads and checks the record's head; empty if there is no good article record. */
    static Optional<ArticleReader> read(SegmentFile segment, long offset) throws IOException {
        long available = segment.length() - offset;
        if (offset < SegmentFormat.HEADER_OCTETS
                || available < SegmentFormat.RECORD_HEAD_OCTETS) {
            return Optional.empty();
        }
        ByteBuffer in = readFirst(segment, offset, (int) Math.min(FIRST_READ, available));
        Optional<RecordHead> decoded = RecordHead.decode(in, 0);
        if (decoded.isEmpty() || decoded.get().totalLength() > available) {
            return Optional.empty();
        }
        RecordHead head = decoded.get();
        if (head.length() > in.limit()) {
            in = read(segment, offset, head.length());
        }
        if (!head.isIntact(in, 0, segment.header().salt())) {
            return Optional.empty();
        }
        ByteBuffer meta = in.slice(SegmentFormat.RECORD_HEAD_OCTETS, head.metaLength());
        return MetaReader.decode(head, meta).map(record ->
                record instanceof LogRecord.Article article
                        ? new ArticleReader(segment, article, offset, offset + head.length(),
                                head.bodyCrc())
                        : null);
    }

    private static ByteBuffer readFirst(SegmentFile segment, long offset, int octets)
            throws IOException {
        try {
            return read(segment, offset, octets);
        } catch (SegmentUnreadableException e) {
            // It may be of the next record what the disk does not give.
            return read(segment, offset, SegmentFormat.RECORD_HEAD_OCTETS);
        }
    }

    public LogRecord.Article record() {
        return record;
    }

    public long location() {
        return Location.of(segment.id(), offset);
    }

    /** Where the wire octets begin. */
    public long bodyOffset() {
        return bodyOffset;
    }

    public FileChannel channel() throws IOException {
        return segment.channel();
    }

    /** The first octets of the article as it goes over the wire. */
    public byte[] read(int octets) throws IOException {
        return read(segment, bodyOffset, octets).array();
    }

    /**
     * Whether the octets are those that were stored: reads them all.
     *
     * @throws SegmentUnreadableException if the disk does not give some of them
     */
    public boolean isIntact() throws IOException {
        var crc = new CRC32C();
        int length = record.wireLength();
        ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE, length));
        for (int done = 0; done < length; done += piece.limit()) {
            piece.clear().limit(Math.min(piece.capacity(), length - done));
            try {
                crc.update(fill(piece, segment, bodyOffset + done));
            } catch (SegmentDamagedException cutOff) {
                return false;
            }
        }
        return (int) crc.getValue() == bodyCrc;
    }

    /** Lets go of the segment. Once only. */
    public void release() throws IOException {
        segment.release();
    }

    private static ByteBuffer read(SegmentFile segment, long at, int octets) throws IOException {
        return fill(ByteBuffer.allocate(octets), segment, at);
    }

    private static ByteBuffer fill(ByteBuffer in, SegmentFile segment, long at)
            throws IOException {
        while (in.hasRemaining()) {
            FileChannel channel = segment.channel();
            int n = 0;
            try {
                n = channel.read(in, at + in.position());
            } catch (ClosedChannelException e) {
                // Another reader was interrupted; only if it was us must we give up.
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            } catch (IOException e) {
                throw new SegmentUnreadableException(segment.path(), at + in.position(), e);
            }
            if (n < 0) {
                throw new SegmentDamagedException(segment.path(), at + in.position(),
                        "the file is shorter than it was");
            }
        }
        return in.flip();
    }
}
