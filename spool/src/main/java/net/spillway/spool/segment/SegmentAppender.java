package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;

/**
 * Writes records to the end of one segment. Records are gathered in a buffer, so that many small
 * ones make one write; {@link #flush} hands the rest to the system and {@link #force} to the disk.
 * Used by one thread.
 *
 * <p>To force a file that has grown costs the disk three or four writes, one after the other:
 * octets, where they lie, the file's length. So where little is forced at a time the file is made
 * longer ahead of that, by zeros that the following records are written over. They are cut off when
 * the segment is sealed or the spool closed; after a crash the tail's repair does.
 */
public final class SegmentAppender implements AutoCloseable {
    private static final int BUFFER_OCTETS = 1 << 20;
    /** So much is written ahead of the records. */
    static final int ZEROS = 256 << 10;
    /** Where more is forced at a time, nothing is written ahead. */
    private static final int LITTLE = 96 << 10;
    private static final List<Piece> NO_BODY = List.of();
    private static final ByteBuffer ZERO = ByteBuffer.allocateDirect(ZEROS).asReadOnlyBuffer();

    private final SegmentHeader header;
    private final Path path;
    private final AppendFile file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private final MetaWriter heads;
    private final CRC32C crc = new CRC32C();
    private final SegmentContents.Gathering contents = new SegmentContents.Gathering();
    private SegmentSummary summary;
    /** Octets handed to the system. */
    private long written;
    /** Octets known to be on the disk. */
    private long forced;
    /** Octets for which the disk has been asked. */
    private long asked;
    /** The file is no longer than that, or {@link #written} if that is more. */
    private long ahead;
    /** Nothing is written ahead any more. */
    private boolean ending;

    private SegmentAppender(SegmentHeader header, Path path, AppendFile file,
            SegmentSummary summary, long length) {
        this.header = header;
        this.heads = new MetaWriter(header.salt());
        this.path = path;
        this.file = file;
        this.summary = summary;
        this.written = length;
        this.forced = length;
        this.asked = length;
    }

