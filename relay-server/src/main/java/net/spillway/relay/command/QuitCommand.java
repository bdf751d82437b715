package net.spillway.relay.command;

import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** QUIT (RFC 3977, section 5.4). */
record QuitCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        return new Answer.Last(new Reply(ReplyCode.CLOSING, "bye"));
    }
}
