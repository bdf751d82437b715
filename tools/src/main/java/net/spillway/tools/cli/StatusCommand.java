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
        description = {
            "Print what a relay says of itself: feeds, spool, sources of articles, connections and"
                    + " groups.",
            "The admin page shows the same, see [admin] in the configuration. It needs the status"
                    + " right."})
final class StatusCommand implements Callable<Integer>, OutputOptions.Has {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /**
     * What a relay tells of; which of these a line is about, its first field says.
     *
     * @param key of that field
     * @param plural what the list is called in JSON
     */
    private record Kind(String key, String plural, Table... tables) {
    }

    /**
     * As many columns as fit on a screen beside each other.
     *
     * @param words so many columns of words, then numbers
     */
    private record Table(int words, String... columns) {
    }

    private static final Kind FEED = new Kind("feed", "feeds",
            new Table(3, "feed", "address", "state", "connections", "lag", "backlogArticles",
                    "backlogBytes", "backlogOldest"),
            new Table(1, "feed", "offered", "accepted", "refused", "rejected", "deferred",
                    "waiting", "bytes"));
    private static final List<Kind> KINDS = List.of(FEED,
            new Kind("storage", "storage", new Table(2, "storage", "disk", "articles", "bytes",
                    "maxBytes", "free", "oldest", "maxAgeSeconds")),
            new Kind("source", "sources", new Table(1, "source", "offered", "unwanted", "stored",
                    "duplicates", "rejected", "deferred", "bytes")),
            new Kind("connection", "connections", new Table(5, "connection", "user", "peer",
                    "rule", "lastCommand", "since", "octetsIn", "octetsOut")),
            new Kind("group", "groups", new Table(2, "group", "status", "articles", "low",
                    "high")));

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
            case 480, 483, 502 -> "; this needs the status right. " + AdminConnection.HOW_TO_LOG_IN;
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

    /** By kinds; a relay newer than this program may know more. */
    static Map<String, Object> sorted(List<Map<String, Object>> facts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("relay", facts.stream().filter(f -> f.containsKey("relay")).findFirst());
        KINDS.forEach(kind -> result.put(kind.plural(), of(kind, facts)));
        List<Map<String, Object>> others =
                facts.stream().filter(StatusCommand::isOther).toList();
        if (!others.isEmpty()) {
            result.put("others", others);
        }
        return result;
    }

    private static List<Map<String, Object>> of(Kind kind, List<Map<String, Object>> facts) {
        return facts.stream().filter(fact -> is(kind, fact)).toList();
    }

    private static boolean is(Kind kind, Map<String, Object> fact) {
        return !fact.isEmpty() && fact.keySet().iterator().next().equals(kind.key());
    }

    private static boolean isOther(Map<String, Object> fact) {
        return !fact.containsKey("relay") && KINDS.stream().noneMatch(kind -> is(kind, fact));
    }

    /** A paragraph for the relay and whatever is not known here, and a table for each kind. */
    static String describe(List<Map<String, Object>> facts) {
        List<String> paragraphs = new ArrayList<>();
        facts.stream().filter(fact -> fact.containsKey("relay") || isOther(fact))
                .map(StatusCommand::paragraph).forEach(paragraphs::add);
        for (Kind kind : KINDS) {
            List<Map<String, Object>> rows = of(kind, facts);
            if (!rows.isEmpty()) {
                for (Table table : kind.tables()) {
                    paragraphs.add(lines(kind, table, rows));
                }
            } else if (kind == FEED) {
                paragraphs.add("It feeds nobody.");
            }
        }
        return String.join(System.lineSeparator() + System.lineSeparator(), paragraphs);
    }

    private static String paragraph(Map<String, Object> object) {
        int width = object.keySet().stream().map(StatusCommand::words).mapToInt(String::length)
                .max().orElse(0);
        return object.entrySet().stream()
                .filter(field -> !"".equals(field.getValue()))
                .map(field -> String.format("%-" + width + "s  %s",
                        Terminal.safe(words(field.getKey())),
                        readable(field.getKey(), field.getValue())))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** {@code connectionsSeen} as people write it: connections seen. */
    private static String words(String key) {
        return key.equals("maxAgeSeconds") ? "kept for"
                : key.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String lines(Kind kind, Table table, List<Map<String, Object>> rows) {
        List<String> columns = List.of(table.columns());
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(StatusCommand::words).toList());
        rows.forEach(row -> cells.add(
                columns.stream().map(c -> readable(c, row.get(c))).toList()));
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < cells.size(); row++) {
            lines.add(line(table, cells, row));
            if (row > 0 && kind == FEED && table == kind.tables()[0]) {
                lines.addAll(remarks(rows.get(row - 1)));
            }
            if (row > 0 && rows.get(row - 1).get("trouble") instanceof String trouble
                    && !trouble.isEmpty()) {
                lines.add("  trouble: " + readable(trouble));
            }
        }
        return String.join(System.lineSeparator(), lines);
    }

    /** Words to the left, numbers to the right. */
    private static String line(Table table, List<List<String>> cells, int row) {
        List<String> parts = new ArrayList<>();
        for (int column = 0; column < table.columns().length; column++) {
            int at = column;
            int width = cells.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
            parts.add(String.format("%" + (column < table.words() ? "-" : "") + width + "s",
                    cells.get(row).get(column)));
        }
        return String.join("  ", parts);
    }

    private static List<String> remarks(Map<String, Object> feed) {
        List<String> lines = new ArrayList<>();
        Object why = feed.get("why");
        if (why != null && !"".equals(why)) {
            lines.add("  not taken: " + readable(why));
        }
        if (feed.get("lastError") != null) {
            String at = feed.get("lastErrorAt") == null ? ""
                    : " (" + readable(feed.get("lastErrorAt")) + ")";
            lines.add("  " + (isConnected(feed) ? "before that" : "error") + at + ": "
                    + readable(feed.get("lastError")));
        }
        return lines;
    }

    /** What went wrong once may have been got over. */
    private static boolean isConnected(Map<String, Object> feed) {
        return feed.get("connections") instanceof Long n && n > 0;
    }

    /** Nobody needs fractions of a second here. */
    static String shortTime(String text) {
        return text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$", "$1Z");
    }

    /** Octets and lengths of time have units, as on the admin page. */
    private static String readable(String key, Object value) {
        if (value instanceof Long number && key.matches("bytes|free|.*Bytes|octets(In|Out)")) {
            return Figures.bytes(number);
        }
        if (key.equals("maxAgeSeconds")) {
            return value instanceof Long number ? days(number) : "ever";
        }
        return readable(value);
    }

    private static String days(long seconds) {
        return seconds % 86_400 == 0 ? Figures.count(seconds / 86_400) + " d"
                : seconds % 3600 == 0 ? Figures.count(seconds / 3600) + " h"
                : seconds % 60 == 0 ? Figures.count(seconds / 60) + " min"
                : Figures.count(seconds) + " s";
    }

    private static String readable(Object value) {
        String text = switch (value) {
            case null -> "-";
            case String string -> shortTime(string);
            case Long number -> Figures.count(number);
            default -> Json.write(value);
        };
        return Terminal.safe(text);
    }
}
