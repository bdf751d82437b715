package net.spillway.tools.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.spillway.protocol.MessageId;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway trace}. */
@Command(
        name = "trace",
        description = {
            "Tell what became of an article on a relay: when it came, from whom, what it passed,"
                    + " where it lies, whom it was offered to and what they said.",
            "A relay remembers the last articles only, and since its last start; the output says"
                    + " so where that does not reach back far enough. It needs the status right.",
            "An article the relay knows nothing of is a failure (1)."})
final class TraceCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private AdminConnection relay;

    @Parameters(index = "0", paramLabel = "MESSAGE-ID",
            description = "The article's message-ID, with or without its <>.")
    private String id;

    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        String bracketed = id.startsWith("<") ? id : "<" + id + ">";
        MessageId wanted = MessageId.parse(bracketed).orElseThrow(() -> new CommandFailure(
                ExitCode.USAGE, "\"" + Terminal.safe(id) + "\" is no message-ID; write one such as"
                        + " '<part1@example.org>', in quotes."));
        Trace trace = Trace.of(StatusCommand.parse(
                relay.list("XSPILLWAY TRACE " + wanted.value(), output)));
        return output.print(spec.commandLine().getOut(),
                trace.isKnown() ? ExitCode.DONE : ExitCode.FAILED, trace.result(),
                trace.describe());
    }

    /**
     * What the relay told.
     *
     * @param about the article, and how far the relay remembers
     * @param decisions each time it was sent to the relay
     * @param place where it lies
     */
    record Trace(Map<String, Object> about, List<Map<String, Object>> decisions,
            Optional<Map<String, Object>> place, List<Map<String, Object>> groups,
            List<Map<String, Object>> feeds, List<Map<String, Object>> answers) {

        static Trace of(List<Map<String, Object>> facts) {
            return new Trace(with("trace", facts).stream().findFirst().orElseThrow(() ->
                    new CommandFailure(ExitCode.FAILED, "the relay's answer has no trace in it")),
                    with("decision", facts), with("storage", facts).stream().findFirst(),
                    with("group", facts), with("feed", facts), with("said", facts));
        }

        private static List<Map<String, Object>> with(String key,
                List<Map<String, Object>> facts) {
            return facts.stream().filter(fact -> !fact.isEmpty()
                    && fact.keySet().iterator().next().equals(key)).toList();
        }

        boolean isKnown() {
            return !decisions.isEmpty() || place.isPresent() || isLost()
                    || !"unknown".equals(about.get("presence"));
        }

        private boolean isLost() {
            return about.get("lostSince") != null;
        }

        /** For scripts. */
        Map<String, Object> result() {
            Map<String, Object> result = new LinkedHashMap<>(about);
            result.put("decisions", decisions);
            result.put("place", place);
            result.put("groups", groups);
            result.put("feeds", feeds);
            result.put("answers", answers);
            return result;
        }

        /** For people. */
        String describe() {
            List<String> lines = new ArrayList<>();
            lines.add(text(about, "trace") + " is " + switch (text(about, "presence")) {
                case "stored" -> "here";
                case "remembered" -> "not here: it was removed, has expired, or was refused";
                case "pending" -> "being written at this moment";
                default -> isLost() ? "not here: it was damaged here, which was found at "
                        + text(about, "lostSince") + ", and is wanted from peers again"
                        : decisions.isEmpty() ? "not known here" : "not here";
            });
            decisions.forEach(decision -> lines.addAll(describe(decision)));
            place.ifPresent(found -> lines.addAll(place(found)));
            feeds.forEach(feed -> lines.add("  feed to " + text(feed, "feed") + ": "
                    + fate(feed, answer(text(feed, "feed")))));
            answers.forEach(answer -> lines.add("  " + text(answer, "at") + "  "
                    + text(answer, "by") + " said " + text(answer, "said")));
            if (Boolean.TRUE.equals(about.get("forgotten"))) {
                lines.add("  What happened to it before " + text(about, "remembersSince")
                        + " is forgotten: the relay remembers no further back.");
            }
            return String.join(System.lineSeparator(), lines);
        }

        private static List<String> describe(Map<String, Object> decision) {
            List<String> lines = new ArrayList<>();
            if (text(decision, "decision").equals("cancel")) {
                return List.of("  " + text(decision, "at") + "  " + text(decision, "reason"));
            }
            String from = text(decision, "from").equals("post") ? "a poster"
                    : text(decision, "from");
            String user = decision.get("user") == null ? "" : ", user " + text(decision, "user");
            lines.add("  " + text(decision, "at") + "  " + text(decision, "decision") + ", from "
                    + from + " at " + text(decision, "host") + user + ", "
                    + text(decision, "bytes") + " bytes");
            lines.add("    passed: " + text(decision, "passed").replace(",", ", "));
            if (decision.get("failed") != null) {
                lines.add("    failed: " + text(decision, "failed") + ": "
                        + text(decision, "reason"));
            }
            return lines;
        }

        private List<String> place(Map<String, Object> found) {
            String source = text(found, "source");
            List<String> lines = new ArrayList<>();
            lines.add("  arrived " + text(found, "arrival") + " "
                    + (source.isEmpty() ? "by a post" : "from " + source) + ", as number "
                    + text(found, "sequence") + " of the log");
            lines.add("  lies in class " + text(found, "storage") + ", segment "
                    + text(found, "segment") + " at " + text(found, "offset") + ", "
                    + text(found, "bytes") + " bytes on the wire");
            lines.add("    " + text(found, "file"));
            groups.forEach(group -> lines.add("  " + text(group, "group") + " number "
                    + text(group, "number")));
            return lines;
        }

        /** What that peer said last; "" if nothing. */
        private String answer(String peer) {
            return answers.stream().filter(answer -> text(answer, "by").equals(peer))
                    .map(answer -> text(answer, "said")).reduce("", (first, last) -> last);
        }

        private static String fate(Map<String, Object> feed, String answer) {
            return switch (text(feed, "state")) {
                case "settled" -> !answer.isEmpty() ? settled(answer)
                        : "done with: offered a while ago, or from before this feed began";
                case "deferred" -> "offered, and to be offered again";
                case "waiting" -> "not settled yet";
                default -> "not offered: " + switch (text(feed, "rule")) {
                    case "came_from_peer" -> "it came from there";
                    case "passed_peer" -> "it has been there, by its Path";
                    case "too_large" -> "it is too large for that feed";
                    case "not_wanted" -> "its groups do not go there";
                    default -> text(feed, "rule").replace('_', ' ');
                };
            };
        }

        private static String settled(String answer) {
            return "offered, and " + switch (answer.split(" ")[0]) {
                case "235", "239" -> "taken";
                case "435", "438" -> "not wanted";
                case "437", "439" -> "refused";
                default -> "taken or refused";
            };
        }

        private static String text(Map<String, Object> fact, String key) {
            Object value = fact.get(key);
            return Terminal.safe(value instanceof Long number && !key.equals("segment")
                    && !key.equals("number") ? Figures.count(number)
                    : StatusCommand.shortTime(String.valueOf(value)));
        }
    }
}
