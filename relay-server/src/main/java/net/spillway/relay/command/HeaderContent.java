package net.spillway.relay.command;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.spool.OverviewLine;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;

/**
 * The content of one header field or metadata item, for HDR, XHDR and XPAT. What the overview
 * holds comes from there; any other field is read from the articles.
 *
 * @param field name of a header field, or of a metadata item with its colon before it
 */
record HeaderContent(Spool spool, String field) {
    /** Whether there may be such a thing: any header field (RFC 5322, 2.2), few metadata items. */
    boolean isKnown() {
        return field.startsWith(":") ? fromOverview().isPresent()
                : field.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    /** What is said of a metadata item that there is not (RFC 3977, section 8.5.2). */
    Answer unknown() {
        return Answer.line(ReplyCode.NOT_SUPPORTED, "there is no such field or metadata item");
    }

    /** On one line, without TAB; "" if the article has no such field. */
    String of(OverviewLine line) throws IOException {
        Optional<Function<OverviewLine, String>> known = fromOverview();
        return known.isPresent() ? known.get().apply(line) : fromArticle(line.id());
    }

    private Optional<Function<OverviewLine, String>> fromOverview() {
        return Optional.ofNullable(switch (field.toLowerCase(Locale.ROOT)) {
            case "subject" -> OverviewLine::subject;
            case "from" -> OverviewLine::from;
            case "date" -> OverviewLine::date;
            case "message-id" -> line -> line.id().value();
            case "references" -> OverviewLine::references;
            case "xref" -> OverviewLine::xref;
            case ":bytes" -> line -> Long.toString(line.bytes());
            case ":lines" -> line -> Long.toString(line.lines());
            default -> null;
        });
    }

    private String fromArticle(MessageId id) throws IOException {
        Optional<StoredArticle> found = spool.open(id);
        if (found.isEmpty()) {
            return "";
        }
        try (StoredArticle article = found.get()) {
            byte[] head = article.readHead();
            return ArticleHead.parse(head, 0, head.length).first(field).orElse("")
                    .replace('\t', ' ');
        } catch (MalformedArticle e) {
            throw new IOException("the stored article " + id + " cannot be read", e);
        }
    }
}
