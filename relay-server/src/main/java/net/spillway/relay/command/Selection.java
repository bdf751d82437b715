package net.spillway.relay.command;

import java.io.IOException;
import java.util.OptionalLong;
import net.spillway.protocol.ArticleRange;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;

/**
 * Which articles a command is about, of the three forms that many have in common: message-ID,
 * range, or the current article (RFC 3977, section 3.6 and 6.1.2).
 */
sealed interface Selection {
    /** Articles of the selected group; at least the first existed a moment ago. */
    record Numbers(String group, long first, long last) implements Selection {
    }

    /** None, and this is what the client is told. */
    record None(Answer answer) implements Selection {
    }

    /** The current article. */
    static Selection current(Conversation conversation) throws IOException {
        if (conversation.group().isEmpty()) {
            return noGroup();
        }
        long number = conversation.current();
        if (number == 0) {
            return none(ReplyCode.NO_CURRENT_ARTICLE, "no current article");
        }
        return existing(conversation, new ArticleRange(number, number),
                ReplyCode.NO_CURRENT_ARTICLE);
    }

    /** @param otherwise the code that says that there is nothing in the range */
    static Selection range(Conversation conversation, String text, int otherwise)
            throws IOException {
        ArticleRange range = ArticleRange.parse(text).orElse(null);
        if (range == null) {
            return none(ReplyCode.SYNTAX_ERROR, "neither a message-ID nor a range of numbers");
        }
        return conversation.group().isEmpty() ? noGroup()
                : existing(conversation, range, otherwise);
    }

    private static Selection existing(Conversation conversation, ArticleRange range, int otherwise)
            throws IOException {
        String group = conversation.group().orElseThrow();
        OptionalLong first = range.isEmpty() ? OptionalLong.empty()
                : conversation.relay().spool().next(group, Math.max(0, range.low() - 1));
        if (first.isEmpty() || first.getAsLong() > range.high()) {
            return none(otherwise, "no articles there");
        }
        return new Numbers(group, first.getAsLong(), range.high());
    }

    private static Selection noGroup() {
        return none(ReplyCode.NO_GROUP_SELECTED, "select a group first");
    }

    private static Selection none(int code, String text) {
        return new None(Answer.line(code, text));
    }
}
