package net.spillway.spool.index;

import java.util.List;
import net.spillway.spool.segment.LogRecord;

/**
 * An article in the index: where it lies, and what overview and feeds need.
 *
 * @param arrival epoch millis
 * @param posted  what the article says of its own date, epoch millis, or {@link LogRecord#NO_TIME}
 * @param server  who filed it, for Xref
 * @param filed   the groups it was filed in, and its numbers
 */
public record ArticleRow(long sequence, long location, int wireLength, long arrival, long posted,
        long bytes, int lines, String id, String source, String server,
        List<LogRecord.Filed> filed, HeadFields head) {

    private static final int FIXED_WEIGHT = 360;
    private static final int FILED_WEIGHT = 60;

    /** Its number in that group, or 0. */
    public long number(String group) {
        for (LogRecord.Filed one : filed) {
            if (one.group().equals(group)) {
                return one.number();
            }
        }
        return 0;
    }

    /** Roughly the octets of memory it takes. */
    public int weight() {
        return FIXED_WEIGHT + FILED_WEIGHT * filed.size() + id.length() + source.length()
                + head.weight();
    }

    /** Content of the Xref field: our name, then group:number for each group; or "". */
    public String xref() {
        return formatXref(server, filed);
    }

    /** Writes the content of Xref (RFC 5536 §3.2.14); "" if it was filed nowhere. */
    public static String formatXref(String server, List<LogRecord.Filed> filed) {
        if (filed.isEmpty()) {
            return "";
        }
        var xref = new StringBuilder(64);
        appendXref(server, filed, xref);
        return xref.toString();
    }

    /** As {@link #formatXref}, of an article that was filed somewhere. */
    public static void appendXref(String server, List<LogRecord.Filed> filed, StringBuilder to) {
        to.append(server);
        for (LogRecord.Filed one : filed) {
            to.append(' ').append(one.group()).append(':').append(one.number());
        }
    }
}
