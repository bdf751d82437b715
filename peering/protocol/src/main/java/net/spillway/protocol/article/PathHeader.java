package net.spillway.protocol.article;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Path field, RFC 5536 §3.1.5: through whom an article came, newest first.
 *
 * <pre>us.example!!them.example!.SEEN.192.0.2.1!old!.POSTED!not-for-mail</pre>
 */
public final class PathHeader {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern DIAGNOSTIC =
            Pattern.compile("\\.[A-Za-z]+(?:\\.[A-Za-z0-9_.:-]+)?");

    private static final int MAX_IDENTITY = 253;

    /** Leaves room in a line of 998 octets for the longest diagnostic. */
    private static final int FOLD_BEYOND = 400;

    private final String value;
    private final List<String> identities;
    private final List<String> diagnostics;
    private final String tail;

    private PathHeader(String value, List<String> identities, List<String> diagnostics,
            String tail) {
        this.value = value;
        this.identities = List.copyOf(identities);
        this.diagnostics = List.copyOf(diagnostics);
        this.tail = tail;
    }

    /**
     * Whether the text may name a site in Path: labels of letters, digits, dashes and underscores,
     * with dots between them; if there are several, the last one is not of digits alone.
     */
    public static boolean isIdentity(String text) {
        int length = text.length();
        boolean dotted = false;
        boolean empty = true;
        boolean digitsOnly = true;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (c == '.' && !empty) {
                dotted = true;
                empty = true;
                digitsOnly = true;
            } else if (digit || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-'
                    || c == '_') {
                empty = false;
                digitsOnly &= digit;
            } else {
                return false;
            }
        }
        return !empty && length <= MAX_IDENTITY && !(dotted && digitsOnly);
    }

    /** Reads the content of a field, unfolded; empty if it is no path. */
    public static Optional<PathHeader> parse(String value) {
        String path = value.strip();
        List<String> identities = new ArrayList<>();
        List<String> diagnostics = new ArrayList<>();
        int from = 0;
        for (int bang = path.indexOf('!'); bang >= 0; bang = path.indexOf('!', from)) {
            String token = path.substring(from, bang).strip();
            from = bang + 1;
            boolean afterIdentity = !identities.isEmpty();
            if (isIdentity(token)) {
                identities.add(token);
            } else if (afterIdentity && isDiagnostic(token)) {
                diagnostics.add(token);
            } else {
                return Optional.empty();
            }
        }
        String tail = path.substring(from).strip();
        // The standard allows no dot in the tail; old posting agents wrote user.name there.
        return isIdentity(tail)
                ? Optional.of(new PathHeader(path, identities, diagnostics, tail))
                : Optional.empty();
    }

    /** The sites, newest first, without diagnostics and without the last entry. */
    public List<String> identities() {
        return identities;
    }

    /** The last entry, which is no site: mostly {@code not-for-mail}. */
    public String tail() {
        return tail;
    }

    /** Whether the article has been at that site; names are compared without case. */
    public boolean contains(String identity) {
        for (String one : identities) {
            if (one.equalsIgnoreCase(identity)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an injecting agent has left its mark {@code .POSTED}. */
    public boolean isPosted() {
        return diagnostics.stream().anyMatch(PathHeader::isPostedMark);
    }

    /** The content of the field with an identity and what it says of the sender put in front. */
    public String prepend(String identity, PathDiagnostic diagnostic) {
        return prepend(identity, diagnostic, value);
    }

    /**
     * The content of a field in which {@code identity} and its diagnostic stand before a path. If
     * the path starts with a long run without blanks, one is put in where RFC 5536 §3.1.5 allows
     * it, so that the field can be folded and no line outgrows its 998 octets hop by hop.
     */
    public static String prepend(String identity, PathDiagnostic diagnostic, String path) {
        int blank = path.indexOf(' ');
        boolean longRun = (blank < 0 ? path.length() : blank) > FOLD_BEYOND;
        return identity + (longRun ? " !" : "!") + diagnostic.token() + "!" + path;
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isDiagnostic(String token) {
        return token.isEmpty() || DIAGNOSTIC.matcher(token).matches()
                || IPV4.matcher(token).matches();
    }

    private static boolean isPostedMark(String diagnostic) {
        return diagnostic.equals(".POSTED") || diagnostic.startsWith(".POSTED.");
    }
}
