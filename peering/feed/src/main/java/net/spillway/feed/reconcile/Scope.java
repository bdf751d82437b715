package net.spillway.feed.reconcile;

import java.util.ArrayList;
import java.util.List;
import net.spillway.conf.Wildmat;
import net.spillway.spool.LogEntry;

/**
 * What two relays compare: articles that one feeds and the other takes, from one time to another.
 *
 * @param from seconds since 1970, when articles were injected or written
 * @param to the first second that does not count
 * @param send the groups that are fed
 * @param accept the groups that are taken
 * @param maxArticle the largest article, in octets on the wire
 */
public record Scope(long from, long to, Wildmat send, Wildmat accept, long maxArticle) {
    /** Of the word for what a relay takes; it has twice as many hexadecimal digits. */
    public static final int CHOICE_OCTETS = 8;

    private static final int LINE = 400;

    /** A wildmat as it is told to the other side: a long one goes over several lines, and
     * for one that cannot be told there is everything. */
    public static List<String> lines(Wildmat wildmat) {
        String text = wildmat.isPlain() ? wildmat.toString() : "*";
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < text.length(); at += LINE) {
            lines.add(text.substring(at, Math.min(text.length(), at + LINE)));
        }
        return lines;
    }

    /** Whether an article in these groups counts. */
    boolean covers(LogEntry entry, List<String> groups) {
        return entry.posted().filter(date -> date.getEpochSecond() >= from
                        && date.getEpochSecond() < to).isPresent()
                && entry.wireLength() <= maxArticle
                && send.accepts(groups) && accept.accepts(groups);
    }

    /** The same for other groups that are fed. */
    Scope sending(Wildmat others) {
        return new Scope(from, to, others, accept, maxArticle);
    }

    /** The same from another time on. */
    public Scope since(long later) {
        return new Scope(later, to, send, accept, maxArticle);
    }

    /** The same up to another time. */
    Scope until(long earlier) {
        return new Scope(from, earlier, send, accept, maxArticle);
    }
}
