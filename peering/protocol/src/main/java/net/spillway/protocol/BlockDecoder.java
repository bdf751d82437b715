package net.spillway.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects a multi-line block (RFC 3977 §3.1.1) in wire form up to and including its last line,
 * {@code .CRLF}, however the stream is cut into buffers. What follows the block stays in the
 * buffer. After a block has been taken the decoder is ready for the next. One owner at a time.
 *
 * <p>How it works: octets are copied in bulk to the end of a growing array and scanned there; if
 * the end lies among them, the buffer's position goes back to just behind it. Only CRLF ends a
 * line: {@code LF.LF} and its like never end a block (or one relay could be made to see a command
 * where another sees text), they are flagged. Most lines are as long as the one before, as those of
 * yEnc and base64 are: so it is first looked whether the next is, too, which a processor can do
 * without having to guess where it ends.
 *
 * <p>Memory follows what has come, never what was announced. A block beyond the limit is
 * swallowed to its end without being kept.
 */
public final class BlockDecoder {
    /** What became of a block. */
    public sealed interface Block permits Complete, TooLong {}

    /**
     * A whole block.
     *
     * @param array  holds it from index 0 on, in wire form, and little more; it is the reader's
     * @param length its octets, the final {@code .CRLF} included
     * @param clean  whether it is free of NUL, bare CR and bare LF
     * @param shape  what its lines are like
     */
    public record Complete(byte[] array, int length, boolean clean, Shape shape)
            implements Block {
        /** Just the block. */
        public byte[] bytes() {
            return length == array.length ? array : Arrays.copyOf(array, length);
        }
    }

    /**
     * What was seen of a block's lines, so that nobody need look at all of it again.
     *
     * @param blank       where the first empty line begins, or -1
     * @param linesBefore how many lines stand before that one
     * @param lines       how many lines there are, without the final dot
     * @param stuffed     how many of them start with a dot
     * @param longest     octets of the longest, without its CRLF
     */
    public record Shape(int blank, int linesBefore, int lines, int stuffed, int longest) {}

    /** A block larger than allowed; its octets, the final {@code .CRLF} included, are gone. */
    public record TooLong(long octets, int limit) implements Block {}

    private static final int SMALL = 4 * 1024;
    /** As much as an array may be larger than its block, as a share of that, and besides. */
    private static final int SLACK_SHARE = 16;
    private static final int SLACK_OCTETS = 64;
    /** A swallowed block is looked at in pieces of this size. */
    private static final int SWALLOW = 16 * 1024;

    private final int limit;
    private final ControlMarks marks = new ControlMarks();
    private byte[] bytes = {};
    /** Octets in the array. */
    private int length;
    /** Octets of this block that were dropped from the array since it became too long. */
    private long dropped;
    /** Where the unfinished line starts, and how far it has been scanned. */
    private int lineStart;
    private int scanned;
    /** What a too long block's unfinished line amounts to when its beginning was dropped. */
    private boolean lineCut;
    private boolean clean = true;
    private boolean tooLong;
    /** What has been seen of the block's lines; see {@link Shape}. */
    private int blank = -1;
    private int linesBefore;
    private int lines;
    private int stuffed;
    private int longest;
    /** Octets of the line before, without its CRLF. */
    private int before;
    /** What the last block took, and so perhaps the next; 0 if nothing is known. */
    private int sizeHint;
    private Block block;

    /** @param limit largest block in octets, wire form, with its final {@code .CRLF} */
    public BlockDecoder(int limit) {
        if (limit < 3) {
            throw new IllegalArgumentException("a block has at least the 3 octets of its end");
        }
        this.limit = limit;
    }

    /** Takes octets up to the end of the block; true if it is reached, false to go on. */
    public boolean feed(ByteBuffer in) {
        block = null;
        while (in.hasRemaining()) {
            makeRoom(in.remaining());
            int taken = Math.min(in.remaining(), bytes.length - length);
            in.get(bytes, length, taken);
            length += taken;
            int end = scan();
            if (end >= 0) {
                in.position(in.position() - (length - end));
                finish(end);
                return true;
            }
        }
        return false;
    }

