package net.spillway.tools.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.spillway.conf.HostPort;
import net.spillway.protocol.DotStuffing;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Block;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway list}. */
@Command(
        name = "list",
        description = {
            "List the groups of a relay, or the articles of a group.",
            "Of articles, the newest come last."})
final class ListCommand implements Callable<Integer>, OutputOptions.Has {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Fields of a line of overview, RFC 3977 8.3. */
    private static final int FIELDS = 8;

    @Parameters(paramLabel = "GROUP", arity = "0..1", description =
            "The group whose articles are listed. With * or ? in it: groups of that pattern.")
    private String group;

    @Option(names = "--on", required = true, paramLabel = "HOST:PORT",
            description = "The relay: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT.")
    private HostPort on;

    @Option(names = {"-n", "--last"}, paramLabel = "N", defaultValue = "100", description =
            "List no more than the last N articles, 1 to 100000 (${DEFAULT-VALUE}).")
    private int last;

    @Mixin private ConnectionOptions connection;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        Checks.inRange("--last", last, 1, 100_000);
        Map<String, Object> result = new LinkedHashMap<>();
        boolean groups = group == null || group.contains("*") || group.contains("?");
        try (TerminalProgress progress = output.progress()) {
            ServerAddress relay = connection.resolve(List.of(on), progress).getFirst();
            try (PipelinedClient client = PipelinedClient.open(relay, PATIENCE, PATIENCE)) {
                result.put(groups ? "groups" : "articles",
                        groups ? groups(client) : articles(client));
                if (result.values().stream().allMatch(List.of()::equals)) {
                    progress.note(on + " has no " + (groups ? "such group" : "article there"));
                }
            } catch (NntpException e) {
                throw new CommandFailure(
                        e.isFinal() ? ExitCode.FAILED : ExitCode.TEMPORARY, e.getMessage(), e);
            }
        }
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, result, describe(result));
    }

    /**
     * A group.
     *
     * @param articles how many; where the relay does not count them, an estimate from its numbers
     * @param status y, n, m or whatever the relay says
     */
    record Group(String name, long articles, String status, String description) {}

    /** An article, by its line of overview. */
    record Article(long number, String subject, String from, String date, String id, long bytes) {}

    private List<Group> groups(PipelinedClient client) throws NntpException {
        String pattern = group == null ? "" : " " + oneWord(group);
        Map<String, String> descriptions = new LinkedHashMap<>();
        // Descriptions are a courtesy: not every server gives them.
        for (String line : lines(client, "LIST NEWSGROUPS" + pattern).orElse(List.of())) {
            String[] words = line.split("[ \t]+", 2);
            descriptions.put(words[0], words.length > 1 ? words[1] : "");
        }
        List<Group> groups = new ArrayList<>();
        Optional<List<String>> counts = lines(client, "LIST COUNTS" + pattern); // RFC 6048, 2.2
        for (String line : counts.isPresent() ? counts.get()
                : required(client, "LIST ACTIVE" + pattern)) {
            String[] words = line.split(" +");
            if (words.length >= (counts.isPresent() ? 5 : 4)) {
                long articles = counts.isPresent() ? number(words[3])
                        : Math.max(0, number(words[1]) - number(words[2]) + 1);
                groups.add(new Group(words[0], articles, words[counts.isPresent() ? 4 : 3],
                        descriptions.getOrDefault(words[0], "")));
            }
        }
        return groups;
    }

    private List<Article> articles(PipelinedClient client) throws NntpException {
        Reply reply = client.ask("GROUP " + oneWord(group));
        if (reply.code() != ReplyCode.GROUP) {
            throw refused("GROUP " + group, reply);
        }
        List<String> words = reply.words();
        long low = words.size() > 1 ? number(words.get(1)) : 0;
        long high = words.size() > 2 ? number(words.get(2)) : 0;
        if (high < low || high == 0) {
            return List.of();
        }
        String range = Math.max(low, high - last + 1) + "-" + high;
        Optional<List<String>> lines = lines(client, "OVER " + range);
        List<Article> articles = new ArrayList<>();
        for (String line : lines.isPresent() ? lines.get() : required(client, "XOVER " + range)) {
            String[] field = line.split("\t", -1);
            if (field.length >= FIELDS) {
                articles.add(new Article(number(field[0]), field[1], field[2], field[3], field[4],
                        number(field[6])));
            }
        }
        return articles;
    }

    private static String oneWord(String word) {
        if (word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new CommandFailure(ExitCode.USAGE,
                    "\"" + Terminal.safe(word) + "\" is no group.");
        }
        return word;
    }

    private List<String> required(PipelinedClient client, String command) throws NntpException {
        Reply reply = client.ask(command);
        if (!reply.isPositive()) {
            throw refused(command, reply);
        }
        return lines(client);
    }

    private Optional<List<String>> lines(PipelinedClient client, String command)
            throws NntpException {
        return client.ask(command).isPositive() ? Optional.of(lines(client)) : Optional.empty();
    }

    private List<String> lines(PipelinedClient client) throws NntpException {
        Block block = client.block().orElseThrow(() -> new CommandFailure(ExitCode.FAILED,
                on + " sends a longer list than can be taken; name fewer with GROUP or -n."));
        byte[] octets = Arrays.copyOfRange(block.bytes(), block.from(), block.to());
        return octets.length == 0 ? List.of() : DotStuffing.lines(octets);
    }

    private CommandFailure refused(String command, Reply reply) {
        return new CommandFailure(ExitCode.FAILED, on + " refuses " + command + ": "
                + reply.code() + " " + Terminal.safe(reply.text()));
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static String describe(Map<String, Object> result) {
        List<String> lines = new ArrayList<>();
        for (Object each : (List<?>) result.values().iterator().next()) {
            lines.add(switch (each) {
                case Group g -> String.format("%9s %s  %-32s %s", Figures.count(g.articles()),
                        Terminal.safe(g.status()), Terminal.safe(g.name()),
                        Terminal.safe(g.description())).stripTrailing();
                case Article a -> String.format("%9d  %9s  %s  %s  %s", a.number(),
                        Figures.bytes(a.bytes()), Terminal.safe(a.id()),
                        Terminal.safe(EncodedWords.decode(a.from())),
                        Terminal.safe(EncodedWords.decode(a.subject())));
                default -> throw new IllegalStateException();
            });
        }
        return String.join(System.lineSeparator(), lines);
    }
}
