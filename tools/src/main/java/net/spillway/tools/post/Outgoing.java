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
 * @param data holds the payload at 0..length; given back when the article has been encoded
 */
record Outgoing(
        int number, MessageId id, String subject, YencPart part, Payload data, int length) {
    /** CRC-32 of the payload. */
    int crc32() {
        CRC32 crc = new CRC32();
        crc.update(data.bytes(), 0, length);
        return (int) crc.getValue();
    }

    /** Octets that someone wants back. */
    interface Payload {
        /** To be called before they are looked at by whoever sends them: they may be unread yet. */
        default void load() throws IOException, InterruptedException {}

        byte[] bytes();

        void release();

        /** Octets that nobody waits for. */
        static Payload of(byte[] bytes) {
            return new Payload() {
                @Override
                public byte[] bytes() {
                    return bytes;
                }

                @Override
                public void release() {}
            };
        }
    }
}
