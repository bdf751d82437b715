package net.spillway.relay.command;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** NEWNEWS (RFC 3977, section 7.4): what arrived in some groups since then. */
record NewnewsCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        List<String> words = command.arguments();
        Optional<Instant> since =
                SinceArguments.parse(conversation, words.subList(1, words.size()));
        if (since.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "write GROUPS yyyymmdd hhmmss [GMT]");
        }
        Wildmat wanted;
        try {
            wanted = Wildmat.parse(words.getFirst());
        } catch (IllegalArgumentException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
        }
        Wildmat read = conversation.rights().read();
        return Answer.block(ReplyCode.NEW_ARTICLES, "new articles follow", Lines.later(() ->
                conversation.relay().spool()
                        .arrivedSince(since.get(), g -> wanted.matches(g) && read.matches(g))
                        .stream().map(MessageId::value).toList()));
    }
}
