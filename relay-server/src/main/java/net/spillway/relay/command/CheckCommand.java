package net.spillway.relay.command;

import java.util.Optional;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** CHECK (RFC 4644, section 2.4). Every reply carries the message-ID. */
record CheckCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        Optional<MessageId> id = MessageId.parse(command.arguments().getFirst());
        if (id.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "not a message-ID");
        }
        int code = switch (PeerArticles.offered(conversation, id.get())) {
            case YES -> ReplyCode.CHECK_SEND;
            case LATER -> ReplyCode.CHECK_LATER;
            case NO -> ReplyCode.CHECK_UNWANTED;
        };
        return Answer.line(code, id.get().value());
    }
}
