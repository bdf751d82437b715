package net.spillway.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * Reads yEnc 1.3 bodies as posters really write them: dots escaped or only doubled, CRCs with
 * too few or too many digits, no {@code =yend}, names and sizes that are decoys.
 *
 * <p>Memory follows the octets that are there: a declared size is a hint and never more.
 */
public final class YencDecoder {
    private static final long SHIFTS = Scan.repeat(42);
    private static final long HIGH_BITS = Scan.repeat(0x80);
    private static final long EQUALS_SIGNS = Scan.repeat('=');
    private static final long CRS = Scan.repeat('\r');
    private static final long LFS = Scan.repeat('\n');
    private static final int ESCAPED_SHIFT = 42 + 64;

    private final byte[] wire;
    private final int to;
    private final boolean vectors;
    private final byte[] spare;
    private final List<YencProblem> problems = new ArrayList<>();
    private int pos;
    private byte[] data = {};
    private int length;
    private boolean cutEscape;
    private Optional<YencKeywords> begin = Optional.empty();
    private Optional<YencKeywords> part = Optional.empty();
    private Optional<YencKeywords> end = Optional.empty();

    private YencDecoder(byte[] wire, int from, int to, boolean vectors, byte[] spare) {
        this.spare = spare;
        this.wire = wire;
        this.vectors = vectors;
        this.pos = from;
        this.to = to;
    }

    /**
     * Does what the first part would have to wait for, and the search for where it ends: loops over
     * vectors are compiled.
     *
     * @return whether there are any
     */
    public static boolean prepare() {
        return VectorKernels.isDecodingReady();
    }

    /**
     * Decodes the first yEnc part in a body at [from, to), which is in wire form: dot-stuffing is
     * taken off on the way, and a final {@code .CRLF} may be in the range. Text before
     * {@code =ybegin} and after {@code =yend} is passed over. Never fails: what is wrong is
     * listed in the result.
     */
    public static YencDecoded decode(byte[] wire, int from, int to) {
        return decode(wire, from, to, new byte[0]);
    }

    /**
     * The same.
     *
     * @param spare an array that becomes the data if it is just as long as that
     */
    public static YencDecoded decode(byte[] wire, int from, int to, byte[] spare) {
        return new YencDecoder(wire, from, to, VectorYenc.Support.IS_THERE, spare).run();
    }

    /** With vectors or without; it comes to the same. */
    static YencDecoded decode(byte[] wire, int from, int to, boolean vectors) {
        return new YencDecoder(wire, from, to, vectors, new byte[0]).run();
    }

    private YencDecoded run() {
        while (begin.isEmpty() && startOfLine()) {
            int lineEnd = endOfLine();
            if (startsWith("=ybegin ", lineEnd)) {
                begin = Optional.of(YencKeywords.parse(wire, pos, lineEnd));
            }
            nextLine(lineEnd);
        }
        while (begin.isPresent() && end.isEmpty() && startOfLine()) {
            if (pos + 1 < to && wire[pos] == '=' && wire[pos + 1] == 'y') {
                keywordLine();
            } else {
                dataLine();
            }
        }
        return result();
    }

    /** Takes the stuffing off a line; false at the end of the body. */
    private boolean startOfLine() {
        if (pos < to && wire[pos] == '.') {
            pos++;
            boolean last = pos == to || wire[pos] == '\r' && pos + 1 < to && wire[pos + 1] == '\n';
            if (last) {
                pos = to;
            }
        }
        return pos < to;
    }

    private int endOfLine() {
        int at = pos;
        while (at < to && wire[at] != '\r' && wire[at] != '\n') {
            at++;
        }
        return at;
    }

    private void nextLine(int lineEnd) {
        pos = lineEnd;
        while (pos < to && wire[pos] == '\r') {
            pos++;
        }
        if (pos < to && wire[pos] == '\n') {
            pos++;
        }
    }

