package net.spillway.protocol.article;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names of newsgroups and the list of them in the Newsgroups field, RFC 5536 §3.1.4. */
public final class NewsgroupNames {
    /** Longer names do not fit beside others in a status line or an index. */
    public static final int MAX_OCTETS = 230;

    private NewsgroupNames() {}

    /** Whether the text is components of letters, digits, {@code +}, {@code -}, {@code _}. */
    public static boolean isValid(String name) {
        if (name.length() > MAX_OCTETS) {
            return false;
        }
        boolean afterDot = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' ? afterDot : !isComponentChar(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    /** Reads the content of a Newsgroups field; empty if a name is wrong or there is none. */
    public static Optional<List<String>> parseList(String value) {
        if (value.indexOf(',') < 0) {
            String name = value.strip();
            return isValid(name) ? Optional.of(List.of(name)) : Optional.empty();
        }
        // A set: a head has room for more names than can be compared with each other.
        Set<String> names = new LinkedHashSet<>();
        for (String piece : value.split(",", -1)) {
            String name = piece.strip();
            if (!isValid(name)) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of(List.copyOf(names));
    }

    private static boolean isComponentChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || c == '+' || c == '-' || c == '_';
    }
}
