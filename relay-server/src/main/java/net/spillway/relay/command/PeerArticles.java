package net.spillway.relay.command;

import java.util.function.BiFunction;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.MessageId;
import net.spillway.relay.intake.Outcome;
import net.spillway.relay.intake.Sender;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Patience;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.trace.Check;
import net.spillway.spool.segment.IdHash;

/**
 * What IHAVE, CHECK and TAKETHIS have in common: which articles are wanted, and their way into
 * the spool.
 */
final class PeerArticles {
    /** What to say to an offer. */
    enum Wanted {
        YES,
        /** It is being sent or written, or the disk is full: ask again. */
        LATER,
        /** It is here or was, or there is no such group, or it was refused and would be again. */
        NO
    }

    private PeerArticles() {
    }

    /** Decides on an offer and, if the answer is yes, keeps the article for this session. */
    static Wanted offered(Conversation conversation, MessageId id) {
        Wanted wanted = judge(conversation, id);
        switch (wanted) {
            case YES -> conversation.source().wanted();
            case LATER -> conversation.source().putOff();
            case NO -> conversation.source().unwanted();
        }
        return wanted;
    }

    private static Wanted judge(Conversation conversation, MessageId id) {
        RelayParts relay = conversation.relay();
        return switch (relay.spool().presence(id)) {
            case STORED, REMEMBERED -> Wanted.NO;
            case PENDING -> Wanted.LATER;
            case UNKNOWN -> relay.intake().isUnwanted(
                    conversation.peer().name(), IdHash.of(id)) ? Wanted.NO
                    : relay.intake().isInTrouble() ? Wanted.LATER
                    : switch (relay.offers().offer(
                            id, conversation.name(), conversation.peer().name())) {
                        case GRANTED -> Wanted.YES;
                        case GRANTED_FOR_ANOTHER -> {
                            conversation.patience().spend(Patience.LAPSED_OFFER_NANOS);
                            yield Wanted.YES;
                        }
                        case DEFERRED -> Wanted.LATER;
                    };
        };
    }

    /** The most octets an article from this peer may have. */
    static long maxOctets(Conversation conversation) {
        return Math.min(conversation.peer().maxArticle(),
                conversation.relay().config().limits().maxArticle());
    }

    /**
     * Takes the article that follows.
     *
     * @param inWords turns an outcome into the reply of the command
     */
    static Answer.Receiver receiver(Conversation conversation, MessageId id,
            BiFunction<MessageId, Outcome, Answer> inWords) {
        RelayParts relay = conversation.relay();
        Sender sender = conversation.sender();
        long most = maxOctets(conversation);
        return new Answer.Receiver() {
            @Override
            public Answer received(BlockDecoder.Complete article) {
                return new Answer.Later(relay.intake().relay(id, article, sender)
                        .thenApply(outcome -> settled(outcome)));
            }

            @Override
            public boolean waits() {
                return !relay.spool().hasRoom(most);
            }

            @Override
            public Answer refused(String why) {
                relay.intake().tooLarge(id, sender, why);
                return settled(new Outcome.Refused(Check.SIZE, why));
            }

            private Answer settled(Outcome outcome) {
                settle(conversation, id, outcome);
                return inWords.apply(id, outcome);
            }
        };
    }

    private static void settle(Conversation conversation, MessageId id, Outcome outcome) {
        RelayParts relay = conversation.relay();
        switch (outcome) {
            case Outcome.Stored s -> {
                relay.traffic().stored(true);
                conversation.patience().makeUp();
            }
            case Outcome.Duplicate d -> relay.traffic().duplicate();
            case Outcome.Refused r -> {
                relay.traffic().rejected();
                if (r.isUnsound()) {
                    conversation.patience().spend(Patience.UNSOUND_ARTICLE_NANOS);
                }
            }
            case Outcome.Later l -> relay.traffic().deferred();
        }
        if (outcome instanceof Outcome.Stored || outcome instanceof Outcome.Duplicate) {
            relay.offers().settled(id, conversation.name());
        } else {
            boolean inVain = outcome instanceof Outcome.Refused refused && refused.isUnsound();
            relay.offers().failed(id, conversation.name(), inVain);
        }
    }
}
