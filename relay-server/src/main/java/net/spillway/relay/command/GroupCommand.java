package net.spillway.relay.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.protocol.ArticleRange;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.TextSource;
import net.spillway.spool.Newsgroup;
import net.spillway.spool.Spool;

/**
 * GROUP and LISTGROUP (RFC 3977, sections 6.1.1 and 6.1.2).
 *
 * @param lists whether the numbers follow
 */
record GroupCommand(boolean lists) implements Handler {
    private static final int NUMBERS_A_PIECE = 2000;
    private static final ArticleRange ALL = new ArticleRange(1, Long.MAX_VALUE);

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        Optional<String> name = command.arguments().stream().findFirst()
                .or(conversation::group);
        if (name.isEmpty()) {
            return Answer.line(ReplyCode.NO_GROUP_SELECTED, "select a group first");
        }
        Optional<ArticleRange> range = command.arguments().size() < 2 ? Optional.of(ALL)
                : ArticleRange.parse(command.arguments().get(1));
        if (range.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "a range is 1, 1- or 1-9");
        }
        Spool spool = conversation.relay().spool();
        Optional<Newsgroup> found = spool.group(name.get())
                .filter(g -> conversation.rights().read().matches(g.name()));
        if (found.isEmpty()) {
            return Answer.line(ReplyCode.NO_SUCH_GROUP, "no such group here");
        }
        Newsgroup group = found.get();
        OptionalLong first = spool.next(group.name(), Math.max(0, group.low() - 1));
        conversation.select(group.name(), first.orElse(0));
        String text = group.count() + " " + group.low() + " " + group.high() + " " + group.name();
        return lists ? Answer.block(ReplyCode.GROUP, text, numbers(spool, group, range.get()))
                : Answer.line(ReplyCode.GROUP, text);
    }

    private static TextSource numbers(Spool spool, Newsgroup group, ArticleRange range) {
        return new TextSource() {
            private long from = range.low();

            @Override
            public byte[] next() throws IOException {
                long to = Math.min(range.high(), group.high());
                long[] numbers = from > to ? new long[0]
                        : spool.numbers(group.name(), from, to, NUMBERS_A_PIECE);
                if (numbers.length == 0) {
                    return null;
                }
                Lines piece = new Lines();
                for (long number : numbers) {
                    piece.add(Long.toString(number));
                }
                from = numbers[numbers.length - 1] + 1;
                return piece.toBytes();
            }
        };
    }
}
