package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Writes yEnc 1.3 parts as body lines with CRLF.
 *
 * <p>NUL, CR, LF and {@code =} are escaped everywhere, a dot at the start of a line, TAB and space
 * at both ends of a line. So no line starts with a dot, and the lines are their own wire form.
 * Each data line holds 128 octets of the file (the last one fewer): escapes are not counted, and
 * none is cut from its octet.
 */
public final class YencEncoder {
    /** Octets of the file in a line. */
    public static final int LINE = 128;

    private static final int SHIFT = 42;
    private static final int ESCAPE_SHIFT = 64;
    private static final long SHIFTS = Scan.repeat(SHIFT);
    private static final long LOW_BITS = Scan.repeat(0x7f);
    private static final long EQUALS_SIGNS = Scan.repeat('=');
    private static final long CRS = Scan.repeat('\r');
    private static final long LFS = Scan.repeat('\n');

    private YencEncoder() {}

    /**
     * Encodes one part: {@code =ybegin}, {@code =ypart}, the data, {@code =yend} with the part's
     * size and {@code pcrc32}, and {@code crc32} of the file if it is known or the part is the
     * whole file.
     *
     * @throws IllegalArgumentException if the part does not lie within the file
     */
    public static byte[] encodePart(YencPart part, byte[] data, int offset, int length) {
        if (part.begin() + length > part.fileSize()) {
            throw new IllegalArgumentException("part " + part.part() + " ends at "
                    + (part.begin() + length) + ", behind the end of a file of "
                    + part.fileSize() + " octets");
        }
        byte[] header = header(part, length);
        byte[] trailer = trailer(part, data, offset, length);
        byte[] out = new byte[roomFor(data, offset, length, header.length + trailer.length)];
        System.arraycopy(header, 0, out, 0, header.length);
        int at = encodeLines(data, offset, length, out, header.length);
        System.arraycopy(trailer, 0, out, at, trailer.length);
        at += trailer.length;
        return at == out.length ? out : Arrays.copyOf(out, at);
    }

    private static byte[] header(YencPart part, int length) {
        String total = part.total() > 0 ? " total=" + part.total() : "";
        String text = "=ybegin part=" + part.part() + total + " line=" + LINE
                + " size=" + part.fileSize() + " name=" + part.name() + "\r\n"
                + "=ypart begin=" + (part.begin() + 1) + " end=" + (part.begin() + length)
                + "\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] trailer(YencPart part, byte[] data, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(data, offset, length);
        boolean whole = part.begin() == 0 && length == part.fileSize();
        StringBuilder text = new StringBuilder("=yend size=").append(length)
                .append(" part=").append(part.part())
                .append(" pcrc32=").append(hex(crc.getValue()));
        if (part.fileCrc().isPresent() || whole) {
            text.append(" crc32=").append(hex(part.fileCrc().orElse(crc.getValue())));
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(long crc) {
        return String.format(Locale.ROOT, "%08x", crc);
    }

    /** The worst case doubles every octet; counting is cheaper than touching twice the memory. */
    private static int roomFor(byte[] data, int offset, int length, int frame) {
        int escapes = 0;
        for (int i = offset; i < offset + length; i++) {
            escapes += ALWAYS_ESCAPED[data[i] & 0xff];
        }
        int lines = length / LINE + 1;
        // CRLF and an escape at each end of a line, and slack for one store of eight octets.
        long room = (long) length + escapes + 4L * lines + frame + 8;
        return Math.toIntExact(room);
    }

    private static final byte[] ALWAYS_ESCAPED = new byte[256];

    static {
        for (int plain : new int[] {0, '\r', '\n', '='}) {
            ALWAYS_ESCAPED[plain - SHIFT & 0xff] = 1;
        }
    }

    private static int encodeLines(byte[] data, int offset, int length, byte[] out, int start) {
        int at = start;
        int end = offset + length;
        for (int from = offset; from < end; from += LINE) {
            int to = Math.min(from + LINE, end);
            at = encodeEdge(data[from], true, out, at);
            if (to - from > 1) {
                at = encodeMiddle(data, from + 1, to - 1, out, at);
                at = encodeEdge(data[to - 1], false, out, at);
            }
            out[at++] = '\r';
            out[at++] = '\n';
        }
        return at;
    }

    /** The first or last octet of a line, where more is escaped than elsewhere. */
    private static int encodeEdge(byte octet, boolean first, byte[] out, int at) {
        int coded = octet + SHIFT & 0xff;
        boolean escape = switch (coded) {
            case 0, '\r', '\n', '=', '\t', ' ' -> true;
            case '.' -> first;
            default -> false;
        };
        return put(coded, escape, out, at);
    }

    private static int put(int coded, boolean escape, byte[] out, int at) {
        if (!escape) {
            out[at] = (byte) coded;
            return at + 1;
        }
        out[at] = '=';
        out[at + 1] = (byte) (coded + ESCAPE_SHIFT);
        return at + 2;
    }

    /** Eight octets at a time while none of them needs an escape, which is mostly so. */
    private static int encodeMiddle(byte[] data, int from, int to, byte[] out, int start) {
        int at = start;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) Scan.LONG.get(data, i);
            // Adds 42 to each octet; the high bits are kept out of it so that none carries over.
            long coded = (word & LOW_BITS) + SHIFTS ^ word & ~LOW_BITS;
            if ((Scan.zeros(coded) | Scan.zeros(coded ^ CRS) | Scan.zeros(coded ^ LFS)
                    | Scan.zeros(coded ^ EQUALS_SIGNS)) == 0) {
                Scan.LONG.set(out, at, coded);
                at += 8;
            } else {
                at = encodeEach(data, i, i + 8, out, at);
            }
        }
        return encodeEach(data, i, to, out, at);
    }

    private static int encodeEach(byte[] data, int from, int to, byte[] out, int start) {
        int at = start;
        for (int i = from; i < to; i++) {
            int octet = data[i] & 0xff;
            at = put(octet + SHIFT & 0xff, ALWAYS_ESCAPED[octet] != 0, out, at);
        }
        return at;
    }
}
