package net.spillway.relay.command;

import java.util.Iterator;
import java.util.Map;

/** Writes flat JSON objects on one line: strings, numbers and booleans under names. */
final class Json {
    private Json() {
    }

    /** Numbers and booleans as they are, null as null, all else as its string. */
    static String object(Map<String, Object> fields) {
        StringBuilder out = new StringBuilder("{");
        Iterator<Map.Entry<String, Object>> left = fields.entrySet().iterator();
        while (left.hasNext()) {
            Map.Entry<String, Object> field = left.next();
            string(out, field.getKey());
            out.append(':');
            switch (field.getValue()) {
                case null -> out.append("null");
                case Number number -> out.append(number);
                case Boolean bool -> out.append(bool);
                default -> string(out, field.getValue().toString());
            }
            out.append(left.hasNext() ? "," : "");
        }
        return out.append('}').toString();
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
