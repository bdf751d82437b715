package net.spillway.tools.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.spillway.conf.ByteSize;
import net.spillway.conf.HostPort;
import net.spillway.conf.Wildmat;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway peer}. */
@Command(
        name = "peer",
        description = {
            "Make a running relay and others peers, and look after them.",
            "Two commands join two relays: 'peer invite' on one prints a token, 'peer accept' on"
                    + " the other takes it. It needs the admin right over all groups."},
        subcommands = {
            PeerCommand.Invite.class, PeerCommand.Accept.class, PeerCommand.ListAll.class,
            PeerCommand.Show.class, PeerCommand.Test.class, PeerCommand.Pause.class,
            PeerCommand.Resume.class, PeerCommand.Backfill.class, PeerCommand.Compare.class,
            PeerCommand.Subscribe.class, PeerCommand.Remove.class
        })
final class PeerCommand implements Runnable {
    /** Where a token may stand besides files and standard input. */
    static final String TOKEN_VARIABLE = "SPILLWAY_PEER_TOKEN";
    private static final int MAX_TOKEN = 16 << 10;
    private static final String TOKEN_BEGINS = "spillway-peer-1.";

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: invite, accept, list,"
                + " show, test, pause, resume, backfill, compare, subscribe or remove");
    }

    /** What all of them have. */
    abstract static class OnRelay implements Callable<Integer>, OutputOptions.Has {
        @Mixin AdminConnection relay;
        @Mixin OutputOptions output;
        @Spec CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        final int print(Map<String, ?> result, String text) {
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, result, text);
        }

        /** The objects that a command is answered with. */
        final List<Map<String, Object>> objects(String command) {
            return StatusCommand.parse(relay.list(command, output));
        }
    }

    /** What those about one peer have. */
    abstract static class OnPeer extends OnRelay {
        @Parameters(index = "0", paramLabel = "NAME", description = "Our name for the peer.")
        String name;

        /** A word that goes into a command. */
        final String name() {
            return word(name);
        }

        final int tell(String command) {
            return tell(command, said -> Map.of());
        }

        /** @param facts what follows from the relay's words, for scripts */
        final int tell(String command, Function<String, Map<String, ?>> facts) {
            String said = relay.tell(command, output);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("peer", name);
            result.putAll(facts.apply(said));
            result.put("said", said);
            return print(result, Terminal.safe(said));
        }
    }

    private static String word(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new CommandFailure(ExitCode.USAGE, text.isEmpty() ? "A name or wildmat is empty."
                    : "\"" + Terminal.safe(text) + "\" has blanks in it.");
        }
        return text;
    }

    private static String wildmat(Wildmat wildmat) {
        return wildmat == null ? "-" : word(wildmat.toString().replace(" ", ""));
    }

    /** {@code spillway peer invite}. */
    @Command(name = "invite", description = {
        "Print a token with which another relay can join as a peer.",
        "It holds the relay's address, the fingerprint of its certificate, and a secret that works"
                + " once: hand it on as you would a password. 'peer list' shows tokens that have"
                + " not been used, and 'peer remove NAME' has them work no more."})
    static final class Invite extends OnPeer {
        @Option(names = "--groups", required = true, paramLabel = "WILDMAT",
                description = "The groups it is sent.")
        private Wildmat groups;

        @Option(names = "--take", paramLabel = "WILDMAT",
                description = "The groups taken from it (the same).")
        private Wildmat take;

        @Option(names = "--address", paramLabel = "HOST:PORT", description =
                "Where it reaches this relay: nntps://HOST:PORT for TLS. Left out, the relay's own"
                        + " addresses are looked at.")
        private HostPort address;

        @Option(names = "--valid", defaultValue = "24h", paramLabel = "TIME",
                description = "How long the token works: 10m, 24h (the default), 7d.")
        private String valid;

        @Override
        public Integer call() {
            List<String> answer = relay.list("XSPILLWAY PEER INVITE " + name() + " "
                    + wildmat(groups) + " " + wildmat(take == null ? groups : take) + " "
                    + (address == null ? "-" : address) + " " + length(valid).toSeconds(),
                    output);
            String token = answer.getFirst();
            List<String> warnings = answer.subList(1, answer.size());
            warnings.forEach(warning -> spec.commandLine().getErr().println(
                    spec.qualifiedName() + ": warning: " + Terminal.safe(warning)));
            // The token is what this is for, so --quiet does not keep it back.
            if (output.quiet() && !output.json()) {
                spec.commandLine().getOut().println(token);
                spec.commandLine().getOut().flush();
            }
            return print(Map.of("peer", name, "token", token, "warnings", warnings), token);
        }
    }

    /** {@code spillway peer accept}. */
    @Command(name = "accept", description = {
        "Join the relay that gave out a token.",
        "The token is read from FILE, or from standard input, or is the value of "
                + TOKEN_VARIABLE + "; never from the command line, which others can see. Groups"
                + " that it offers and that are not here are added."})
    static final class Accept extends OnRelay {
        @Parameters(index = "0", arity = "0..1", paramLabel = "FILE",
                description = "The file with the token; - or nothing for standard input.")
        private Path file;

        @Option(names = "--groups", paramLabel = "WILDMAT",
                description = "The groups it is sent (what it asks for).")
        private Wildmat groups;

        @Option(names = "--address", paramLabel = "HOST:PORT", description =
                "Where it reaches this relay: nntps://HOST:PORT for TLS. Left out, the relay's own"
                        + " addresses are looked at.")
        private HostPort address;

        @Override
        public Integer call() {
            String said = relay.tell("XSPILLWAY PEER ACCEPT " + wildmat(groups) + " "
                    + (address == null ? "-" : address), token(), output);
            return print(Map.of("said", said), Terminal.safe(said));
        }

        private String token() {
            String variable = System.getenv(TOKEN_VARIABLE);
            try {
                if (file == null && variable != null) {
                    return token(variable, TOKEN_VARIABLE);
                }
                if (file == null || file.toString().equals("-")) {
                    return token(text(System.in), "Standard input");
                }
                try (InputStream in = Files.newInputStream(file)) {
                    return token(text(in), file.toString());
                }
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.USAGE, "The token cannot be read: "
                        + (file != null && file.toString().startsWith("spillway-peer")
                                ? "give the file that holds it, not the token itself"
                                : Explanation.of(e)) + ".", e);
            }
        }

        private static String text(InputStream in) throws IOException {
            return new String(in.readNBytes(MAX_TOKEN), StandardCharsets.UTF_8);
        }

        /** It is a secret, and the wrong file may hold others: nothing of it is ever shown. */
        private static String token(String text, String where) {
            String token = text.strip();
            if (!token.startsWith(TOKEN_BEGINS)
                    || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new CommandFailure(ExitCode.USAGE, Terminal.safe(where)
                        + " holds no token: one line that begins with " + TOKEN_BEGINS);
            }
            return token;
        }
    }

    /** {@code spillway peer list}. */
    @Command(name = "list", description =
            "List the relay's peers, whether each joined by a token or stands in its"
                    + " configuration, how it is with its feed, and where it is fed; also who was"
                    + " invited and has not joined yet.")
    static final class ListAll extends OnRelay {
        @Override
        public Integer call() {
            List<Map<String, Object>> peers = objects("XSPILLWAY PEER LIST");
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("peer", "from", "state", "address"));
            for (Map<String, Object> peer : peers) {
                String state = Boolean.TRUE.equals(peer.get("paused")) ? "PAUSED"
                        : String.valueOf(peer.get("state"));
                String where = peer.get("until") != null
                        ? "until " + PeerWords.of(peer.get("until"))
                        : Objects.toString(peer.get("address"), "");
                rows.add(Stream.of(peer.get("peer"), peer.get("from"), state, where)
                        .map(cell -> Terminal.safe(String.valueOf(cell))).toList());
            }
            return print(Map.of("peers", peers), peers.isEmpty() ? "there are no peers"
                    : table(rows));
        }

        /** Columns are as wide as what is in them. */
        static String table(List<List<String>> rows) {
            int[] widths = new int[rows.getFirst().size()];
            rows.forEach(row -> Arrays.setAll(widths, i ->
                    Math.max(widths[i], row.get(i).length())));
            return rows.stream().map(row -> IntStream.range(0, widths.length)
                    .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
                    .collect(Collectors.joining("  ")).stripTrailing())
                    .collect(Collectors.joining(System.lineSeparator()));
        }
    }

    /** {@code spillway peer show}. */
    @Command(name = "show", description = {"Say all that is known of one peer.",
        "Its state is that of the feed to it: STREAMING or IHAVE when connected, CONNECTING,"
                + " BACKING_OFF while it waits to try again, STOPPED."})
    static final class Show extends OnPeer {
        @Override
        public Integer call() {
            Map<String, Object> peer = objects("XSPILLWAY PEER LIST " + name()).getFirst();
            return print(peer, String.join(System.lineSeparator(), PeerWords.describe(peer)));
        }
    }

    /** {@code spillway peer test}. */
    @Command(name = "test", description =
            "Do what the feed to a peer does, step by step, and say in words what fails: the name,"
                    + " TCP, TLS, the login, the right to feed, groups in common. Exit code 1 if"
                    + " something does.")
    static final class Test extends OnPeer {
        @Override
        public Integer call() {
            List<Map<String, Object>> steps = objects("XSPILLWAY PEER TEST " + name());
            List<String> lines = new ArrayList<>();
            boolean well = true;
            for (Map<String, Object> step : steps) {
                boolean went = Boolean.TRUE.equals(step.get("well"));
                well &= went;
                lines.add(Terminal.safe(String.format("%-6s %-9s %s", went ? "ok" : "FAILED",
                        step.get("step"), step.get("words"))));
            }
            return output.print(spec.commandLine().getOut(), well ? ExitCode.DONE : ExitCode.FAILED,
                    Map.of("peer", name, "steps", steps),
                    String.join(System.lineSeparator(), lines));
        }
    }

    /** {@code spillway peer pause}. */
    @Command(name = "pause", description =
            "Feed a peer nothing until 'peer resume', also after a restart. What it sends is taken.")
    static final class Pause extends OnPeer {
        @Override
        public Integer call() {
            return tell("XSPILLWAY PEER PAUSE " + name(), said -> Map.of("paused", true));
        }
    }

    /** {@code spillway peer resume}. */
    @Command(name = "resume", description = "Feed a paused peer again, from where it stood.")
    static final class Resume extends OnPeer {
        @Override
        public Integer call() {
            return tell("XSPILLWAY PEER RESUME " + name(), said -> Map.of("paused", false));
        }
    }

    /** {@code spillway peer backfill}. */
    @Command(name = "backfill", description = {
        "Offer a peer what arrived here since some time, behind what is new.",
        "It goes on after a restart; 'peer show' says how much is left. The peer refuses what is"
                + " older than its cutoff."})
    static final class Backfill extends OnPeer {
        @Option(names = "--since", required = true, paramLabel = "TIME",
                description = "A date (2026-03-01), a time (2026-03-01T12:00:00Z) or how long ago"
                        + " (7d).")
        private String since;

        @Option(names = "--rate", defaultValue = "1M", paramLabel = "SIZE",
                description = "Octets a second at most (1M).")
        private ByteSize rate;

        @Override
        public Integer call() {
            return tell("XSPILLWAY PEER BACKFILL " + name() + " "
                    + time(since).getEpochSecond() + " " + size(rate));
        }
    }

    /** {@code spillway peer compare}. */
    @Command(name = "compare", description =
            "Compare what a peer has with what is here, now, and have it offered what it lacks."
                    + " Relays do so by themselves every 15 minutes, at night, and after outages."
                    + " What either had before the other began, or has expired, does not count; nor"
                    + " does what came in the last 10 seconds, which is on its way.")
    static final class Compare extends OnPeer {
        @Option(names = "--back", defaultValue = "2h", paramLabel = "TIME",
                description = "How far back: 2h (the default), 7d.")
        private String back;

        @Override
        public Integer call() {
            Map<String, Object> report = objects("XSPILLWAY PEER COMPARE " + name() + " "
                    + length(back).toSeconds()).getFirst();
            Object problem = report.get("problem");
            if (problem != null) {
                throw new CommandFailure(ExitCode.FAILED,
                        Terminal.safe(name + ": " + problem));
            }
            return print(report, Terminal.safe(PeerWords.compared(report)));
        }
    }

    /** {@code spillway peer subscribe}. */
    @Command(name = "subscribe", description = {
        "Say what a peer feeds this relay, or narrow it.",
        "It stays within what the peer's admin allows; --groups '*' takes all of that again. It can"
                + " be changed once a minute; sooner ends with 75."})
    static final class Subscribe extends OnPeer {
        @Option(names = "--groups", paramLabel = "WILDMAT",
                description = "The groups wanted, of those it would send.")
        private Wildmat groups;

        @Override
        public Integer call() {
            return tell("XSPILLWAY PEER SUBSCRIBE " + name()
                    + (groups == null ? "" : " " + wildmat(groups)), PeerWords::fed);
        }
    }

    /** {@code spillway peer remove}. */
    @Command(name = "remove", description =
            "Remove a peer that joined by a token, or have tokens for it that were not used work no"
                    + " more. A peer that stands in the configuration is taken out there.")
    static final class Remove extends OnPeer {
        @Override
        public Integer call() {
            return tell("XSPILLWAY PEER REMOVE " + name());
        }
    }

    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})([smhdw])");

    private static Duration length(String text) {
        Matcher matcher = LENGTH.matcher(text);
        if (text.matches("0+[smhdw]")) {
            throw new CommandFailure(ExitCode.USAGE, "\"" + Terminal.safe(text)
                    + "\" is no time at all; write more than that, such as 90s or 24h.");
        }
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new CommandFailure(ExitCode.USAGE, "\"" + Terminal.safe(text)
                    + "\" is no length of time; write one such as 90s, 15m, 24h, 7d or 2w.");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
        };
    }

    private static Instant time(String text) {
        if (LENGTH.matcher(text).matches()) {
            return Instant.now().minus(length(text));
        }
        try {
            return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
        } catch (DateTimeParseException e) {
            throw new CommandFailure(ExitCode.USAGE, "\"" + Terminal.safe(text)
                    + "\" is no time; write 2026-03-01, 2026-03-01T12:00:00Z or 7d.", e);
        }
    }

    private static long size(ByteSize rate) {
        if (rate.bytes() == 0) {
            throw new CommandFailure(ExitCode.USAGE, "At 0 octets a second nothing would be sent.");
        }
        return rate.bytes();
    }
}
