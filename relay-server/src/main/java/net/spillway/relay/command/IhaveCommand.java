package net.spillway.relay.command;

import java.util.Optional;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.intake.Outcome;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** IHAVE (RFC 3977, section 6.3.2). 235 is said when the article is on the disk. */
record IhaveCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        Optional<MessageId> id = MessageId.parse(command.arguments().getFirst());
        if (id.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "not a message-ID");
        }
        return switch (PeerArticles.offered(conversation, id.get())) {
            case NO -> Answer.line(ReplyCode.TRANSFER_UNWANTED, "not wanted");
            case LATER -> Answer.line(ReplyCode.TRANSFER_LATER, "not now, try again later");
            case YES -> new Answer.Receive(
                    Optional.of(new Reply(ReplyCode.SEND_TRANSFER, "send it; a dot ends it")),
                    PeerArticles.maxOctets(conversation),
                    PeerArticles.receiver(conversation, id.get(), IhaveCommand::inWords));
        };
    }

    private static Answer inWords(MessageId id, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Stored s -> Answer.line(ReplyCode.TRANSFERRED, "thank you");
            case Outcome.Duplicate d -> Answer.line(ReplyCode.TRANSFER_REJECTED, "a duplicate");
            case Outcome.Refused r -> Answer.line(ReplyCode.TRANSFER_REJECTED, r.why());
            case Outcome.Later l -> Answer.line(ReplyCode.TRANSFER_LATER, l.why());
        };
    }
}
