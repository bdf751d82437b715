package net.spillway.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The capability list of a server, RFC 3977 §5.2, in its order. Labels are in upper case;
 * arguments stand as they were written.
 */
public final class Capabilities {
    private final Map<String, List<String>> entries = new LinkedHashMap<>();

    private Capabilities() {}

    /** A list with {@code VERSION 2} alone. */
    public static Capabilities version2() {
        return new Capabilities().and("VERSION", List.of("2"));
    }

    /**
     * Reads the lines of a list, without their ends. Lines without a label are passed over, since
     * a client must not stop at what it does not know; arguments of a repeated label are joined.
     */
    public static Capabilities parse(List<String> lines) {
        Capabilities result = new Capabilities();
        for (String line : lines) {
            List<String> words = Command.words(line);
            if (!words.isEmpty()) {
                result.add(words.getFirst(), words.subList(1, words.size()));
            }
        }
        return result;
    }

    /** Whether there is such a line; the label in any case. */
    public boolean has(String label) {
        return entries.containsKey(key(label));
    }

    /** Whether there is such a line and it has that argument, both in any case. */
    public boolean has(String label, String argument) {
        return args(label).stream().anyMatch(argument::equalsIgnoreCase);
    }

    /** The arguments of a label; empty if it has none or is absent. */
    public List<String> args(String label) {
        return entries.getOrDefault(key(label), List.of());
    }

    /** The same list and one line more (or more arguments to a line that is there). */
    public Capabilities with(String label, String... arguments) {
        return new Capabilities().andAll(this).and(label, List.of(arguments));
    }

    /** The lines to send, without their ends. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        entries.forEach((label, arguments) -> lines.add(
                arguments.isEmpty() ? label : label + " " + String.join(" ", arguments)));
        return lines;
    }

    @Override
    public String toString() {
        return String.join(", ", lines());
    }

    private Capabilities andAll(Capabilities other) {
        other.entries.forEach(this::add);
        return this;
    }

    private Capabilities and(String label, List<String> arguments) {
        add(label, arguments);
        return this;
    }

    private void add(String label, List<String> arguments) {
        List<String> joined = new ArrayList<>(entries.getOrDefault(key(label), List.of()));
        joined.addAll(arguments);
        entries.put(key(label), List.copyOf(joined));
    }

    private static String key(String label) {
        return label.toUpperCase(Locale.ROOT);
    }
}
