package net.spillway.tools.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.spillway.conf.HostPort;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Block;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.progress.Json;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway status}. */
@Command(
        name = "status",
        description = "Print what a relay says of itself and its feeds.")
final class StatusCommand implements Callable<Integer>, OutputOptions.Has {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Option(names = "--on", required = true, paramLabel = "HOST:PORT",
            description = "The relay: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT.")
    private HostPort on;

    @Mixin private ConnectionOptions connection;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        List<Map<String, Object>> facts;
        try (TerminalProgress progress = output.progress()) {
            facts = ask(connection.resolve(List.of(on), progress).getFirst());
        }
        return output.print(spec.commandLine().getOut(), ExitCode.DONE,
                Map.of("status", facts), describe(facts));
    }

    private static List<Map<String, Object>> ask(ServerAddress relay) {
        try (PipelinedClient client = PipelinedClient.open(relay, PATIENCE, PATIENCE)) {
            Reply reply = client.ask("XSPILLWAY STATUS");
            if (!reply.isPositive()) {
                throw refused(relay, reply);
            }
            Block block = client.block().orElseThrow(() -> new CommandFailure(ExitCode.FAILED,
                    relay + " says more than 16 MiB of itself; that is no status"));
            client.quit();
            return parse(new String(
                    block.bytes(), block.from(), block.length(), StandardCharsets.UTF_8));
        } catch (NntpException.Refused e) {
            throw new CommandFailure(
                    e.isFinal() ? ExitCode.FAILED : ExitCode.TEMPORARY, e.getMessage(), e);
        } catch (NntpException e) {
            throw new CommandFailure(ExitCode.TEMPORARY, e.getMessage(), e);
        }
    }

    private static CommandFailure refused(ServerAddress relay, Reply reply) {
        String hint = switch (reply.code()) {
            case 500, 501, 503 -> "; it may be no Spillway relay";
            case 480, 483, 502 -> "; the relay's configuration has to grant this the status right";
            default -> "";
        };
        return new CommandFailure(ExitCode.FAILED, relay + " gives no status: "
                + reply.code() + " " + reply.text() + hint);
    }

    /** A JSON object a line, dot-stuffing already impossible: they begin with a brace. */
    static List<Map<String, Object>> parse(String block) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (String line : block.lines().toList()) {
            if (line.startsWith("{")) {
                facts.add(object(line));
            }
        }
        return facts;
    }

    private static Map<String, Object> object(String line) {
        try {
            Map<String, Object> object = new LinkedHashMap<>();
            ((Map<?, ?>) Json.read(line)).forEach((key, value) -> object.put(key.toString(), value));
            return object;
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.FAILED,
                    "the relay's status is not JSON: " + e.getMessage(), e);
        }
    }

    /** A paragraph for each object: its fields below one another, names on the left. */
    static String describe(List<Map<String, Object>> facts) {
        return facts.stream().map(StatusCommand::paragraph)
                .collect(Collectors.joining(System.lineSeparator() + System.lineSeparator()));
    }

    private static String paragraph(Map<String, Object> object) {
        int width = object.keySet().stream().mapToInt(String::length).max().orElse(0);
        return object.entrySet().stream()
                .map(field -> String.format("%-" + width + "s  %s", field.getKey(),
                        readable(field.getValue())))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String readable(Object value) {
        String text = switch (value) {
            case null -> "-";
            case String string -> string;
            case Long number -> number.toString();
            default -> Json.write(value);
        };
        return Terminal.safe(text);
    }
}
