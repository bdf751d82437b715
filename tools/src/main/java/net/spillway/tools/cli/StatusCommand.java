package net.spillway.tools.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.spillway.conf.HostPort;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.QuestionClient;
import net.spillway.tools.progress.Figures;
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

    /** What the table of feeds shows: so many columns of words, then numbers. */
    private static final int WORDS = 3;
    private static final List<String> COLUMNS = List.of("feed", "address", "state",
            "connections", "lag", "offered", "accepted", "refused", "rejected", "deferred",
            "waiting", "bytes");

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
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, sorted(facts),
                describe(facts));
    }

    private static List<Map<String, Object>> ask(ServerAddress relay) {
        try (QuestionClient client = QuestionClient.open(relay, PATIENCE)) {
            Reply reply = client.ask("XSPILLWAY STATUS");
            if (!reply.isPositive()) {
                throw refused(relay, reply);
            }
            return parse(client.lines());
        } catch (NntpException e) {
            throw new CommandFailure(
                    e.isFinal() ? ExitCode.FAILED : ExitCode.TEMPORARY, e.getMessage(), e);
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

    /** A JSON object a line. */
    static List<Map<String, Object>> parse(List<String> lines) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("{")) {
                facts.add(object(line));
            }
        }
        return facts;
    }

    private static Map<String, Object> object(String line) {
        try {
            Map<String, Object> object = new LinkedHashMap<>();
            ((Map<?, ?>) Json.read(line)).forEach(
                    (key, value) -> object.put(key.toString(), value));
            return object;
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.FAILED,
                    "the relay's status is not JSON: " + e.getMessage(), e);
        }
    }

    /** The relay itself, and its feeds; a relay newer than this program may know more. */
    static Map<String, Object> sorted(List<Map<String, Object>> facts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("relay", facts.stream().filter(f -> f.containsKey("relay")).findFirst());
        result.put("feeds", facts.stream().filter(StatusCommand::isFeed).toList());
        List<Map<String, Object>> others = facts.stream()
                .filter(fact -> !fact.containsKey("relay") && !isFeed(fact)).toList();
        if (!others.isEmpty()) {
            result.put("others", others);
        }
        return result;
    }

    private static boolean isFeed(Map<String, Object> fact) {
        return fact.containsKey("feed") && !fact.containsKey("relay");
    }

    /** A paragraph for the relay and whatever else there is, then a table of the feeds. */
    static String describe(List<Map<String, Object>> facts) {
        List<String> paragraphs = new ArrayList<>();
        facts.stream().filter(fact -> !isFeed(fact)).map(StatusCommand::paragraph)
                .forEach(paragraphs::add);
        List<Map<String, Object>> feeds = facts.stream().filter(StatusCommand::isFeed).toList();
        paragraphs.add(feeds.isEmpty() ? "It feeds nobody." : table(feeds));
        return String.join(System.lineSeparator() + System.lineSeparator(), paragraphs);
    }

    private static String paragraph(Map<String, Object> object) {
        int width = object.keySet().stream().map(StatusCommand::words).mapToInt(String::length)
                .max().orElse(0);
        return object.entrySet().stream()
                .filter(field -> !"".equals(field.getValue()))
                .map(field -> String.format("%-" + width + "s  %s", Terminal.safe(words(field.getKey())),
                        readable(field.getValue())))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** {@code connectionsSeen} as people write it: connections seen. */
    private static String words(String key) {
        return key.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String table(List<Map<String, Object>> feeds) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        for (Map<String, Object> feed : feeds) {
            rows.add(COLUMNS.stream().map(name -> readable(feed.get(name))).toList());
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < COLUMNS.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                // Words to the left, numbers to the right.
                text.append(String.format("%" + (column < WORDS ? "-" : "") + width + "s",
                        rows.get(row).get(column))).append(column + 1 < COLUMNS.size() ? "  " : "");
            }
            Object error = row == 0 ? null : feeds.get(row - 1).get("lastError");
            if (error != null) {
                text.append(System.lineSeparator())
                        .append(isConnected(feeds.get(row - 1)) ? "  before that: " : "  error: ")
                        .append(readable(error));
            }
            text.append(row + 1 < rows.size() ? System.lineSeparator() : "");
        }
        return text.toString();
    }

    /** What went wrong once may have been got over. */
    private static boolean isConnected(Map<String, Object> feed) {
        return feed.get("connections") instanceof Long n && n > 0;
    }

    private static String readable(Object value) {
        String text = switch (value) {
            case null -> "-";
            case String string -> string;
            case Long number -> Figures.count(number);
            default -> Json.write(value);
        };
        return Terminal.safe(text);
    }
}
