package net.spillway.relay.command;

import net.spillway.protocol.Command;
import net.spillway.protocol.NntpDate;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** DATE (RFC 3977, section 7.1): the time here, in UTC. */
record DateCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        return Answer.line(ReplyCode.DATE,
                NntpDate.format(conversation.relay().clock().instant()));
    }
}
