package net.spillway.relay.command;

import java.util.List;
import java.util.function.Supplier;
import net.spillway.protocol.Capabilities;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.CommandTable;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.Spec;

/** CAPABILITIES (RFC 3977, section 5.2): what the table says this client may use, no more. */
record CapabilitiesCommand(Supplier<CommandTable> table) implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        Capabilities all = Capabilities.version2().with("IMPLEMENTATION", "Spillway");
        for (Spec spec : table.get().all()) {
            String capability = conversation.may(spec.right())
                    ? spec.capability().apply(conversation) : "";
            for (String line : capability.lines().toList()) {
                List<String> words = List.of(line.split(" "));
                if (!all.has(words.getFirst())) {
                    all = all.with(words.getFirst(),
                            words.subList(1, words.size()).toArray(String[]::new));
                }
            }
        }
        return Answer.block(ReplyCode.CAPABILITIES, "capabilities follow", Lines.of(all.lines()));
    }
}
