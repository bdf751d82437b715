package net.spillway.relay.session;

import java.io.IOException;
import net.spillway.protocol.Command;

/** What one command does. Stateless: all that lasts is in the conversation. */
@FunctionalInterface
public interface Handler {
    /**
     * Runs the command. It has been checked that the client may use it and that the number of
     * arguments is right.
     *
     * @throws IOException if the spool fails; the client is told 403
     */
    Answer answer(Conversation conversation, Command command) throws IOException;
}
