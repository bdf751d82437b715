package net.spillway.relay.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;

/**
 * NEXT and LAST (RFC 3977, sections 6.1.3 and 6.1.4); LAST means the previous one.
 *
 * @param forward whether it is NEXT
 */
record StepCommand(boolean forward) implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        if (conversation.group().isEmpty()) {
            return Answer.line(ReplyCode.NO_GROUP_SELECTED, "select a group first");
        }
        if (conversation.current() == 0) {
            return Answer.line(ReplyCode.NO_CURRENT_ARTICLE, "no current article");
        }
        OptionalLong number = step(conversation, conversation.current());
        while (number.isPresent()) {
            Optional<StoredArticle> found = conversation.open(number.getAsLong());
            if (found.isPresent()) {
                try (StoredArticle article = found.get()) {
                    conversation.moveTo(number.getAsLong());
                    return Answer.line(ReplyCode.ARTICLE_EXISTS,
                            number.getAsLong() + " " + article.id());
                }
            }
            number = step(conversation, number.getAsLong());
        }
        return forward ? Answer.line(ReplyCode.NO_NEXT, "this is the last article")
                : Answer.line(ReplyCode.NO_PREVIOUS, "this is the first article");
    }

    private OptionalLong step(Conversation conversation, long from) throws IOException {
        Spool spool = conversation.relay().spool();
        String group = conversation.group().orElseThrow();
        return forward ? spool.next(group, from) : spool.previous(group, from);
    }
}
