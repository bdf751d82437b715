package net.spillway.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of an article, in their order, with the octets they came from. What nobody asks
 * for is never made a text of. One owner at a time.
 */
public final class ArticleHead {
    private static final int FEW_FIELDS = 64;

    private final byte[] bytes;
    /** Field i stands at [starts[i], starts[i + 1]), its folded lines and CRLF included. */
    private final int[] starts;
    /** Contents that were asked for. */
    private final String[] values;

    private ArticleHead(byte[] bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
        this.values = new String[starts.length - 1];
    }

    /** As {@link #parse(byte[], int, int, ArticleLimits)}, with the default limits. */
    public static ArticleHead parse(byte[] bytes, int from, int to) throws MalformedArticle {
        return parse(bytes, from, to, ArticleLimits.DEFAULT);
    }

    /**
     * Reads header lines in wire form (CRLF, dot-stuffed) from [from, to). A blank line may end
     * the range and is not required. The array is kept, not copied: leave it alone afterwards.
     *
     * @throws MalformedArticle naming the line, counted from 1
     */
    public static ArticleHead parse(byte[] bytes, int from, int to, ArticleLimits limits)
            throws MalformedArticle {
        if (to - from > limits.headOctets()) {
            throw new MalformedArticle("the head is longer than " + limits.headOctets()
                    + " octets");
        }
        return new HeadParser(bytes, from, to, limits).parse();
    }

    /** All fields in their order. */
    public List<HeaderField> fields() {
        var fields = new ArrayList<HeaderField>(size());
        for (int i = 0; i < size(); i++) {
            int from = FieldName.start(bytes, starts[i]);
            fields.add(new HeaderField(Text.decode(bytes, from, FieldName.end(bytes, from)),
                    value(i)));
        }
        return Collections.unmodifiableList(fields);
    }

    /** The content of the first field of that name (in any case), if there is one. */
    public Optional<String> first(String name) {
        for (int i = 0; i < size(); i++) {
            if (FieldName.is(bytes, starts[i], name)) {
                return Optional.of(value(i));
            }
        }
        return Optional.empty();
    }

    /** How many fields have that name, in any case. */
    public int count(String name) {
        int count = 0;
        for (int i = 0; i < size(); i++) {
            count += FieldName.is(bytes, starts[i], name) ? 1 : 0;
        }
        return count;
    }

    /** Whether some field may stand there more than once; of very many fields nobody knows. */
    public boolean mayRepeat() {
        if (size() > FEW_FIELDS) {
            return true;
        }
        for (int i = 1; i < size(); i++) {
            for (int j = 0; j < i; j++) {
                if (FieldName.isSame(bytes, starts[i], starts[j])) {
                    return true;
                }
            }
        }
        return false;
    }

    private String value(int index) {
        String known = values[index];
        if (known == null) {
            known = unfolded(FieldName.end(bytes, FieldName.start(bytes, starts[index])) + 1,
                    starts[index + 1] - 2);
            values[index] = known;
        }
        return known;
    }

    /** Takes the CRLFs out (RFC 5322 §2.2.3) and the blanks at both ends off. */
    private String unfolded(int from, int end) {
        int first = from;
        int last = end;
        while (first < last && isBlank(bytes[first])) {
            first++;
        }
        while (last > first && isBlank(bytes[last - 1])) {
            last--;
        }
        String text = Text.decode(bytes, first, last);
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "");
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** How many fields there are. */
    int size() {
        return values.length;
    }

    /** The octets of field {@code index} as they came: wire form, folded, with CRLF. */
    public byte[] raw(int index) {
        return Arrays.copyOfRange(bytes, starts[index], starts[index + 1]);
    }

    /** Not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Where field {@code index} begins in {@link #bytes()}, and the one before it ends. */
    int start(int index) {
        return starts[index];
    }

    /** The parser's state. A field goes on to the next line that does not continue it. */
    private static final class HeadParser {
        private final byte[] bytes;
        private final int to;
        private final ArticleLimits limits;
        private int[] starts = new int[16];
        private int fields;
        private int pos;
        private int line;

        HeadParser(byte[] bytes, int from, int to, ArticleLimits limits) {
            this.bytes = bytes;
            this.pos = from;
            this.to = to;
            this.limits = limits;
        }

        ArticleHead parse() throws MalformedArticle {
            while (pos < to) {
                line++;
                int end = endOfLine();
                if (end == pos) {
                    if (end + 2 != to) {
                        throw bad("is blank, which ends the head too early");
                    }
                    break;
                }
                if (bytes[pos] != ' ' && bytes[pos] != '\t') {
                    openField(end);
                } else if (fields == 0) {
                    throw bad("continues a header field, but none stands before it");
                }
                pos = end + 2;
            }
            starts = Arrays.copyOf(starts, fields + 1);
            starts[fields] = pos;
            return new ArticleHead(bytes, starts);
        }

        private int endOfLine() throws MalformedArticle {
            int end = Scan.control(bytes, pos, to);
            if (end == to) {
                throw bad("does not end with CRLF");
            }
            if (bytes[end] == 0) {
                throw bad("holds a NUL");
            }
            if (bytes[end] == '\n') {
                throw bad("holds a bare LF");
            }
            if (end + 1 == to || bytes[end + 1] != '\n') {
                throw bad("holds a bare CR");
            }
            if (end - pos > limits.lineOctets()) {
                throw bad("is longer than " + limits.lineOctets() + " octets");
            }
            return end;
        }

        private void openField(int end) throws MalformedArticle {
            if (fields == limits.fields()) {
                throw bad("is one header field too many; " + limits.fields() + " are allowed");
            }
            // Only a name that starts with a dot is ever stuffed: folded lines start with a blank.
            int from = FieldName.start(bytes, pos);
            int colon = from;
            while (colon < end && bytes[colon] > ' ' && bytes[colon] < 0x7f
                    && bytes[colon] != ':') {
                colon++;
            }
            if (colon == end || bytes[colon] != ':' || colon == from) {
                throw bad("is no header field: a name and a colon must stand first");
            }
            if (colon + 1 < end && bytes[colon + 1] != ' ' && bytes[colon + 1] != '\t') {
                throw bad("has no space after the colon of its header field");
            }
            if (fields + 1 == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[fields++] = pos;
        }

        private MalformedArticle bad(String what) {
            return new MalformedArticle("line " + line + " " + what);
        }
    }
}
