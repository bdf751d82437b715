package net.spillway.tools.post;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The articles of a file that are read by whoever is about to send them, since nobody else wants to
 * see their octets. After the last one the file is looked at once more, and closed.
 */
final class PartsOnDemand implements AutoCloseable {
    private final DataFile file;
    private final InputReader in;
    private final BufferPool buffers;
    private final AtomicInteger unread;

    /** @param articles how many will be read */
    PartsOnDemand(DataFile file, int articles, BufferPool buffers, AtomicLong octetsRead)
            throws IOException {
        this.file = file;
        this.in = new InputReader(file.input(), octetsRead);
        this.buffers = buffers;
        this.unread = new AtomicInteger(articles);
    }

    Outgoing.Payload part(int article) {
        return new Part(article);
    }

    private Outgoing.Payload read(int article) throws IOException, InterruptedException {
        Outgoing.Payload data = buffers.take(1);
        long at = file.plan().begin(article);
        in.read(at, data.bytes(), 0, file.plan().length(article));
        if (at == 0) {
            file.requireSameHead(data.bytes(), file.plan().length(article));
        }
        if (unread.decrementAndGet() == 0) {
            close();
            file.input().requireUnchanged();
        }
        return data;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private final class Part implements Outgoing.Payload {
        private final int article;
        private Outgoing.Payload data;

        Part(int article) {
            this.article = article;
        }

        @Override
        public void load() throws IOException, InterruptedException {
            data = read(article);
        }

        @Override
        public byte[] bytes() {
            return data.bytes();
        }

        @Override
        public void release() {
            data.release();
        }
    }
}
