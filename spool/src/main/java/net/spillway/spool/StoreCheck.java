package net.spillway.spool;

import java.util.HashSet;
import java.util.Optional;
import java.util.function.Predicate;
import net.spillway.spool.segment.SegmentFormat;

/** What an article must be like so that a spool can take it, whatever its header says. */
final class StoreCheck {
    private static final int MAX_GROUPS_OF_ARTICLE = 1000;
    private static final int MAX_NAMES_OF_GROUPS = 60_000;
    private static final int MAX_SOURCE = 1000;

    private StoreCheck() {}

    /** Why it cannot be taken, if so. */
    static Optional<String> objection(NewArticle article, Predicate<String> isGroup) {
        int groups = article.groups().size();
        if (groups > MAX_GROUPS_OF_ARTICLE
                || groups > 1 && new HashSet<>(article.groups()).size() < groups) {
            return Optional.of("a group stands twice, or there are more than "
                    + MAX_GROUPS_OF_ARTICLE);
        }
        int names = 0;
        for (String group : article.groups()) {
            names += group.length();
            if (!isGroup.test(group)) {
                return Optional.of("there is no group " + group);
            }
        }
        if (names > MAX_NAMES_OF_GROUPS) {
            return Optional.of("the names of its groups are too long together");
        }
        if (!endsLine(article.head(), 0, article.head().length)
                || article.bodyTo() > article.bodyFrom()
                && !endsLine(article.body(), article.bodyFrom(), article.bodyTo())) {
            return Optional.of("head or body does not end with CRLF");
        }
        long octets = (long) article.head().length + article.bodyTo() - article.bodyFrom();
        if (octets > SegmentFormat.MAX_BODY / 2 || article.source().length() > MAX_SOURCE) {
            return Optional.of("the article is too large: " + octets + " octets");
        }
        return Optional.empty();
    }

    private static boolean endsLine(byte[] bytes, int from, int to) {
        return to - from >= 2 && bytes[to - 2] == '\r' && bytes[to - 1] == '\n';
    }
}
