package net.spillway.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file and the questions asked of it. Every question makes its key a known one;
 * {@link #done} reports the keys nobody asked for. An answer that cannot be used is reported, and
 * the default given instead, so that reading goes on and finds what else is wrong.
 */
final class Section {
    private final TomlTable table;
    private final String name;
    private final TomlPosition place;
    private final Problems problems;
    private final TreeSet<String> known = new TreeSet<>();

    private Section(TomlTable table, String name, TomlPosition place, Problems problems) {
        this.table = table;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    /** The top level of a file. */
    static Section root(TomlTable table, Problems problems) {
        return new Section(table, "", null, problems);
    }

    /** True if the file says something for this key. */
    boolean has(String key) {
        return value(key) != null;
    }

    /** True if the file says that there is none of this. */
    boolean isEmptyList(String key) {
        return value(key) instanceof TomlArray array && array.isEmpty();
    }

    /** True if the file says this very word for the key. */
    boolean says(String key, String word) {
        return word.equals(value(key));
    }

    private Object value(String key) {
        known.add(key);
        return table.get(List.of(key));
    }

    /** Reports a problem at the place of a key, or of the table if the key is not there. */
    void problem(String key, String what, String whatToDo) {
        TomlPosition at = table.get(List.of(key)) == null
                ? place : placeOf(key);
        problems.add(at, path(key), what, whatToDo);
    }

    private String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    /** A text, if it is there. */
    Optional<String> text(String key) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Object other -> {
                wrongType(key, "text in quotes", other);
                yield Optional.empty();
            }
        };
    }

    /** A text that must be there; if it is not, that is reported and the answer is empty. */
    String requiredText(String key, String example) {
        if (!has(key)) {
            problem(key, "is missing", "add " + key + " = \"" + example + "\"");
            return "";
        }
        String text = text(key).orElse("");
        if (text.isEmpty() && value(key) instanceof String) {
            problem(key, "is empty", "write something like \"" + example + "\"");
        }
        return text;
    }

    /** A text made into something else; what the function throws is what is wrong. */
    <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(text -> parse(placeOf(key), key, text, parser));
    }

    private TomlPosition placeOf(String key) {
        return table.inputPositionOf(List.of(key));
    }

    private <T> Optional<T> parse(
            TomlPosition at, String shownKey, String text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            // Messages of the value types come as "what is wrong; what to do".
            String[] halves = e.getMessage().split("; ", 2);
            problems.add(at, path(shownKey), halves[0],
                    halves.length > 1 ? halves[1] : "correct the value");
            return Optional.empty();
        }
    }

    /** True or false. */
    boolean flag(String key, boolean otherwise) {
        return switch (value(key)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case Object other -> {
                wrongType(key, "true or false", other);
                yield otherwise;
            }
        };
    }

    /** A whole number within bounds. */
    int number(String key, int otherwise, int min, int max) {
        return switch (value(key)) {
            case null -> otherwise;
            case Long number when number >= min && number <= max -> number.intValue();
            case Long number -> {
                problem(key, number + " is out of bounds",
                        "write a number from " + min + " to " + max);
                yield otherwise;
            }
            case Object other -> {
                wrongType(key, "a whole number", other);
                yield otherwise;
            }
        };
    }

    /** A size in octets within bounds: text such as {@code "700K"}, or a plain number. */
    long size(String key, long otherwise, long min, long max) {
        Object value = value(key);
        Optional<ByteSize> size = value instanceof Long number
                ? parse(placeOf(key), key, Long.toString(number), ByteSize::parse)
                : parsed(key, ByteSize::parse);
        if (size.isPresent() && (size.get().bytes() < min || size.get().bytes() > max)) {
            problem(key, size.get() + " is out of bounds",
                    "write a size from " + new ByteSize(min) + " to " + new ByteSize(max));
            return otherwise;
        }
        return size.map(ByteSize::bytes).orElse(otherwise);
    }

    /** Several texts, each made into something else. */
    <T> List<T> parsedList(String key, Function<String, T> parser) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof TomlArray array)) {
            wrongType(key, "a list such as [\"...\", \"...\"]", value);
            return List.of();
        }
        List<T> parsed = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String shownKey = key + "[" + (i + 1) + "]";
            if (array.get(i) instanceof String text) {
                parse(array.inputPositionOf(i), shownKey, text, parser)
                        .ifPresent(parsed::add);
            } else {
                problems.add(array.inputPositionOf(i), path(shownKey),
                        "must be text in quotes, not " + typeOf(array.get(i)), "put it in quotes");
            }
        }
        return parsed;
    }

    /** A table of its own: {@code [key]}, or {@code key = { ... }}. */
    Optional<Section> table(String key) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case TomlTable inner -> Optional.of(new Section(
                    inner, path(key), placeOf(key), problems));
            case Object other -> {
                problem(key, "must be a table, not " + typeOf(other),
                        "write [" + path(key) + "] on a line of its own and the keys below it");
                yield Optional.empty();
            }
        };
    }

    /** The tables of one kind: every {@code [[key]]}. */
    List<Section> tables(String key) {
        return switch (value(key)) {
            case null -> List.of();
            case TomlArray array -> tables(key, array);
            case Object other -> {
                problem(key, "must be a list of tables, not " + typeOf(other),
                        "write [[" + path(key) + "]] with doubled brackets before each");
                yield List.of();
            }
        };
    }

    private List<Section> tables(String key, TomlArray array) {
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String entry = path(key) + "[" + (i + 1) + "]";
            if (array.get(i) instanceof TomlTable inner) {
                sections.add(new Section(inner, entry, array.inputPositionOf(i), problems));
            } else {
                problems.add(array.inputPositionOf(i), entry,
                        "must be a table, not " + typeOf(array.get(i)),
                        "write [[" + path(key) + "]] and the keys below it");
            }
        }
        return sections;
    }

    /** Reports every key that nobody asked for. */
    void done() {
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                String hint = DidYouMean.nearest(key, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("known here are: " + String.join(", ", known));
                problems.add(placeOf(key), path(key),
                        "is not a key that means anything here", hint);
            }
        }
    }

    private void wrongType(String key, String wanted, Object found) {
        problem(key, "must be " + wanted + ", not " + typeOf(found), "change the value");
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case String s -> "text in quotes";
            case Long l -> "a number";
            case Double d -> "a number with a decimal point";
            case Boolean b -> "true or false";
            case TomlArray a -> "a list";
            case TomlTable t -> "a table";
            default -> "a date or time";
        };
    }
}
