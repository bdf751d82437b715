package net.spillway.spool;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.segment.LogRecord;

/** The Xref header line that the spool puts last in every head (RFC 5536 §3.2.14). */
final class XrefLine {
    private static final byte[] NAME = "\nXref: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    private XrefLine() {}

    /** The line with its CRLF; nothing of an article that is filed nowhere. */
    static byte[] of(String server, List<LogRecord.Filed> filed) {
        if (filed.isEmpty()) {
            return NOTHING;
        }
        var line = new StringBuilder(80).append("Xref: ");
        ArticleRow.appendXref(server, filed, line);
        return line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Who filed an article, from its stored head. */
    static String identity(byte[] head) {
        for (int at = head.length - NAME.length; at >= 0; at--) {
            if (startsAt(head, at)) {
                int from = at + NAME.length;
                int to = from;
                while (to < head.length && head[to] > ' ') {
                    to++;
                }
                return new String(head, from, to - from, StandardCharsets.UTF_8);
            }
        }
        return "localhost"; // Filed nowhere, so that nobody sees it.
    }

    private static boolean startsAt(byte[] head, int at) {
        for (int i = 0; i < NAME.length; i++) {
            if (head[at + i] != NAME[i]) {
                return false;
            }
        }
        return true;
    }
}
