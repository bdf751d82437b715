package net.spillway.spool.index;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The header fields that the index keeps, on one line each, with no TAB, CR, LF or NUL in them
 * (RFC 3977 §8.3.2); "" for a field that is not there. Reads any octets: what an article must look
 * like is checked before it comes here. Of a value of more than {@value #MAX_VALUE} octets the rest is
 * left out.
 */
public record HeadFields(String subject, String from, String date, String references, String path,
        String distribution) {

    static final int MAX_VALUE = 64 << 10;
    private static final String[] NAMES =
            {"subject", "from", "date", "references", "path", "distribution"};

    /** Reads header lines in wire form; of a field that stands twice the first one counts. */
    public static HeadFields read(byte[] head, int from, int to) {
        String[] values = new String[NAMES.length];
        int at = from;
        while (at < to) {
            int end = endOfField(head, at, to);
            int which = which(head, at, end);
            if (which >= 0 && values[which] == null) {
                values[which] = value(head, at + NAMES[which].length() + 1, end);
            }
            at = end;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] == null ? "" : values[i];
        }
        return new HeadFields(values[0], values[1], values[2], values[3], values[4], values[5]);
    }

    /** Whether header lines in wire form have a field of that name, which is in lower case. */
    public static boolean has(byte[] head, String name) {
        for (int at = 0; at < head.length; ) {
            int end = endOfField(head, at, head.length);
            if (isNamed(head, at, end, name)) {
                return true;
            }
            at = end;
        }
        return false;
    }

    int weight() {
        return subject.length() + from.length() + date.length() + references.length()
                + path.length() + distribution.length();
    }

    /** Behind the LF of the field's last line: the next line begins with no blank. */
    private static int endOfField(byte[] head, int at, int to) {
        int i = at;
        while (i < to) {
            if (head[i++] == '\n' && (i == to || head[i] != ' ' && head[i] != '\t')) {
                break;
            }
        }
        return i;
    }

    private static int which(byte[] head, int at, int end) {
        for (int i = 0; i < NAMES.length; i++) {
            if (isNamed(head, at, end, NAMES[i])) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isNamed(byte[] head, int at, int end, String name) {
        int n = name.length();
        if (end - at <= n || head[at + n] != ':') {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if ((head[at + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] head, int from, int to) {
        byte[] clean = new byte[Math.min(to - from, MAX_VALUE)];
        int n = 0;
        for (int i = from; i < to && n < clean.length; i++) {
            byte b = head[i];
            if (b != '\r' && b != '\n') {
                clean[n++] = b == '\t' || b == 0 ? (byte) ' ' : b;
            }
        }
        return decode(clean, n).strip();
    }

    /** UTF-8 where that is valid, else ISO-8859-1: then every octet is still some character. */
    private static String decode(byte[] octets, int n) {
        int all = 0;
        for (int i = 0; i < n; i++) {
            all |= octets[i];
        }
        if (all < 0) {
            try {
                return StandardCharsets.UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(octets, 0, n)).toString();
            } catch (CharacterCodingException notUtf8) {
                return new String(octets, 0, n, StandardCharsets.ISO_8859_1);
            }
        }
        return new String(octets, 0, n, StandardCharsets.ISO_8859_1);
    }
}
