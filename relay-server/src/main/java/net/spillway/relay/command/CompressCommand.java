package net.spillway.relay.command;

import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** COMPRESS (RFC 8054, section 2.2). */
record CompressCommand() implements Handler {
    /** Nothing is offered that would be refused. */
    static String capability(Conversation conversation) {
        return conversation.relay().compressors().isFree() ? "COMPRESS DEFLATE" : "";
    }

    @Override
    public Answer answer(Conversation conversation, Command command) {
        return command.hasWord(0, "DEFLATE")
                ? new Answer.Compress(new Reply(ReplyCode.COMPRESSION_ACTIVE, "compression is on"))
                : Answer.line(ReplyCode.NOT_SUPPORTED, "only DEFLATE is known here");
    }
}
