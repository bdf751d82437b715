package net.spillway.relay.command;

import java.time.Instant;
import java.util.Optional;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;

/** NEWGROUPS (RFC 3977, section 7.3). */
record NewgroupsCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        Optional<Instant> since = SinceArguments.parse(conversation, command.arguments());
        if (since.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "write NEWGROUPS yyyymmdd hhmmss [GMT]");
        }
        return Answer.block(ReplyCode.NEW_GROUPS, "new groups follow", new GroupLines(
                conversation, group -> !group.created().isBefore(since.get()),
                GroupLines::active));
    }
}
