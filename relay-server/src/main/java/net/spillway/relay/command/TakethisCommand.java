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

/**
 * TAKETHIS (RFC 4644, section 2.5): the article follows without an invitation. There is no reply
 * for "later": a relay that cannot store it says 400 and closes, and the peer keeps it.
 */
record TakethisCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        Optional<MessageId> id = MessageId.parse(command.arguments().getFirst());
        if (id.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "not a message-ID");
        }
        conversation.relay().offers().begins(
                id.get(), conversation.name(), conversation.peer().name());
        return new Answer.Receive(Optional.empty(), PeerArticles.maxOctets(conversation),
                PeerArticles.receiver(conversation, id.get(), TakethisCommand::inWords));
    }

    private static Answer inWords(MessageId id, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Stored s -> Answer.line(ReplyCode.TAKETHIS_TAKEN, id.value());
            case Outcome.Duplicate d ->
                    Answer.line(ReplyCode.TAKETHIS_REJECTED, id + " duplicate");
            case Outcome.Refused r ->
                    Answer.line(ReplyCode.TAKETHIS_REJECTED, id + " " + r.why());
            case Outcome.Later l -> new Answer.Last(
                    new Reply(ReplyCode.SERVICE_UNAVAILABLE, "cannot store now: " + l.why()));
        };
    }
}
