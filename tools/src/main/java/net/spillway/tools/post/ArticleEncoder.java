package net.spillway.tools.post;

import java.io.IOException;
import java.util.zip.CRC32;
import net.spillway.protocol.YencEncoder;

/**
 * Puts articles into wire form a piece at a time, so small that it stays in the processor's cache
 * from where it is read to where it is sent. No article is kept: one that has to be sent again is
 * encoded again. For one thread.
 */
final class ArticleEncoder {
    /** Octets of a file that are read and encoded at a time: whole lines. */
    static final int PIECE = 1024 * YencEncoder.LINE;

    private static final byte[] END = {'.', '\r', '\n'};

    private final ArticleHeads heads;
    private final byte[] room = new byte[PIECE];
    private final byte[] lines = new byte[YencEncoder.greatestSize(PIECE)];

    /** Takes octets in wire form. */
    interface Wire {
        /** @param payload how many octets of the file are in these */
        void write(byte[] octets, int length, int payload) throws IOException, InterruptedException;
    }

    /**
     * What is known of an article that was encoded.
     *
     * @param crc32 of its octets of the file
     * @param length its octets in wire form
     * @param body those of the body, without the final dot
     */
    record Encoded(int crc32, int length, int body) {}

    ArticleEncoder(ArticleHeads heads) {
        this.heads = heads;
    }

    /**
     * Encodes an article, with its final {@code .CRLF}.
     *
     * @throws IOException if the octets can't be read, and whatever {@code to} throws
     */
    Encoded encode(Outgoing article, Wire to) throws IOException, InterruptedException {
        byte[] head = heads.of(article);
        to.write(head, head.length, 0);
        Body body = new Body(to);
        body.write(YencEncoder.begin(article.part(), article.length()));
        article.data().read(room, body);
        int crc32 = (int) body.crc.getValue();
        // yEnc escapes a dot at the start of a line, so its lines are their own wire form.
        body.write(YencEncoder.end(article.part(), crc32, article.length()));
        to.write(END, END.length, 0);
        return new Encoded(crc32, head.length + body.length + END.length, body.length);
    }

    private final class Body implements Outgoing.Pieces {
        private final Wire to;
        private final CRC32 crc = new CRC32();
        private int length;

        Body(Wire to) {
            this.to = to;
        }

        void write(byte[] octets) throws IOException, InterruptedException {
            length += octets.length;
            to.write(octets, octets.length, 0);
        }

        @Override
        public void add(byte[] octets, int from, int count)
                throws IOException, InterruptedException {
            crc.update(octets, from, count);
            int n = YencEncoder.lines(octets, from, from + count, lines);
            length += n;
            to.write(lines, n, count);
        }
    }
}
