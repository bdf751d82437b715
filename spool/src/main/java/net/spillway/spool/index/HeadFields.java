package net.spillway.spool.index;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The header fields that the index keeps, on one line each, with no TAB, CR, LF or NUL in them
 * (RFC 3977 §8.3.2); "" for a field that is not there. Reads any octets: what an article must look
 * like is checked before it comes here. Of a value of more than {@value #MAX_VALUE} octets the rest
 * is left out.
 *
 * <p>Tens of thousands of them wait in memory for the index, so each is one array, with the texts
 * in it as they are written there.
 */
public final class HeadFields {
    static final int MAX_VALUE = 64 << 10;

    /** In the order in which {@link #packed} has them. */
    private static final String[] NAMES =
            {"subject", "from", "date", "references", "path", "distribution"};
    private static final int SUBJECT = 0;
    private static final int FROM = 1;
    private static final int DATE = 2;
    private static final int REFERENCES = 3;
    private static final int PATH = 4;
    private static final int DISTRIBUTION = 5;
    /** For the lengths of all texts. */
    private static final int ROOM = 32;

    /** One text for each of them, as a {@link Packer} writes it. */
    private final byte[] packed;

    private HeadFields(byte[] packed) {
        this.packed = packed;
    }

    /** Texts that are clean already. */
    static HeadFields of(String subject, String from, String date, String references, String path,
            String distribution) {
        return new HeadFields(new Packer(128).text(subject).text(from).text(date).text(references)
                .text(path).text(distribution).toBytes());
    }

    /** Reads header lines in wire form; of a field that stands twice the first one counts. */
    public static HeadFields read(byte[] head, int from, int to) {
        int[] begins = new int[NAMES.length];
        int[] ends = new int[NAMES.length];
        int longest = 0;
        int all = 0;
        for (int at = from; at < to; ) {
            int end = endOfField(head, at, to);
            int which = which(head, at, end);
            if (which >= 0 && ends[which] == 0) {
                begins[which] = at + NAMES[which].length() + 1;
                ends[which] = end;
                longest = Math.max(longest, end - begins[which]);
                all += end - begins[which];
            }
            at = end;
        }
        var packer = new Packer(all + ROOM);
        byte[] scratch = new byte[Math.min(longest, MAX_VALUE)];
        for (int i = 0; i < NAMES.length; i++) {
            if (!packPlain(head, begins[i], ends[i], packer)) {
                pack(scratch, clean(head, begins[i], ends[i], scratch), packer);
            }
        }
        return new HeadFields(packer.toBytes());
    }

    /** @param texts what {@link #packLine} and {@link #packReferences} wrote, one behind the other */
    static HeadFields ofLine(Packer texts) {
        return new HeadFields(texts.text("").text("").toBytes());
    }

    /** Reads what {@link #packRoute} wrote. */
    static HeadFields unpackRoute(Unpacker in) {
        var texts = new Packer(128);
        for (int i = 0; i < PATH; i++) {
            texts.text("");
        }
        in.copyTexts(NAMES.length - PATH, texts);
        return new HeadFields(texts.toBytes());
    }

    /** Writes what overview has before the message-ID: subject, from and date. */
    void packLine(Packer out) {
        at(SUBJECT).copyTexts(REFERENCES - SUBJECT, out);
    }

    void packReferences(Packer out) {
        at(REFERENCES).copyTexts(1, out);
    }

    /** Writes what feeds ask for: path and distribution. */
    void packRoute(Packer out) {
        at(PATH).copyTexts(NAMES.length - PATH, out);
    }

    public String subject() {
        return at(SUBJECT).text();
    }

    public String from() {
        return at(FROM).text();
    }

    public String date() {
        return at(DATE).text();
    }

    public String references() {
        return at(REFERENCES).text();
    }

    public String path() {
        return at(PATH).text();
    }

    public String distribution() {
        return at(DISTRIBUTION).text();
    }

    private Unpacker at(int which) {
        var in = new Unpacker(packed);
        for (int i = 0; i < which; i++) {
            in.skipText();
        }
        return in;
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
        return packed.length;
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

    /** Packs a value of one line with nothing in it that has to be changed, as most are. */
    private static boolean packPlain(byte[] head, int begin, int end, Packer out) {
        int from = begin;
        int to = end;
        while (to > from && isBlank(head[to - 1])) {
            to--;
        }
        while (from < to && head[from] == ' ') {
            from++;
        }
        if (to - from > MAX_VALUE) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (head[i] < ' ') {
                return false;
            }
        }
        out.number(to - from).octets(head, from, to - from);
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\r' || b == '\n';
    }

    /** Takes out what breaks lines; tells how much is left. */
    private static int clean(byte[] head, int from, int to, byte[] clean) {
        int n = 0;
        for (int i = from; i < to && n < clean.length; i++) {
            byte b = head[i];
            if (b != '\r' && b != '\n') {
                clean[n++] = b == '\t' || b == 0 ? (byte) ' ' : b;
            }
        }
        return n;
    }

    /** Without the blanks at both ends. */
    private static void pack(byte[] clean, int n, Packer out) {
        int all = 0;
        for (int i = 0; i < n; i++) {
            all |= clean[i];
        }
        if (all < 0) {
            out.text(decode(clean, n).strip());
            return;
        }
        int from = 0;
        int to = n;
        while (from < to && Character.isWhitespace(clean[from])) {
            from++;
        }
        while (to > from && Character.isWhitespace(clean[to - 1])) {
            to--;
        }
        out.number(to - from).octets(clean, from, to - from);
    }

    /** UTF-8 where that is valid, else ISO-8859-1: then every octet is still some character. */
    private static String decode(byte[] octets, int n) {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, n)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(octets, 0, n, StandardCharsets.ISO_8859_1);
        }
    }
}
