package net.spillway.relay.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.Command;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.TextSource;
import net.spillway.spool.OverviewLine;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;

/**
 * HDR (RFC 3977, section 8.5) and XHDR (RFC 2980, section 2.6). What the overview holds comes
 * from there; any other field is read from the articles.
 *
 * @param old whether it is XHDR, which answers 221, repeats the message-ID it was asked for, and
 *     calls a field that is absent "(none)"
 */
record HdrCommand(boolean old) implements Handler {
    private static final int LINES_A_PIECE = 100;

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        String field = command.arguments().getFirst();
        if (field.startsWith(":") && fromOverview(field).isEmpty()) {
            return Answer.line(ReplyCode.NOT_SUPPORTED, "there is no such metadata item here");
        }
        if (command.arguments().size() == 1) {
            return of(conversation, field, Selection.current(conversation));
        }
        String which = command.arguments().get(1);
        Optional<MessageId> id = MessageId.parse(which);
        if (id.isEmpty()) {
            return of(conversation, field, Selection.range(conversation, which,
                    old ? ReplyCode.NO_CURRENT_ARTICLE : ReplyCode.NO_SUCH_NUMBER));
        }
        Optional<OverviewLine> overview = conversation.overview(id.get());
        if (overview.isEmpty()) {
            return Answer.line(ReplyCode.NO_SUCH_ARTICLE, "no such article");
        }
        String content = content(conversation.relay().spool(), field, overview.get());
        return block(Lines.of(List.of((old ? which : "0") + " " + content)));
    }

    private Answer of(Conversation conversation, String field, Selection selection) {
        return switch (selection) {
            case Selection.None none -> none.answer();
            case Selection.Numbers numbers ->
                    block(lines(conversation.relay().spool(), field, numbers));
        };
    }

    private Answer block(TextSource lines) {
        return Answer.block(old ? ReplyCode.HEAD : ReplyCode.HEADERS, "headers follow", lines);
    }

    private TextSource lines(Spool spool, String field, Selection.Numbers numbers) {
        return new TextSource() {
            private long from = numbers.first();

            @Override
            public byte[] next() throws IOException {
                List<OverviewLine> found = from > numbers.last() ? List.of()
                        : spool.overview(numbers.group(), from, numbers.last(), LINES_A_PIECE);
                if (found.isEmpty()) {
                    return null;
                }
                Lines piece = new Lines();
                for (OverviewLine line : found) {
                    piece.add(line.number() + " " + content(spool, field, line));
                }
                from = found.getLast().number() + 1;
                return piece.toBytes();
            }
        };
    }

    private String content(Spool spool, String field, OverviewLine line) throws IOException {
        Optional<Function<OverviewLine, String>> known = fromOverview(field);
        String content = known.isPresent() ? known.get().apply(line)
                : fromArticle(spool, field, line.id());
        return content.isEmpty() && old ? "(none)" : content;
    }

    private static Optional<Function<OverviewLine, String>> fromOverview(String field) {
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

    private static String fromArticle(Spool spool, String field, MessageId id) throws IOException {
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
