package net.spillway.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes single fields of a head and leaves the octets of all others as they came, as RFC 5537
 * §3.6 asks of relays. Fields longer than 998 octets are folded at blanks where they have any.
 */
public final class HeadEditor {
    /** Where the octets of a field lie. */
    private record Entry(byte[] in, int from, int to) {
        Entry(HeaderField field) {
            this(line(field));
        }

        private Entry(byte[] line) {
            this(line, 0, line.length);
        }

        boolean isNamed(String name) {
            return FieldName.is(in, from, name);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** Starts from a head that was read. */
    public HeadEditor(ArticleHead head) {
        for (int i = 0; i < head.size(); i++) {
            entries.add(new Entry(head.bytes(), head.start(i), head.start(i + 1)));
        }
    }

    /** Starts from fields to be written. */
    public HeadEditor(List<HeaderField> fields) {
        fields.forEach(field -> add(field.name(), field.value()));
    }

    /** Takes out every field of that name, in any case. */
    public HeadEditor remove(String name) {
        entries.removeIf(entry -> entry.isNamed(name));
        return this;
    }

    /** Adds a field at the end. */
    public HeadEditor add(String name, String value) {
        entries.add(new Entry(new HeaderField(name, value)));
        return this;
    }

    /** Adds a field at the top. */
    public HeadEditor addFirst(String name, String value) {
        entries.addFirst(new Entry(new HeaderField(name, value)));
        return this;
    }

    /** Gives the first field of that name a new content where it stands, or adds it at the end. */
    public HeadEditor set(String name, String value) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).isNamed(name)) {
                entries.set(i, new Entry(new HeaderField(name, value)));
                return this;
            }
        }
        return add(name, value);
    }

    /** The header lines in wire form, each with CRLF, without a blank line after them. */
    public byte[] toBytes() {
        int length = 0;
        for (Entry entry : entries) {
            length += entry.to - entry.from;
        }
        var out = new byte[length];
        int end = 0;
        for (Entry entry : entries) {
            System.arraycopy(entry.in, entry.from, out, end, entry.to - entry.from);
            end += entry.to - entry.from;
        }
        return out;
    }

    private static byte[] line(HeaderField field) {
        String stuffing = field.name().startsWith(".") ? "." : "";
        byte[] line = (stuffing + field.name() + ": " + field.value() + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        return line.length - 2 <= ArticleLimits.STANDARD_LINE ? line : fold(line,
                stuffing.length() + field.name().length() + 2);
    }

    /** Breaks before the last blank that still fits, but never leaves a line of blanks alone. */
    private static byte[] fold(byte[] line, int contentFrom) {
        var out = new ByteArrayOutputStream(line.length + 16);
        int end = line.length - 2;
        int from = 0;
        int floor = contentFrom;
        while (end - from > ArticleLimits.STANDARD_LINE) {
            int cut = lastBlank(line, floor, from + ArticleLimits.STANDARD_LINE);
            if (cut < 0) {
                break;
            }
            out.write(line, from, cut - from);
            out.writeBytes(LineDecoder.CRLF);
            from = cut;
            floor = cut + 1;
        }
        out.write(line, from, line.length - from);
        return out.toByteArray();
    }

    private static int lastBlank(byte[] line, int floor, int limit) {
        for (int i = limit; i > floor; i--) {
            boolean starts = line[i] == ' ' || line[i] == '\t';
            boolean textBefore = line[i - 1] != ' ' && line[i - 1] != '\t';
            if (starts && textBefore) {
                return i;
            }
        }
        return -1;
    }
}
