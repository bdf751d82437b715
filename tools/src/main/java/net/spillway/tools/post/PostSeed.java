package net.spillway.tools.post;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import net.spillway.protocol.MessageId;

/**
 * A secret number from which message-IDs and random names of a post follow, so that they are known
 * before anything is sent, and known again when the post is taken up after a crash.
 *
 * @param hex 32 hexadecimal digits
 */
record PostSeed(String hex) {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 24;
    private static final int NAME_LENGTH = 22;
    /** Never used itself: a copy costs less than to look one up. */
    private static final MessageDigest SHA_256 = sha256();

    static PostSeed random() {
        byte[] octets = new byte[16];
        new SecureRandom().nextBytes(octets);
        return new PostSeed(HexFormat.of().formatHex(octets));
    }

    /** The message-ID of an article. */
    MessageId messageId(int article, String domain) {
        return MessageId.of("<" + letters("article", article, ID_LENGTH) + "@" + domain + ">");
    }

    /** Whether a message-ID is that of an article, in whatever domain. */
    boolean isOf(MessageId id, int article) {
        return id.bare().startsWith(letters("article", article, ID_LENGTH) + "@");
    }

    /** A name that tells nothing; {@code what} and {@code number} say whose. */
    String name(String what, int number) {
        return letters(what, number, NAME_LENGTH);
    }

    private String letters(String what, int number, int count) {
        byte[] digest = digest(what, number);
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
        }
        return letters.toString();
    }

    private byte[] digest(String what, int number) {
        try {
            MessageDigest sha = (MessageDigest) SHA_256.clone();
            sha.update(HexFormat.of().parseHex(hex));
            sha.update(what.getBytes(StandardCharsets.US_ASCII));
            return sha.digest(ByteBuffer.allocate(4).putInt(number).array());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
