package net.spillway.relay.command;

import java.io.IOException;
import java.util.Optional;
import net.spillway.protocol.ArticleRange;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.FileSpan;
import net.spillway.relay.session.Handler;
import net.spillway.spool.StoredArticle;

/** ARTICLE, HEAD, BODY and STAT (RFC 3977, section 6.2). */
record ArticleCommand(Part part) implements Handler {

    /** Which part of an article, and the code that announces it. */
    enum Part {
        ARTICLE(ReplyCode.ARTICLE),
        HEAD(ReplyCode.HEAD),
        BODY(ReplyCode.BODY),
        STAT(ReplyCode.ARTICLE_EXISTS);

        private final int code;

        Part(int code) {
            this.code = code;
        }
    }

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        if (command.arguments().isEmpty()) {
            return current(conversation);
        }
        String which = command.arguments().getFirst();
        Optional<MessageId> id = MessageId.parse(which);
        if (id.isPresent()) {
            return conversation.open(id.get())
                    .map(article -> found(conversation, article, 0))
                    .orElseGet(() -> Answer.line(ReplyCode.NO_SUCH_ARTICLE, "no such article"));
        }
        long number = ArticleRange.number(which);
        if (number < 0) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "neither a message-ID nor a number");
        }
        return conversation.group().isEmpty()
                ? Answer.line(ReplyCode.NO_GROUP_SELECTED, "select a group first")
                : numbered(conversation, number, ReplyCode.NO_SUCH_NUMBER);
    }

    private Answer current(Conversation conversation) throws IOException {
        if (conversation.group().isEmpty()) {
            return Answer.line(ReplyCode.NO_GROUP_SELECTED, "select a group first");
        }
        return conversation.current() == 0
                ? Answer.line(ReplyCode.NO_CURRENT_ARTICLE, "no current article")
                : numbered(conversation, conversation.current(), ReplyCode.NO_CURRENT_ARTICLE);
    }

    private Answer numbered(Conversation conversation, long number, int otherwise)
            throws IOException {
        Optional<StoredArticle> article = conversation.open(number);
        if (article.isEmpty()) {
            return Answer.line(otherwise, "no article has that number");
        }
        conversation.moveTo(number);
        return found(conversation, article.get(), number);
    }

    private Answer found(Conversation conversation, StoredArticle article, long number) {
        Reply reply = new Reply(part.code, number + " " + article.id());
        if (part == Part.STAT) {
            article.close();
            return new Answer.Line(reply);
        }
        conversation.relay().traffic().served();
        int bodyAt = article.headLength() + 2;
        return switch (part) {
            case ARTICLE -> stored(reply, article, 0, article.length(), true);
            case HEAD -> stored(reply, article, 0, article.headLength(), false);
            case BODY -> stored(reply, article, bodyAt, article.length() - bodyAt, true);
            case STAT -> throw new IllegalStateException("answered above");
        };
    }

    private static Answer stored(Reply reply, StoredArticle article, int from, int length,
            boolean ended) {
        return new Answer.Stored(reply, new FileSpan(article.channel(),
                article.position() + from, length, article::close), ended);
    }
}
