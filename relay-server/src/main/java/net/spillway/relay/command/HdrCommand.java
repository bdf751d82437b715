package net.spillway.relay.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.TextSource;
import net.spillway.spool.OverviewLine;
import net.spillway.spool.Spool;

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
        HeaderContent header = new HeaderContent(conversation.relay().spool(), field);
        if (!header.isKnown()) {
            return header.unknown();
        }
        if (command.arguments().size() == 1) {
            return of(conversation, header, Selection.current(conversation));
        }
        String which = command.arguments().get(1);
        Optional<MessageId> id = MessageId.parse(which);
        if (id.isEmpty()) {
            return of(conversation, header, Selection.range(conversation, which,
                    old ? ReplyCode.NO_CURRENT_ARTICLE : ReplyCode.NO_SUCH_NUMBER));
        }
        Optional<OverviewLine> overview = conversation.overview(id.get());
        if (overview.isEmpty()) {
            return Answer.line(ReplyCode.NO_SUCH_ARTICLE, "no such article");
        }
        String content = content(header, overview.get());
        return block(Lines.of(List.of((old ? which : "0") + " " + content)));
    }

    private Answer of(Conversation conversation, HeaderContent header, Selection selection) {
        return switch (selection) {
            case Selection.None none -> none.answer();
            case Selection.Numbers numbers ->
                    block(lines(conversation.relay().spool(), header, numbers));
        };
    }

    private Answer block(TextSource lines) {
        return Answer.block(old ? ReplyCode.HEAD : ReplyCode.HEADERS, "headers follow", lines);
    }

    private TextSource lines(Spool spool, HeaderContent header, Selection.Numbers numbers) {
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
                    piece.add(line.number() + " " + content(header, line));
                }
                from = found.getLast().number() + 1;
                return piece.toBytes();
            }
        };
    }

    private String content(HeaderContent header, OverviewLine line) throws IOException {
        String content = header.of(line);
        return content.isEmpty() && old ? "(none)" : content;
    }
}
