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
 * XPAT (RFC 2980, section 2.9): as XHDR, but only the articles whose field fits a pattern. Several
 * words of a pattern are one, with a blank between them.
 */
record XpatCommand() implements Handler {
    /** Few: a field that the overview lacks is read from each article. */
    private static final int ARTICLES_A_PIECE = 100;

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        List<String> words = command.arguments();
        HeaderContent header = new HeaderContent(conversation.relay().spool(), words.get(0));
        if (!header.isKnown()) {
            return header.unknown();
        }
        HeaderPattern pattern;
        try {
            pattern = HeaderPattern.parse(String.join(" ", words.subList(2, words.size())));
        } catch (IllegalArgumentException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
        }
        Optional<MessageId> id = MessageId.parse(words.get(1));
        if (id.isEmpty()) {
            return switch (Selection.range(conversation, words.get(1),
                    ReplyCode.NO_CURRENT_ARTICLE)) {
                case Selection.None none -> none.answer();
                case Selection.Numbers numbers ->
                        block(lines(conversation.relay().spool(), header, pattern, numbers));
            };
        }
        Optional<OverviewLine> overview = conversation.overview(id.get());
        if (overview.isEmpty()) {
            return Answer.line(ReplyCode.NO_SUCH_ARTICLE, "no such article");
        }
        String content = header.of(overview.get());
        return block(Lines.of(pattern.matches(content) ? List.of(id.get() + " " + content)
                : List.of()));
    }

    private static Answer block(TextSource lines) {
        return Answer.block(ReplyCode.HEAD, "headers follow", lines);
    }

    private static TextSource lines(Spool spool, HeaderContent header, HeaderPattern pattern,
            Selection.Numbers numbers) {
        return new TextSource() {
            private long from = numbers.first();

            @Override
            public byte[] next() throws IOException {
                List<OverviewLine> found = from > numbers.last() ? List.of()
                        : spool.overview(numbers.group(), from, numbers.last(), ARTICLES_A_PIECE);
                if (found.isEmpty()) {
                    return null;
                }
                Lines piece = new Lines();
                for (OverviewLine line : found) {
                    String content = header.of(line);
                    if (pattern.matches(content)) {
                        piece.add(line.number() + " " + content);
                    }
                }
                from = found.getLast().number() + 1;
                return piece.toBytes();
            }
        };
    }
}