    /** Makes a new segment with its header and checkpoint, all on disk when this returns. */
    public static SegmentAppender create(FileLayer files, Path path, SegmentHeader header,
            List<LogRecord> checkpoint) throws IOException {
        AppendFile file = files.create(path);
        var appender = new SegmentAppender(header, path, file, SegmentSummary.EMPTY, 0);
        try {
            appender.buffer.put(header.toBytes());
            appender.force(); // First: without a header nobody knows what else was written.
            long before = header.firstSequence() - 1;
            for (LogRecord record : checkpoint) {
                appender.append(record, before, header.created());
            }
            appender.force();
            files.forceFolder(path.getParent());
            return appender;
        } catch (IOException e) {
            try (file) {
                files.delete(path);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Goes on with a segment, behind the records that readers may see. */
    public static SegmentAppender resume(FileLayer files, SegmentFile segment)
            throws IOException {
        AppendFile file = files.append(segment.path());
        if (!segment.isForced()) {
            file.force();
        }
        var appender = new SegmentAppender(segment.header(), segment.path(), file,
                segment.summary(), segment.length());
        appender.contents.giveUp();
        return appender;
    }

    public SegmentHeader header() {
        return header;
    }

    public Path path() {
        return path;
    }

    public SegmentSummary summary() {
        return summary;
    }

    /** Where the next record will begin. */
    public long position() {
        return written + buffer.position();
    }

    /** Appends a record without a body. */
    public void append(LogRecord record, long sequence, long time) throws IOException {
        contents.note(record, position());
        append(record, sequence, time, NO_BODY);
    }

    /**
     * Appends an article.
     *
     * @param id the hash of its message-ID
     * @return the offset of its record
     */
    public long append(LogRecord.Article article, IdHash id, List<Piece> body)
            throws IOException {
        long offset = position();
        append(article, article.sequence(), article.arrival(), body);
        summary = summary.with(article.sequence(), article.arrival());
        contents.article(id, article.arrival());
        return offset;
    }

    /** Hands everything appended to the system: it survives a kill of this program. */
    public void flush() throws IOException {
        buffer.flip();
        try {
            file.write(buffer, written);
            written += buffer.limit();
        } finally {
            buffer.clear();
        }
    }

    /** Returns when everything appended is on the disk. */
    public void force() throws IOException {
        flush();
        file.force();
        forced = written;
    }

    /** Says that the segment is to be sealed next, or the file closed. */
    public void end() {
        ending = true;
    }

    /** The same for one who will soon do so again, unless he has said that it is the end. */
    public void forceOnTheWay() throws IOException {
        if (ending) {
            finish();
            return;
        }
        flush();
        goAhead();
        file.force();
        forced = written;
    }

    /**
     * Has everything appended so far brought to the disk by whoever runs what is returned; may be
     * another thread, and more may be appended meanwhile. It is on the disk when {@link #forced}
     * is told so.
     */
    public Force beginForce() throws IOException {
        flush();
        goAhead();
        asked = written;
        return file::force;
    }

    /** Asks the disk. */
    @FunctionalInterface
    public interface Force {
        void run() throws IOException;
    }

    /** Everything before that offset is on the disk. */
    public void forced(long upTo) {
        forced = Math.max(forced, upTo);
    }

    /** Octets that were appended since it was last asked for. */
    public long unasked() {
        return position() - Math.max(asked, forced);
    }

    public boolean isForced() {
        return isForced(position());
    }

    /** Whether everything before that offset is on the disk. */
    public boolean isForced(long upTo) {
        return forced >= upTo;
    }

    /** Takes back everything from that offset on, which no reader has seen. */
    public void rollBack(long offset, SegmentSummary before) throws IOException {
        buffer.clear();
        file.truncate(offset);
        written = offset;
        ahead = 0;
        ending = false;
        forced = Math.min(forced, offset);
        asked = Math.min(asked, offset);
        summary = before;
        contents.rollBack(offset, before.articles());
    }

    /** Writes the footer; nothing can be appended afterwards. */
    public void seal(long sequence, long time) throws IOException {
        if (!isForced() || ahead > written) {
            finish(); // A footer must not be there before what it stands for.
        }
        byte[] trailer = ByteBuffer.allocate(SegmentFormat.TRAILER_OCTETS)
                .putLong(SegmentFormat.END_MAGIC).putLong(position()).array();
        append(new LogRecord.Footer(summary), sequence, time,
                List.of(Piece.of(contents.encode()), Piece.of(trailer)));
        force();
    }

    /** Returns when everything appended is on the disk, and nothing behind it. */
    public void finish() throws IOException {
        flush();
        if (ahead > written) {
            file.truncate(written);
            ahead = 0;
        }
        force();
    }

    /** Closes the file as it is. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Writes zeros ahead if those before are used up. */
    private void goAhead() throws IOException {
        if (written <= ahead || written == forced || unasked() > LITTLE) {
            return;
        }
        ahead = written + ZEROS;
        try {
            file.write(ZERO.duplicate(), written);
        } catch (NoSpaceException e) {
            // Those that are there do no harm. It is for the records to be refused.
        }
    }

    private void append(LogRecord record, long sequence, long time, List<Piece> body)
            throws IOException {
        crc.reset();
        int length = 0;
        for (Piece piece : body) {
            crc.update(piece.bytes(), piece.from(), piece.length());
            length += piece.length();
        }
        put(heads.encode(record, length, (int) crc.getValue(), sequence, time, forced));
        for (Piece piece : body) {
            put(piece);
        }
    }

    private void put(Piece piece) throws IOException {
        int from = piece.from();
        while (from < piece.to()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int n = Math.min(buffer.remaining(), piece.to() - from);
            buffer.put(piece.bytes(), from, n);
            from += n;
        }
    }
}
