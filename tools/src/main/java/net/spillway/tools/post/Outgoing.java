package net.spillway.tools.post;

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
    /** Octets that someone wants back. */
    interface Payload {
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
