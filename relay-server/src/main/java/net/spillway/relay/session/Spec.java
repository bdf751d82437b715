package net.spillway.relay.session;

import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import net.spillway.protocol.ArticleRange;
import net.spillway.protocol.Command;

/**
 * One line of the command table.
 *
 * @param keyword in upper case
 * @param right who may
 * @param minArguments fewer are a syntax error
 * @param maxArguments more are a syntax error
 * @param capability the lines of CAPABILITIES that show it to those who may; "" for none. Nothing
 *     is shown that would fail, so it may depend on the client and on what is configured
 * @param waits whether running it may wait for the disk
 * @param streaming whether it may run while articles sent by TAKETHIS are still being stored
 * @param help its line in HELP
 */
public record Spec(String keyword, Right right, int minArguments, int maxArguments,
        Function<Conversation, String> capability, boolean waits, boolean streaming, String help,
        Handler handler) {

    private static final Set<String> WITH_BLOCK = Set.of("OPEN", "FRAME");

    boolean takes(Command command) {
        int n = command.arguments().size();
        return n >= minArguments && n <= maxArguments;
    }

    /** Clients send a block at once, so even what is refused has to be read first. */
    boolean blockFollows(Command command) {
        return switch (keyword) {
            case "TAKETHIS" -> true;
            // Without a number it is somebody trying what the command does, who would wait for us.
            case "XHAVE" -> takes(command)
                    && ArticleRange.number(command.arguments().getFirst()) >= 0;
            case "XRECON" -> !command.arguments().isEmpty() && WITH_BLOCK.contains(
                    command.arguments().getFirst().toUpperCase(Locale.ROOT));
            default -> false;
        };
    }
}
