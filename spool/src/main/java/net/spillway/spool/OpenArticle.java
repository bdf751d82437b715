package net.spillway.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An article in a segment, held open. */
final class OpenArticle implements StoredArticle {
    private static final Logger LOG = LoggerFactory.getLogger(OpenArticle.class);

    private final ArticleReader reader;
    private final MessageId id;
    private volatile FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenArticle(ArticleReader reader) throws IOException {
        this.reader = reader;
        this.id = MessageId.of(reader.record().id());
        this.channel = reader.channel();
    }

    LogRecord.Article record() {
        return reader.record();
    }

    long location() {
        return reader.location();
    }

    /** Whether the octets are those that were stored: reads them all. */
    boolean isIntact() throws IOException {
        return reader.isIntact();
    }

    @Override
    public MessageId id() {
        return id;
    }

    @Override
    public long sequence() {
        return reader.record().sequence();
    }

    @Override
    public FileChannel channel() {
        if (!channel.isOpen()) {
            try {
                channel = reader.channel(); // Another reader was interrupted in it.
            } catch (IOException e) {
                LOG.warn("a segment could not be opened again: {}", e.getMessage());
            }
        }
        return channel;
    }

    @Override
    public long position() {
        return reader.bodyOffset();
    }

    @Override
    public int length() {
        return reader.record().wireLength();
    }

    @Override
    public int headLength() {
        return reader.record().headLength();
    }

    @Override
    public long number(String group) {
        for (LogRecord.Filed filed : reader.record().filed()) {
            if (filed.group().equals(group)) {
                return filed.number();
            }
        }
        return 0;
    }

    /** Its line of overview, with number 0. */
    OverviewLine overview() throws IOException {
        LogRecord.Article record = reader.record();
        byte[] octets = readHead();
        HeadFields head = HeadFields.read(octets, 0, octets.length);
        return OverviewLine.of(0, head, id, record.size(), record.bodyLines(),
                ArticleRow.formatXref(XrefLine.identity(octets), record.filed()));
    }

    @Override
    public byte[] readHead() throws IOException {
        return reader.read(headLength());
    }

    @Override
    public byte[] readAll() throws IOException {
        return reader.read(length());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                reader.release();
            } catch (IOException e) {
                LOG.warn("a segment could not be let go: {}", e.getMessage());
            }
        }
    }
}
