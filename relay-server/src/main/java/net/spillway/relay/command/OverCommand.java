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
import net.spillway.spool.OverviewText;
import net.spillway.spool.Spool;

/**
 * OVER (RFC 3977, section 8.3) and XOVER (RFC 2980, section 2.8).
 *
 * @param old whether it is XOVER, which takes no message-ID and says 420 where OVER says 423
 */
record OverCommand(boolean old) implements Handler {
    private static final int LINES_A_PIECE = 200;

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        if (command.arguments().isEmpty()) {
            return of(conversation, Selection.current(conversation));
        }
        String which = command.arguments().getFirst();
        Optional<MessageId> id = old ? Optional.empty() : MessageId.parse(which);
        if (id.isPresent()) {
            return conversation.overview(id.get())
                    .map(line -> Answer.block(ReplyCode.OVERVIEW, "overview follows",
                            Lines.of(List.of(line.toLine()))))
                    .orElseGet(() -> Answer.line(ReplyCode.NO_SUCH_ARTICLE, "no such article"));
        }
        return of(conversation, Selection.range(conversation, which,
                old ? ReplyCode.NO_CURRENT_ARTICLE : ReplyCode.NO_SUCH_NUMBER));
    }

    private static Answer of(Conversation conversation, Selection selection) {
        return switch (selection) {
            case Selection.None none -> none.answer();
            case Selection.Numbers numbers -> Answer.block(ReplyCode.OVERVIEW, "overview follows",
                    lines(conversation.relay().spool(), numbers));
        };
    }

    private static TextSource lines(Spool spool, Selection.Numbers numbers) {
        return new TextSource() {
            private long from = numbers.first();

            @Override
            public byte[] next() throws IOException {
                List<OverviewText> found = from > numbers.last() ? List.of()
                        : spool.overviewTexts(numbers.group(), from, numbers.last(),
                                LINES_A_PIECE);
                if (found.isEmpty()) {
                    return null;
                }
                from = found.getLast().number() + 1;
                return piece(found);
            }
        };
    }

    /** The lines with their ends; none begins with a dot. */
    private static byte[] piece(List<OverviewText> lines) {
        int length = 0;
        for (OverviewText text : lines) {
            length += text.line().length + 2;
        }
        var piece = new byte[length];
        int end = 0;
        for (OverviewText text : lines) {
            System.arraycopy(text.line(), 0, piece, end, text.line().length);
            end += text.line().length;
            piece[end++] = '\r';
            piece[end++] = '\n';
        }
        return piece;
    }
}
