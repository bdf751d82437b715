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
    private final AtomicInteger unread;
    private final AtomicLong octetsRead;

    /** @param articles how many will be read */
    PartsOnDemand(DataFile file, int articles, AtomicLong octetsRead) throws IOException {
        this.file = file;
        this.in = new InputReader(file.input(), octetsRead);
        this.unread = new AtomicInteger(articles);
        this.octetsRead = octetsRead;
    }

    Outgoing.Payload part(int article) {
        return new Part(new FilePart(file, article, octetsRead));
    }

    private void read(FilePart part, byte[] room, Outgoing.Pieces to)
            throws IOException, InterruptedException {
        part.read(in, room, to);
        if (unread.decrementAndGet() == 0) {
            close();
            file.input().requireUnchanged();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private final class Part implements Outgoing.Payload {
        private final FilePart part;
        private boolean wasRead;

        Part(FilePart part) {
            this.part = part;
        }

        @Override
        public void read(byte[] room, Outgoing.Pieces to)
                throws IOException, InterruptedException {
            if (wasRead) {
                part.read(room, to);
            } else {
                PartsOnDemand.this.read(part, room, to);
                wasRead = true;
            }
        }
    }
}
