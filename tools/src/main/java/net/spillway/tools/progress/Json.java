package net.spillway.tools.progress;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Just enough JSON (RFC 8259) for results that programs read, and for what relays report. */
public final class Json {
    private static final int DEEPEST = 64;

    private Json() {}

    /**
     * One value on one line. Records become objects with their components' names, maps keep their
     * order, optionals that are empty become null, durations are seconds, and whatever else is
     * not a number or boolean is written as its string.
     */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        switch (value) {
            case null -> out.append("null");
            case Optional<?> optional -> append(out, optional.orElse(null));
            case OptionalLong optional ->
                    append(out, optional.isPresent() ? optional.getAsLong() : null);
            case Boolean bool -> out.append(bool);
            case Double number when !Double.isFinite(number) -> out.append("null");
            case Number number -> out.append(number);
            case Duration duration -> out.append(duration.toMillis() / 1000.0);
            case Map<?, ?> map -> appendObject(out, map);
            // A path is iterable too, over its names; that is not what anybody wants to read.
            case Iterable<?> list when !(value instanceof Path) ->
                    appendList(out, list);
            case Record row -> appendObject(out, components(row));
            default -> appendString(out, value.toString());
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> map) {
        String between = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(between);
            appendString(out, String.valueOf(entry.getKey()));
            out.append(": ");
            append(out, entry.getValue());
            between = ", ";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private static void appendList(StringBuilder out, Iterable<?> list) {
        out.append('[');
        String between = "";
        for (Object item : list) {
            out.append(between);
            append(out, item);
            between = ", ";
        }
        out.append(']');
    }

    /** A record's components, by name and in order. */
    public static Map<String, Object> components(Record row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                fields.put(component.getName(), component.getAccessor().invoke(row));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException("cannot read " + component, e);
            }
        }
        return fields;
    }

    private static void appendString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c) && !isPaired(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /**
     * Reads one value: maps, lists, strings, longs, doubles, booleans and null.
     *
     * @throws IllegalArgumentException naming the column where the text stops being JSON
     */
    public static Object read(String text) {
        Reader reader = new Reader(text);
        Object value = reader.value(0);
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.wrong("something after the value");
        }
        return value;
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Object value(int depth) {
            if (depth > DEEPEST) {
                throw wrong("nesting that is too deep");
            }
            blanks();
            char c = at < text.length() ? text.charAt(at) : '\0';
            return switch (c) {
                case '{' -> object(depth);
                case '[' -> list(depth);
                case '"' -> string();
                case 't' -> word("true", Boolean.TRUE);
                case 'f' -> word("false", Boolean.FALSE);
                case 'n' -> word("null", null);
                default -> number();
            };
        }

        private Map<String, Object> object(int depth) {
            Map<String, Object> map = new LinkedHashMap<>();
            at++;
            if (skip('}')) {
                return map;
            }
            do {
                blanks();
                String key = string();
                expect(':');
                map.put(key, value(depth + 1));
            } while (skip(','));
            expect('}');
            return map;
        }

        private List<Object> list(int depth) {
            List<Object> list = new ArrayList<>();
            at++;
            if (skip(']')) {
                return list;
            }
            do {
                list.add(value(depth + 1));
            } while (skip(','));
            expect(']');
            return list;
        }

        private String string() {
            if (at >= text.length() || text.charAt(at) != '"') {
                throw wrong("no string");
            }
            StringBuilder out = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return out.toString();
                }
                out.append(c == '\\' ? escape() : c);
            }
            throw wrong("a string without an end");
        }

        private char escape() {
            char c = ++at < text.length() ? text.charAt(at) : '\0';
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> hex();
                default -> throw wrong("an unknown escape");
            };
        }

        private char hex() {
            if (at + 4 >= text.length()) {
                throw wrong("a short \\u escape");
            }
            try {
                char c = (char) Integer.parseInt(text, at + 1, at + 5, 16);
                at += 4;
                return c;
            } catch (NumberFormatException e) {
                throw wrong("a bad \\u escape");
            }
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) {
                throw wrong("an unknown word");
            }
            at += word.length();
            return value;
        }

        private Object number() {
            int from = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String digits = text.substring(from, at);
            try {
                if (digits.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9')) {
                    return Long.parseLong(digits);
                }
                return Double.parseDouble(digits);
            } catch (NumberFormatException e) {
                at = from;
                throw wrong("no value");
            }
        }

        private void blanks() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean skip(char c) {
            blanks();
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(char c) {
            if (!skip(c)) {
                throw wrong("no '" + c + "'");
            }
        }

        IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException("column " + (at + 1) + ": " + what);
        }
    }
}