    /**
     * The block that {@link #feed} has just completed.
     *
     * @throws IllegalStateException if it completed none
     */
    public Block block() {
        if (block == null) {
            throw new IllegalStateException("no block is complete");
        }
        return block;
    }

    /** Octets of the unfinished block taken so far. */
    public long pending() {
        return dropped + length;
    }

    /** Octets of memory that the unfinished block takes. */
    public int held() {
        return bytes.length;
    }

    /** Sees to it that at least one octet fits, in proportion to what has come. */
    private void makeRoom(int wanted) {
        if (length < bytes.length) {
            return;
        }
        if (!tooLong && length < limit) {
            long size = length == 0 ? sizeHint > 0 ? sizeHint : Math.max(SMALL,
                            Math.min(wanted, SWALLOW))
                    : Math.max(2L * length, length + (long) Math.min(wanted, SWALLOW));
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, size));
            return;
        }
        tooLong = true;
        drop();
    }

    /** Keeps of a too long block only what an end could still begin with. */
    private void drop() {
        int keepFrom = Math.max(lineStart, length - 3);
        lineCut |= keepFrom > lineStart;
        byte[] kept = Arrays.copyOfRange(bytes, keepFrom, length);
        if (bytes.length != SWALLOW) {
            bytes = new byte[SWALLOW];
        }
        System.arraycopy(kept, 0, bytes, 0, kept.length);
        dropped += keepFrom;
        length = kept.length;
        scanned = Math.max(0, scanned - keepFrom);
        lineStart = 0;
    }

    /** Looks for the end in what is new; its index, behind the last LF, or -1. */
    private int scan() {
        marks.forget();
        while (true) {
            int at = isLikeBefore() ? lineStart + before : marks.next(bytes, scanned, length);
            if (at == length || bytes[at] == '\r' && at + 1 == length) {
                // A last CR is looked at again with the octet that follows it.
                scanned = at;
                return -1;
            }
            if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
                clean = false;
                scanned = at + 1;
                continue;
            }
            int octets = at - lineStart;
            boolean dotted = !lineCut && octets > 0 && bytes[lineStart] == '.';
            if (dotted && octets == 1) {
                return at + 2;
            }
            note(octets, dotted);
            scanned = at + 2;
            lineStart = scanned;
            lineCut = false;
        }
    }

    /** Whether the next line is known to be as long as the one before it, all of it being here. */
    private boolean isLikeBefore() {
        int at = lineStart + before;
        return scanned == lineStart && at + 1 < length && bytes[at] == '\r'
                && marks.isNone(bytes, lineStart, at, length);
    }

    private void note(int octets, boolean dotted) {
        before = octets;
        if (octets == 0 && blank < 0) {
            blank = lineStart;
            linesBefore = lines;
        }
        lines++;
        stuffed += dotted ? 1 : 0;
        longest = Math.max(longest, octets);
    }

    private void finish(int end) {
        if (tooLong) {
            block = new TooLong(dropped + end, limit);
            sizeHint = 0;
        } else {
            boolean fits = bytes.length - end <= end / SLACK_SHARE + SLACK_OCTETS;
            block = new Complete(fits ? bytes : Arrays.copyOf(bytes, end), end, clean,
                    new Shape(blank, linesBefore, lines, stuffed, longest));
            // The next block is often as large; then it is never copied.
            sizeHint = (int) Math.min(end + end / (2L * SLACK_SHARE) + SLACK_OCTETS, limit);
        }
        bytes = new byte[0];
        length = 0;
        dropped = 0;
        lineStart = 0;
        scanned = 0;
        lineCut = false;
        clean = true;
        tooLong = false;
        blank = -1;
        linesBefore = 0;
        lines = 0;
        stuffed = 0;
        longest = 0;
    }
}
