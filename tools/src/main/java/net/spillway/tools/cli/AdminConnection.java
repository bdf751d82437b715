package net.spillway.tools.cli;

import java.time.Duration;
import java.util.List;
import net.spillway.conf.HostPort;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.QuestionClient;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: a running relay that is told to do something. */
final class AdminConnection {
    /** Longer than a relay waits for the peer that it is told to talk to. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The relay understood, and says why it did not do it. */
    private static final int NOT_DONE = 490;
    /** The same, and it can be done soon. */
    private static final int TOO_SOON = 491;

    /** What to do where a right is lacking. */
    static final String HOW_TO_LOG_IN = "Log in as somebody whom [[access]] in the relay's"
            + " configuration gives it, with --credentials FILE, or SPILLWAY_USER and"
            + " SPILLWAY_PASSWORD";

    @Option(names = "--on", required = true, paramLabel = "HOST:PORT",
            description = "The relay: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT.")
    private HostPort on;

    @Mixin private ConnectionOptions connection;

    /** Sends one command; what the relay says to it, if it did it. */
    String tell(String command, OutputOptions output) {
        return ask(command, output, false).getFirst();
    }

    /** Sends a command that is answered with a block, and gives that. */
    List<String> list(String command, OutputOptions output) {
        return ask(command, output, true);
    }

    /** Sends a command that asks for a line, and that line, which nobody else may see. */
    String tell(String command, String line, OutputOptions output) {
        return ask(List.of(command, line), output, false).getFirst();
    }

    private List<String> ask(String command, OutputOptions output, boolean block) {
        return ask(List.of(command), output, block);
    }

    private List<String> ask(List<String> commands, OutputOptions output, boolean block) {
        ServerAddress relay;
        try (TerminalProgress progress = output.progress()) {
            relay = connection.resolve(List.of(on), progress).getFirst();
        }
        try (QuestionClient client = QuestionClient.open(relay, PATIENCE)) {
            Reply reply = client.ask(commands.getFirst());
            for (int i = 1; i < commands.size() && reply.isPositive(); i++) {
                reply = client.ask(commands.get(i));
            }
            if (!reply.isPositive()) {
                throw refused(relay, reply, commands.getFirst());
            }
            return block ? client.lines() : List.of(reply.text());
        } catch (NntpException e) {
            throw new CommandFailure(
                    e.isFinal() ? ExitCode.FAILED : ExitCode.TEMPORARY, e.getMessage(), e);
        }
    }

    /** The right that a relay asks for before it does this. */
    private static String rightFor(String command) {
        String[] words = command.split(" ");
        return switch (words.length > 1 && words[0].equals("XSPILLWAY") ? words[1] : "LIST") {
            case "LIST" -> "the read right";
            case "STATUS", "TRACE" -> "the status right";
            case "GROUP" -> "the admin right over the group";
            default -> "the admin right over all groups";
        };
    }

    /** @param command what it was asked */
    private static CommandFailure refused(ServerAddress relay, Reply reply, String command) {
        String text = Terminal.safe(reply.text());
        if (reply.code() == NOT_DONE || reply.code() == TOO_SOON) {
            return new CommandFailure(reply.code() == NOT_DONE ? ExitCode.FAILED
                    : ExitCode.TEMPORARY, relay + ": " + text);
        }
        String hint = switch (reply.code()) {
            case 500, 503 -> "; it may be no Spillway relay";
            case 480, 483, 502 -> "; this needs " + rightFor(command) + ". " + HOW_TO_LOG_IN;
            default -> "";
        };
        return new CommandFailure(ExitCode.FAILED,
                relay + " refuses: " + reply.code() + " " + text + hint);
    }
}
