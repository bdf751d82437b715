package net.spillway.relay.command;

import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.Right;

/**
 * MODE READER (RFC 3977, section 5.3), which changes nothing here, and MODE STREAM (RFC 4644,
 * section 2.3), which changes nothing either: who you are decides what you may do.
 */
record ModeCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        if (command.hasWord(0, "READER")) {
            return conversation.may(Right.POST)
                    ? Answer.line(ReplyCode.READY_POSTING_ALLOWED, "posting allowed")
                    : Answer.line(ReplyCode.READY_POSTING_PROHIBITED, "no posting");
        }
        if (command.hasWord(0, "STREAM")) {
            return conversation.refusal(Right.FEED).<Answer>map(Answer.Line::new)
                    .orElseGet(() -> new Answer.Line(
                            new Reply(ReplyCode.STREAMING, "streaming allowed")));
        }
        return Answer.line(ReplyCode.SYNTAX_ERROR, "MODE READER and MODE STREAM are known");
    }
}