    private boolean startsWith(String keyword, int lineEnd) {
        if (lineEnd - pos < keyword.length()) {
            return false;
        }
        for (int i = 0; i < keyword.length(); i++) {
            if (wire[pos + i] != keyword.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Lines that start with =y are never data; unknown ones are reserved and passed over. */
    private void keywordLine() {
        int lineEnd = endOfLine();
        if (startsWith("=ypart ", lineEnd) && part.isEmpty() && length == 0) {
            part = Optional.of(YencKeywords.parse(wire, pos, lineEnd));
        } else if (startsWith("=yend", lineEnd)) {
            end = Optional.of(YencKeywords.parse(wire, pos, lineEnd));
        }
        nextLine(lineEnd);
    }

    /** Decodes to the end of the line. */
    private void dataLine() {
        if (data.length == 0) {
            int capacity = firstCapacity();
            data = spare.length == capacity ? spare : new byte[capacity];
        }
        do {
            if (vectors) {
                long reached = VectorKernels.decode(wire, pos, to, data, length);
                pos = (int) (reached >>> Integer.SIZE);
                length = (int) reached;
            }
            plainOctets();
        } while (pos < to && !octet());
    }

    /**
     * Decodes octets up to an escape or line end, or to where less than eight are left. Eight are
     * decoded at once and those before the first hit are kept. That there is no hit is the common
     * case, and a branch of its own: where the next eight stand must not wait for a count.
     */
    private void plainOctets() {
        byte[] in = wire;
        byte[] out = data;
        int last = pos + Math.min(to - pos, out.length - length) - 8;
        int shift = length - pos;
        int i = pos;
        while (i <= last) {
            long word = (long) Scan.LONG.get(in, i);
            // Subtracts 42 from each octet; the set high bits keep borrows within it.
            Scan.LONG.set(out, i + shift, (word | HIGH_BITS) - SHIFTS ^ ~word & HIGH_BITS);
            long hits = Scan.zeros(word ^ CRS) | Scan.zeros(word ^ LFS)
                    | Scan.zeros(word ^ EQUALS_SIGNS);
            if (hits != 0) {
                i += Long.numberOfTrailingZeros(hits) >>> 3;
                break;
            }
            i += 8;
        }
        pos = i;
        length = i + shift;
    }

    /** Decodes one octet, or an escape and its octet; true if it was the end of the line. */
    private boolean octet() {
        byte b = wire[pos++];
        switch (b) {
            case '\n' -> {
                return true;
            }
            case '\r' -> { }
            case '=' -> {
                if (pos == to || wire[pos] == '\r' || wire[pos] == '\n') {
                    cutEscape = true;
                } else {
                    put((byte) (wire[pos++] - ESCAPED_SHIFT));
                }
            }
            default -> put((byte) (b - 42));
        }
        return false;
    }

    private void put(byte b) {
        if (length == data.length) {
            // The size that was declared is wrong; what is left of the body bounds the rest.
            int bound = length + 1 + to - pos;
            data = Arrays.copyOf(data, Math.clamp(2L * length, Math.min(256, bound), bound));
        }
        data[length++] = b;
    }

    /** The declared size if the body can hold it, for then nothing has to be copied again. */
    private int firstCapacity() {
        int bound = to - pos;
        long declared = part.isPresent() ? declaredLength(part.get())
                : begin.map(line -> line.number("size")).orElse(-1L);
        return declared > 0 && declared <= bound ? (int) declared : bound;
    }

    private static long declaredLength(YencKeywords part) {
        long first = part.number("begin");
        long last = part.number("end");
        // An empty file is written as begin=1 end=0.
        return first < 1 || last < first - 1 ? -1 : last - first + 1;
    }

    private YencDecoded result() {
        byte[] octets = length == data.length ? data : Arrays.copyOf(data, length);
        CRC32 crc = new CRC32();
        crc.update(octets);
        if (begin.isEmpty()) {
            problem(YencProblem.Kind.NO_BEGIN, "the body has no =ybegin line");
            return new YencDecoded(new YencPart("", 0, 1, 0, 0), octets, 0, false, problems);
        }
        YencPart header = header(begin.get());
        checkSizes();
        boolean verified = checkCrc(crc.getValue());
        if (cutEscape) {
            problem(YencProblem.Kind.CUT_ESCAPE, "an escape is cut from its octet");
        }
        return new YencDecoded(header, octets, crc.getValue(), verified, problems);
    }

    private YencPart header(YencKeywords line) {
        long size = line.number("size");
        if (size < 0 || !line.has("name")) {
            problem(YencProblem.Kind.BAD_HEADER, "=ybegin has no size or no name");
        }
        long number = line.has("part") ? line.number("part") : 1;
        if (number < 1 || number > Integer.MAX_VALUE) {
            problem(YencProblem.Kind.BAD_HEADER, "=ybegin part=" + shown(line, "part"));
            number = 1;
        }
        // Posters may leave total out or write nonsense; nothing depends on it.
        long total = Math.clamp(line.number("total"), 0, Integer.MAX_VALUE);
        String name = line.values().getOrDefault("name", "").replace('\0', '?');
        OptionalLong fileCrc = end.flatMap(y -> y.crc("crc32")).map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        return new YencPart(name, Math.max(0, size), (int) number, (int) total, offset(line),
                fileCrc);
    }

    private long offset(YencKeywords line) {
        if (part.isEmpty()) {
            if (line.has("part")) {
                problem(YencProblem.Kind.BAD_HEADER, "=ypart is missing: nobody knows where part "
                        + shown(line, "part") + " begins");
            }
            return 0;
        }
        if (declaredLength(part.get()) < 0) {
            problem(YencProblem.Kind.BAD_HEADER, "=ypart begin=" + shown(part.get(), "begin")
                    + " end=" + shown(part.get(), "end"));
        }
        return Math.max(0, part.get().number("begin") - 1);
    }

    private void checkSizes() {
        long declared = part.map(YencDecoder::declaredLength).orElse(-1L);
        if (declared >= 0 && declared != length) {
            problem(YencProblem.Kind.SIZE_MISMATCH, "=ypart says " + declared
                    + " octets, there are " + length);
        }
        if (end.isEmpty()) {
            problem(YencProblem.Kind.NO_END, "=yend is missing after " + length + " octets");
            return;
        }
        YencKeywords line = end.get();
        long size = line.number("size");
        if (size < 0) {
            problem(YencProblem.Kind.BAD_END, "=yend size=" + shown(line, "size"));
        } else if (size != length) {
            problem(YencProblem.Kind.SIZE_MISMATCH, "=yend says " + size + " octets, there are "
                    + length);
        }
        if (line.has("part") && begin.get().has("part")
                && line.number("part") != begin.get().number("part")) {
            problem(YencProblem.Kind.PART_MISMATCH, "=ybegin says part "
                    + shown(begin.get(), "part") + ", =yend part " + shown(line, "part"));
        }
    }

    /** True if the body gives a CRC of just this data and it is right. */
    private boolean checkCrc(long computed) {
        if (end.isEmpty()) {
            return false;
        }
        YencKeywords line = end.get();
        boolean single = part.isEmpty() && !begin.get().has("part");
        String key = line.has("pcrc32") || !single && !isWholeFile() ? "pcrc32" : "crc32";
        if (!line.has(key)) {
            problem(YencProblem.Kind.NO_CRC, "=yend gives no " + key);
            return false;
        }
        Optional<Long> given = line.crc(key);
        if (given.isEmpty()) {
            problem(YencProblem.Kind.BAD_END, "=yend " + key + "=" + shown(line, key));
        } else if (given.get() != computed) {
            problem(YencProblem.Kind.CRC_MISMATCH, String.format("=yend says %s=%08x, the data has"
                    + " %08x", key, given.get(), computed));
        }
        return given.isPresent() && given.get() == computed;
    }

    /** One part is the whole file: then crc32 without pcrc32 is the CRC of this data. */
    private boolean isWholeFile() {
        YencKeywords line = begin.get();
        return part.isPresent() && part.get().number("begin") == 1
                && line.number("size") == part.get().number("end");
    }

    private void problem(YencProblem.Kind kind, String detail) {
        problems.add(new YencProblem(kind, detail));
    }

    private static String shown(YencKeywords line, String key) {
        return Text.shown(line.text(key));
    }
}
