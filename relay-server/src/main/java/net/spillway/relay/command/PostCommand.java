package net.spillway.relay.command;

import java.util.Optional;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Rights;
import net.spillway.relay.intake.Outcome;
import net.spillway.relay.intake.Poster;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.RelayParts;

/** POST (RFC 3977, section 6.3.1). 240 is said when the article is on the disk. */
record PostCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        RelayParts relay = conversation.relay();
        Rights rights = conversation.rights();
        Poster poster = new Poster(conversation.host(), conversation.login(),
                rights.read(), rights.post(), rights.approve());
        long most = relay.config().limits().maxArticle();
        Answer.Receiver receiver = new Answer.Receiver() {
            @Override
            public Answer received(BlockDecoder.Complete article) {
                conversation.allowance().posted(article.length());
                return new Answer.Later(relay.intake().post(article, poster)
                        .thenApply(outcome -> answerTo(outcome, relay)));
            }

            @Override
            public boolean waits() {
                return !relay.spool().hasRoom(most);
            }

            @Override
            public Answer refused(String why) {
                relay.traffic().rejected();
                relay.intake().tooLarge(poster, why);
                return Answer.line(ReplyCode.POSTING_FAILED, why);
            }
        };
        return new Answer.Receive(
                Optional.of(new Reply(ReplyCode.SEND_POST, "send the article; a dot ends it")),
                most, receiver);
    }

    private static Answer answerTo(Outcome outcome, RelayParts relay) {
        return switch (outcome) {
            case Outcome.Stored stored -> {
                relay.traffic().stored(false);
                yield Answer.line(ReplyCode.POSTED, stored.id() + " posted");
            }
            case Outcome.Duplicate duplicate -> {
                relay.traffic().duplicate();
                yield Answer.line(ReplyCode.POSTING_FAILED,
                        "duplicate: " + duplicate.id() + " is here already");
            }
            case Outcome.Refused refused -> {
                relay.traffic().rejected();
                yield Answer.line(ReplyCode.POSTING_FAILED, refused.why());
            }
            case Outcome.Later later -> {
                relay.traffic().deferred();
                yield Answer.line(ReplyCode.POSTING_FAILED,
                        "cannot be stored now, try again later: " + later.why());
            }
        };
    }
}
