package net.spillway.protocol.article;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.spillway.protocol.ArticleRange;

/**
 * The Xref field, RFC 5536 §3.2.14: where one server filed an article.
 *
 * @param server  path identity of the server
 * @param numbers group to article number, in the order of the field, not empty
 */
public record XrefHeader(String server, Map<String, Long> numbers) {
    public XrefHeader {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        if (server.isBlank() || numbers.isEmpty()) {
            throw new IllegalArgumentException("Xref names a server and at least one group");
        }
    }

    /** Reads the content of a field; empty if any part of it is wrong. */
    public static Optional<XrefHeader> parse(String value) {
        String[] words = value.strip().split("[ \t]+");
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].lastIndexOf(':');
            long number = colon < 1 ? -1 : ArticleRange.number(words[i].substring(colon + 1));
            if (number < 1 || numbers.put(words[i].substring(0, colon), number) != null) {
                return Optional.empty();
            }
        }
        return words[0].isEmpty() || numbers.isEmpty() ? Optional.empty()
                : Optional.of(new XrefHeader(words[0], numbers));
    }

    /** The content of the field. */
    public String format() {
        StringBuilder text = new StringBuilder(server);
        numbers.forEach((group, number) ->
                text.append(' ').append(group).append(':').append(number));
        return text.toString();
    }
}
