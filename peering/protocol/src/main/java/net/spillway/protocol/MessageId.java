package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * A message-ID with its angle brackets.
 *
 * <p>Any value holds RFC 3977 §3.6: 3 to 250 octets of printable ASCII, {@code <} first, {@code >}
 * last and nowhere else. That is enough to look an article up. Whether it is also well formed as
 * RFC 5536 §3.1.3 asks of new articles, {@link #isWellFormed()} tells.
 *
 * @param value the message-ID, for example {@code <a1@news.example>}
 */
public record MessageId(String value) {
    /** RFC 3977 §3.6 and RFC 5536 §3.1.3, brackets included. */
    public static final int MAX_OCTETS = 250;

    private static final int MIN_OCTETS = 3;
    private static final int HASH_OCTETS = 16;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Never used itself. */
    private static final MessageDigest SHA_256 = sha256();

    public MessageId {
        if (!hasShape(value)) {
            throw new IllegalArgumentException("not a message-ID: " + Text.shown(value));
        }
    }

    /** Reads a message-ID with brackets; empty if it is none. */
    public static Optional<MessageId> parse(String text) {
        return hasShape(text) ? Optional.of(new MessageId(text)) : Optional.empty();
    }

    /** @throws IllegalArgumentException if the text is no message-ID with brackets */
    public static MessageId of(String text) {
        return new MessageId(text);
    }

    /** Takes a message-ID as NZB files write it, without brackets. */
    public static MessageId ofBare(String text) {
        return new MessageId("<" + text + ">");
    }

    /** A fresh message-ID with 24 random letters and digits (124 bits) before the {@code @}. */
    public static MessageId random(String rightHandSide) {
        StringBuilder id = new StringBuilder("<");
        for (int i = 0; i < 24; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return new MessageId(id.append('@').append(rightHandSide).append('>').toString());
    }

    /** The message-ID without its brackets. */
    public String bare() {
        return value.substring(1, value.length() - 1);
    }

    /** The first 16 octets of SHA-256 over the message-ID with its brackets. */
    public byte[] hash() {
        try {
            // Much cheaper than to look one up, which costs more than to hash so little.
            MessageDigest fresh = (MessageDigest) SHA_256.clone();
            return Arrays.copyOf(fresh.digest(value.getBytes(StandardCharsets.US_ASCII)),
                    HASH_OCTETS);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Whether this is {@code <dot-atom@dot-atom>} or {@code <dot-atom@[literal]>}, RFC 5536. */
    public boolean isWellFormed() {
        String id = bare();
        int at = id.indexOf('@');
        if (at < 0 || !isDotAtom(id.substring(0, at))) {
            return false;
        }
        String right = id.substring(at + 1);
        return isDotAtom(right) || isLiteral(right);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean hasShape(String text) {
        int n = text.length();
        if (n < MIN_OCTETS || n > MAX_OCTETS || text.charAt(0) != '<'
                || text.charAt(n - 1) != '>') {
            return false;
        }
        for (int i = 1; i < n - 1; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '>') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDotAtom(String text) {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? afterDot : !isAtomText(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    private static boolean isAtomText(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    private static boolean isLiteral(String text) {
        int n = text.length();
        if (n < 2 || text.charAt(0) != '[' || text.charAt(n - 1) != ']') {
            return false;
        }
        for (int i = 1; i < n - 1; i++) {
            if ("[]\\".indexOf(text.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
