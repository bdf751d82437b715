package net.spillway.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.ReadOnlyChannel;
import net.spillway.spool.index.ArticleRow;

/** An article in memory. Nothing changes in it, so that all who read it share it. */
final class MemoryArticle implements StoredArticle {
    private final ArticleRow row;
    private final MessageId id;
    private final byte[] wire;
    private final int headLength;

    MemoryArticle(ArticleRow row, byte[] wire, int headLength) {
        this.row = row;
        this.id = MessageId.of(row.id());
        this.wire = wire;
        this.headLength = headLength;
    }

    ArticleRow row() {
        return row;
    }

    @Override
    public MessageId id() {
        return id;
    }

    @Override
    public long sequence() {
        return row.sequence();
    }

    @Override
    public FileChannel channel() {
        return new Octets(wire);
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public int length() {
        return wire.length;
    }

    @Override
    public int headLength() {
        return headLength;
    }

    @Override
    public long number(String group) {
        return row.number(group);
    }

    @Override
    public byte[] readHead() {
        return Arrays.copyOf(wire, headLength);
    }

    @Override
    public byte[] readAll() {
        return wire.clone();
    }

    @Override
    public void close() {
        // The collector sees to it.
    }

    private static final class Octets extends ReadOnlyChannel {
        private final byte[] octets;

        Octets(byte[] octets) {
            this.octets = octets;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            if (at >= octets.length) {
                return -1;
            }
            int n = (int) Math.min(into.remaining(), octets.length - at);
            into.put(octets, (int) at, n);
            return n;
        }

        @Override
        public long size() {
            return octets.length;
        }
    }
}
