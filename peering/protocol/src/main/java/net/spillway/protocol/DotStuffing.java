package net.spillway.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The doubling of leading dots in multi-line blocks, RFC 3977 §3.1.1. Lines end with CRLF. */
public final class DotStuffing {
    private DotStuffing() {}

    /** Doubles the dot of each line that starts with one; returns its argument if none does. */
    public static byte[] stuff(byte[] text) {
        int dots = count(text, 0, text.length);
        if (dots == 0) {
            return text;
        }
        byte[] out = new byte[Math.addExact(text.length, dots)];
        int to = 0;
        int from = 0;
        while (from < text.length) {
            int next = nextLine(text, from, text.length);
            if (text[from] == '.') {
                out[to++] = '.';
            }
            System.arraycopy(text, from, out, to, next - from);
            to += next - from;
            from = next;
        }
        return out;
    }

    /** Takes one leading dot off each line of [from, to) that has one. */
    public static byte[] unstuff(byte[] wire, int from, int to) {
        int dots = count(wire, from, to);
        if (dots == 0) {
            return Arrays.copyOfRange(wire, from, to);
        }
        byte[] out = new byte[to - from - dots];
        int at = 0;
        int pos = from;
        while (pos < to) {
            int next = nextLine(wire, pos, to);
            int start = wire[pos] == '.' ? pos + 1 : pos;
            System.arraycopy(wire, start, out, at, next - start);
            at += next - start;
            pos = next;
        }
        return out;
    }

    /**
     * The lines of a whole block, without line ends, stuffing and the final dot; each is decoded
     * as UTF-8 if that is valid, else as ISO-8859-1.
     */
    public static List<String> lines(byte[] block) {
        List<String> lines = new ArrayList<>();
        int pos = 0;
        while (pos < block.length) {
            int next = nextLine(block, pos, block.length);
            int start = block[pos] == '.' ? pos + 1 : pos;
            boolean ended = next - start >= 2 && block[next - 1] == '\n' && block[next - 2] == '\r';
            int end = ended ? next - 2 : next;
            boolean isEnd = next == block.length && start > pos && end == start;
            if (!isEnd) {
                lines.add(Text.decode(block, start, end));
            }
            pos = next;
        }
        return lines;
    }

    /** How many lines of [from, to) start with a dot; {@code from} is the start of a line. */
    public static int count(byte[] text, int from, int to) {
        int dots = 0;
        for (int pos = from; pos < to; pos = nextLine(text, pos, to)) {
            dots += text[pos] == '.' ? 1 : 0;
        }
        return dots;
    }

    private static int nextLine(byte[] text, int from, int to) {
        int i = from;
        while (true) {
            i = Scan.control(text, i, to);
            if (i >= to - 1) {
                return to;
            }
            if (text[i] == '\r' && text[i + 1] == '\n') {
                return i + 2;
            }
            i++;
        }
    }
}
