package net.spillway.feed;

import java.util.Locale;
import java.util.Set;

/**
 * Tells from a Path whether an article has been somewhere already (RFC 5536, section 3.1.5; RFC
 * 5537, section 3.2). The last entry does not count: it names whoever injected the article, and is
 * {@code not-for-mail} as a rule. Neither do diagnostics, which begin with a dot.
 */
public final class PathLoopCheck {
    private PathLoopCheck() {
    }

    /**
     * Tells whether one of the identities relayed the article.
     *
     * @param path the content of a Path header, possibly folded
     * @param identities path identities in lower case
     */
    public static boolean passedThrough(String path, Set<String> identities) {
        int from = 0;
        for (int bang = path.indexOf('!'); bang >= 0; bang = path.indexOf('!', from)) {
            String entry = path.substring(from, bang).strip();
            if (identities.contains(entry.toLowerCase(Locale.ROOT))) {
                return true;
            }
            from = bang + 1;
        }
        return false;
    }

    /** How many relays an article has passed, as its Path tells. */
    public static int hops(String path) {
        int hops = 0;
        int from = 0;
        for (int bang = path.indexOf('!'); bang >= 0; bang = path.indexOf('!', from)) {
            String entry = path.substring(from, bang).strip();
            hops += entry.isEmpty() || entry.startsWith(".") ? 0 : 1;
            from = bang + 1;
        }
        return hops;
    }
}
