package net.spillway.spool;

import net.spillway.protocol.MessageId;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.index.OverviewEntry;

/**
 * What OVER says of an article (RFC 3977 §8.3). Text fields hold no TAB, CR, LF or NUL; a field
 * the article lacks is "".
 *
 * @param number in the group asked for, or 0 when asked for by message-ID
 * @param bytes  octets of the article without dot-stuffing
 * @param lines  of the body
 * @param xref   content of the Xref field
 */
public record OverviewLine(long number, String subject, String from, String date, MessageId id,
        String references, long bytes, long lines, String xref) {

    static OverviewLine of(long number, ArticleRow row) {
        return of(number, row.head(), MessageId.of(row.id()), row.bytes(), row.lines(), row.xref());
    }

    static OverviewLine of(OverviewEntry entry) {
        return of(entry.number(), entry.head(), MessageId.of(entry.id()), entry.bytes(),
                entry.lines(), entry.xref());
    }

    static OverviewLine of(long number, HeadFields head, MessageId id, long bytes, long lines,
            String xref) {
        return new OverviewLine(number, head.subject(), head.from(), head.date(), id,
                head.references(), bytes, lines, xref);
    }

    /** The line as sent, without CRLF: TAB between fields, Xref with its name before it. */
    public String toLine() {
        var line = new StringBuilder(160 + subject.length() + references.length());
        line.append(number).append('\t').append(subject).append('\t').append(from)
                .append('\t').append(date).append('\t').append(id.value())
                .append('\t').append(references).append('\t').append(bytes)
                .append('\t').append(lines).append('\t');
        if (!xref.isEmpty()) {
            line.append("Xref: ").append(xref);
        }
        return line.toString();
    }
}
