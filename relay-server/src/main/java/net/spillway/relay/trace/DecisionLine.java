package net.spillway.relay.trace;

import java.util.Locale;
import net.spillway.protocol.MessageId;

/** A decision as a line of {@code key=value}; what has blanks stands in quotes. */
final class DecisionLine {
    private DecisionLine() {
    }

    static String of(Decision decision) {
        StringBuilder line = new StringBuilder("article");
        add(line, "id", decision.id().map(MessageId::value).orElse(""));
        add(line, "decision", decision.kind().name().toLowerCase(Locale.ROOT));
        add(line, "reason", decision.why());
        decision.failed().ifPresent(check ->
                add(line, "check", check.name().toLowerCase(Locale.ROOT)));
        add(line, "from", decision.origin().isPost() ? "post" : decision.origin().peer());
        add(line, "host", decision.origin().host());
        decision.origin().account().ifPresent(user -> add(line, "user", user));
        add(line, "groups", String.join(",", decision.groups()));
        add(line, "bytes", Long.toString(decision.bytes()));
        return line.toString();
    }

    /** No text from outside can begin a line of its own, or look like another key. */
    private static void add(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        if (!value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"'
                && c != '\\' && c != '=')) {
            line.append(value);
            return;
        }
        line.append('"');
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            line.append(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : (char) c);
        });
        line.append('"');
    }
}
