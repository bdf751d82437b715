package net.spillway.relay.command;

import java.util.List;
import java.util.function.Supplier;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.CommandTable;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.Spec;

/** HELP (RFC 3977, section 7.2): one line a command. */
record HelpCommand(Supplier<CommandTable> table) implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        List<String> lines = table.get().all().stream().map(Spec::help).toList();
        return Answer.block(ReplyCode.HELP, "commands follow", Lines.of(lines));
    }
}
