package net.spillway.tools.post;

import java.io.IOException;
import java.util.zip.CRC32;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencPart;

/**
 * An article on its way out. Its message-ID is chosen before it is first sent, so that whether an
 * attempt succeeded can be asked for afterwards.
 *
 * @param number counts the articles of a post
 * @param length octets of the file in it
 */
record Outgoing(
        int number, MessageId id, String subject, YencPart part, Payload data, int length) {
    /** CRC-32 of the payload, which is read for it. */
    int crc32() throws IOException, InterruptedException {
        CRC32 crc = new CRC32();
        data.read(new byte[ArticleEncoder.PIECE],
                (octets, from, count) -> crc.update(octets, from, count));
        return (int) crc.getValue();
    }

    /** Octets of an article. They may be asked for again, if it has to be sent again. */
    interface Payload {
        /**
         * Hands all of them over, in pieces of as many as {@code room} has, but for the last one.
         *
         * @param room may be used for them
         */
        void read(byte[] room, Pieces to) throws IOException, InterruptedException;
    }

    /** Takes pieces. */
    interface Pieces {
        void add(byte[] octets, int from, int count) throws IOException, InterruptedException;

        /** Adds all octets of an array, in pieces. */
        default void addAll(byte[] octets, int length, int piece)
                throws IOException, InterruptedException {
            for (int at = 0; at < length; at += piece) {
                add(octets, at, Math.min(piece, length - at));
            }
        }
    }
}
