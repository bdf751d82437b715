package net.spillway.tools.nzb;

import java.util.Optional;
import java.util.regex.Pattern;
import net.spillway.protocol.MessageId;

/**
 * What our manifests say about a data file besides what an NZB can: {@code LENGTH HASH ID PATH}
 * in a {@code <meta type="x-spillway-file">}. The message-ID, bare, is that of the file's first
 * article, and tells which {@code <file>} is meant whatever became of the order; an empty file has
 * no article, and {@code -} there.
 *
 * @param length octets
 * @param hash of the whole file, in lower-case hex digits: 32 of its MD5 or, where no parity was
 *     posted, 8 of its CRC-32, which follows from those in the articles
 * @param firstArticle empty for an empty file
 * @param path relative, separated by {@code /}; not checked
 */
public record FileNote(long length, String hash, Optional<MessageId> firstArticle, String path) {
    private static final int DIGITS_OF_CRC = 8;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{8}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** The value of the meta. */
    public String toMeta() {
        String first = firstArticle.map(MessageId::bare).orElse("-");
        return length + " " + hash + " " + first + " " + path;
    }

    /** Whether the hash is a CRC-32. */
    public boolean isCrc() {
        return hash.length() == DIGITS_OF_CRC;
    }

    /** Reads such a value; empty if it is none. */
    public static Optional<FileNote> parse(String value) {
        String[] words = value.split(" ", 4);
        if (words.length < 4 || !LENGTH.matcher(words[0]).matches()
                || !HASH.matcher(words[1]).matches()) {
            return Optional.empty();
        }
        long length = Long.parseLong(words[0]);
        Optional<MessageId> first = words[2].equals("-")
                ? Optional.empty() : MessageId.parse("<" + words[2] + ">");
        return first.isPresent() == length > 0
                ? Optional.of(new FileNote(length, words[1], first, words[3])) : Optional.empty();
    }
}
