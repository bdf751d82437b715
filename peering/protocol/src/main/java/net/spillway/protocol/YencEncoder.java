package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
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

    /** An encoded line at its longest: every octet escaped, CRLF, and what stores write over. */
    private static final int MAX_LINE = 2 * LINE + 2 + 128;

    /** More than the lines before and behind the data have without the file's name. */
    private static final int FRAME = 250;

    private YencEncoder() {}

    /**
     * Does what the first part would have to wait for: loops over vectors are compiled.
     *
     * @return whether there are any
     */
    public static boolean prepare() {
        return VectorKernels.isEncodingReady();
    }

    /**
     * Encodes one part: {@code =ybegin}, {@code =ypart}, the data, {@code =yend} with the part's
     * size and {@code pcrc32}, and {@code crc32} of the file if it is known or the part is the
     * whole file.
     *
     * @throws IllegalArgumentException if the part does not lie within the file
     */
    public static byte[] encodePart(YencPart part, byte[] data, int offset, int length) {
        byte[] out = new byte[likelySize(part, length)];
        int end = encodePart(
                part, data, offset, length, out, 0, out.length, VectorYenc.Support.IS_THERE);
        if (end < 0) {
            out = new byte[greatestSize(part, length)];
            end = encodePart(
                part, data, offset, length, out, 0, out.length, VectorYenc.Support.IS_THERE);
        }
        return Arrays.copyOf(out, end);
    }

    /**
     * The lines before the data of a part, for one who encodes it a piece at a time.
     *
     * @throws IllegalArgumentException if the part does not lie within the file
     */
    public static byte[] begin(YencPart part, int length) {
        requireWithin(part, length);
        return header(part, length);
    }

    /**
     * Encodes a piece of a part's data, which is whole lines unless it is the last one.
     *
     * @param out has room for {@link #greatestSize(int)} octets
     * @return how many octets it became
     */
    public static int lines(byte[] data, int from, int to, byte[] out) {
        int end = encodeLines(data, from, to - from, out, 0, out.length,
                VectorYenc.Support.IS_THERE);
        if (end < 0) {
            throw new IllegalArgumentException(
                    out.length + " octets have no room for " + (to - from) + " encoded ones");
        }
        return end;
    }

    /** The line behind the data of a part. */
    public static byte[] end(YencPart part, int crc32, int length) {
        return trailer(part, crc32, length);
    }

    /** Octets that suffice for the lines of so many octets, whatever these are. */
    public static int greatestSize(int length) {
        return Math.toIntExact(2L * length + length / 32 + MAX_LINE);
    }

    /** How many octets a part of noise most likely becomes. */
    public static long usualSize(YencPart part, int length) {
        return header(part, length).length + length + length / 64
                + 2L * Math.ceilDiv(length, LINE) + trailer(part, 0, length).length;
    }

    /**
     * The same, into an array, with vectors or without.
     *
     * @param limit octets from here on in {@code out} are left alone
     * @return where the encoded part ends; -1 if it doesn't fit, or may not: then the octets from
     *     {@code at} on are anything
     */
    static int encodePart(YencPart part, byte[] data, int offset, int length, byte[] out, int at,
            int limit, boolean vectors) {
        requireWithin(part, length);
        CRC32 crc = new CRC32();
        crc.update(data, offset, length);
        byte[] header = header(part, length);
        byte[] trailer = trailer(part, (int) crc.getValue(), length);
        if (limit - at < header.length + trailer.length) {
            return -1;
        }
        System.arraycopy(header, 0, out, at, header.length);
        int end = encodeLines(data, offset, length, out, at + header.length,
                limit - trailer.length, vectors);
        if (end < 0) {
            return -1;
        }
        System.arraycopy(trailer, 0, out, end, trailer.length);
        return end + trailer.length;
    }

    private static void requireWithin(YencPart part, int length) {
        if (part.begin() > part.fileSize() - length) {
            throw new IllegalArgumentException("part " + part.part() + " begins at "
                    + part.begin() + " and has " + length + " octets, too many for a file of "
                    + part.fileSize() + " octets");
        }
    }

    /**
     * Octets that suffice for nearly every part of so many octets: random data needs an escape for
     * one octet in 64, and CRLF is one in 64 as well.
     */
    static int likelySize(YencPart part, int length) {
        return Math.toIntExact(length + length / 24L + MAX_LINE + frame(part));
    }

    /** Octets that suffice whatever the data are. */
    static int greatestSize(YencPart part, int length) {
        return Math.toIntExact(2L * length + length / 32 + MAX_LINE + frame(part));
    }

    private static int frame(YencPart part) {
        return FRAME + 3 * part.name().length();
    }

    private static byte[] header(YencPart part, int length) {
        String total = part.total() > 0 ? " total=" + part.total() : "";
        String text = "=ybegin part=" + part.part() + total + " line=" + LINE
                + " size=" + part.fileSize() + " name=" + part.name() + "\r\n"
                + "=ypart begin=" + (part.begin() + 1) + " end=" + (part.begin() + length)
                + "\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] trailer(YencPart part, int crc32, int length) {
        long crc = Integer.toUnsignedLong(crc32);
        boolean whole = part.begin() == 0 && length == part.fileSize();
        StringBuilder text = new StringBuilder("=yend size=").append(length)
                .append(" part=").append(part.part())
                .append(" pcrc32=").append(hex(crc));
        if (part.fileCrc().isPresent() || whole) {
            text.append(" crc32=").append(hex(part.fileCrc().orElse(crc)));
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(long crc) {
        return HexFormat.of().toHexDigits(crc, 8);
    }

    /** Writes the data lines; -1 if they may not fit. */
    private static int encodeLines(byte[] data, int offset, int length, byte[] out, int start,
            int limit, boolean vectors) {
        int at = start;
        int first = offset;
        int end = offset + length;
        if (vectors) {
            long come = VectorKernels.encodeLines(data, offset, end, out, start, limit, MAX_LINE);
            first = (int) (come >>> Integer.SIZE);
            at = (int) come;
        }
        for (int from = first; from < end; from += LINE) {
            int to = Math.min(from + LINE, end);
            if (limit - at < MAX_LINE) {
                return -1;
            }
            at = encodeEdge(data[from], true, out, at);
            if (to - from > 1) {
                at = vectors ? encodeMiddleByVectors(data, from + 1, to - 1, out, at)
                        : encodeMiddle(data, from + 1, to - 1, out, at);
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

    /**
     * Codes eight octets at once and keeps those before the first that needs an escape. That
     * none does is the common case, and a branch of its own: where the next eight stand must not
     * wait for a count of these.
     */
    private static int encodeMiddle(byte[] data, int from, int to, byte[] out, int start) {
        int at = start;
        int i = from;
        while (i + 8 <= to) {
            long word = (long) Scan.LONG.get(data, i);
            // Adds 42 to each octet; the high bits are kept out of it so that none carries over.
            long coded = (word & LOW_BITS) + SHIFTS ^ word & ~LOW_BITS;
            Scan.LONG.set(out, at, coded);
            long hits = Scan.zeros(coded) | Scan.zeros(coded ^ CRS) | Scan.zeros(coded ^ LFS)
                    | Scan.zeros(coded ^ EQUALS_SIGNS);
            if (hits == 0) {
                i += 8;
                at += 8;
            } else {
                int clean = Long.numberOfTrailingZeros(hits) >>> 3;
                at = put(data[i + clean] + SHIFT & 0xff, true, out, at + clean);
                i += clean + 1;
            }
        }
        return encodeEach(data, i, to, out, at);
    }

    private static int encodeMiddleByVectors(
            byte[] data, int from, int to, byte[] out, int start) {
        long come = VectorKernels.encode(data, from, to, out, start);
        return encodeMiddle(data, (int) (come >>> Integer.SIZE), to, out, (int) come);
    }

    private static int encodeEach(byte[] data, int from, int to, byte[] out, int start) {
        int at = start;
        for (int i = from; i < to; i++) {
            int coded = data[i] + SHIFT & 0xff;
            boolean escape = coded == 0 || coded == '\r' || coded == '\n' || coded == '=';
            at = put(coded, escape, out, at);
        }
        return at;
    }
}
