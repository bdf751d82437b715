package net.spillway.relay.command;

import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** STARTTLS (RFC 4642). Whether it can be done has been checked before. */
record StarttlsCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        return new Answer.Secure(new Reply(ReplyCode.START_TLS, "begin TLS"));
    }
}
