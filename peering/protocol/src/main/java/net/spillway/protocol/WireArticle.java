package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An article as it goes over the wire and lies in the spool: CRLF lines, dot-stuffed, ended by
 * {@code .CRLF}.
 *
 * <pre>
 * 0             headLength     bodyStart              bodyEnd    bytes().length
 * | header lines | CRLF         | body lines, stuffed  | "." CRLF |
 * </pre>
 */
public final class WireArticle {
    private static final byte[] END = {'.', '\r', '\n'};

    private final byte[] bytes;
    private final ArticleHead head;
    private final int headLength;
    private final int bodyEnd;
    private final int bodyLines;
    private final int stuffedLines;

    private WireArticle(byte[] bytes, ArticleHead head, int headLength, int bodyEnd,
            int bodyLines, int stuffedLines) {
        this.bytes = bytes;
        this.head = head;
        this.headLength = headLength;
        this.bodyEnd = bodyEnd;
        this.bodyLines = bodyLines;
        this.stuffedLines = stuffedLines;
    }

    /** As {@link #parse(byte[], ArticleLimits)}, with the default limits. */
    public static WireArticle parse(byte[] wire) throws MalformedArticle {
        return parse(wire, ArticleLimits.DEFAULT);
    }

    /**
     * Takes apart an article that a {@link BlockDecoder} has read, whose lines need not be looked
     * at again. Its array is kept, not copied: leave it alone afterwards.
     *
     * @throws MalformedArticle as {@link #parse(byte[], ArticleLimits)}
     */
    public static WireArticle of(BlockDecoder.Complete block, ArticleLimits limits)
            throws MalformedArticle {
        BlockDecoder.Shape shape = block.shape();
        if (!block.clean() || shape.longest() > limits.lineOctets() || shape.blank() <= 0) {
            return parse(block.bytes(), limits); // It fails, and says why and where.
        }
        ArticleHead head = ArticleHead.parse(block.array(), 0, shape.blank(), limits);
        return new WireArticle(block.array(), head, shape.blank(),
                block.length() - END.length, shape.lines() - shape.linesBefore() - 1,
                shape.stuffed());
    }

    /**
     * Takes an article apart. The array is kept, not copied: leave it alone afterwards.
     *
     * @throws MalformedArticle on NUL, bare CR or LF, a missing blank line, text after the final
     *         dot, a line that is no header field, or more than the limits allow; it names the
     *         line, counted from 1
     */
    public static WireArticle parse(byte[] wire, ArticleLimits limits) throws MalformedArticle {
        int headLength = -1;
        int blankLine = 0;
        int stuffed = 0;
        int pos = 0;
        for (int line = 1; ; line++) {
            int end = endOfLine(wire, pos, line, limits);
            if (end == pos && headLength < 0) {
                headLength = pos;
                blankLine = line;
            } else if (wire[pos] == '.' && end == pos + 1) {
                return finish(wire, headLength, pos, line - 1 - blankLine, stuffed, limits);
            } else if (wire[pos] == '.') {
                stuffed++;
            }
            pos = end + 2;
        }
    }

    /**
     * Puts an article together: folds long fields at blanks, dot-stuffs the body and ends it.
     *
     * @param body lines with CRLF, not dot-stuffed; a missing last CRLF is added
     * @throws IllegalArgumentException if the body holds NUL, bare CR or bare LF, or there is no
     *         header field
     */
    public static WireArticle build(List<HeaderField> fields, byte[] body) {
        byte[] lines = new HeadEditor(fields).toBytes();
        byte[] stuffed = DotStuffing.stuff(body);
        boolean open = stuffed.length > 0 && stuffed[stuffed.length - 1] != '\n';
        byte[][] pieces = {lines, LineDecoder.CRLF, stuffed,
                open ? LineDecoder.CRLF : new byte[0], END};
        byte[] wire = new byte[lines.length + stuffed.length + (open ? 4 : 2) + END.length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, wire, at, piece.length);
            at += piece.length;
        }
        try {
            return parse(wire,
                    new ArticleLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        } catch (MalformedArticle e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Holds the whole article from index 0 on, and perhaps a few octets more; not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** Octets up to and including the CRLF of the last header line, without the blank line. */
    public int headLength() {
        return headLength;
    }

    /** Where the body begins, after the blank line. */
    public int bodyStart() {
        return headLength + 2;
    }

    /** Where the body ends, before the final {@code .CRLF}. */
    public int bodyEnd() {
        return bodyEnd;
    }

    public ArticleHead head() {
        return head;
    }

    /** Number of lines of the body, as overview's {@code :lines} wants it. */
    public int bodyLines() {
        return bodyLines;
    }

    /** Octets of head, blank line and body without dot-stuffing and end: {@code :bytes}. */
    public long unstuffedSize() {
        return bodyEnd - stuffedLines;
    }

    /** The body as its author wrote it, without dot-stuffing. */
    public byte[] body() {
        return DotStuffing.unstuff(bytes, bodyStart(), bodyEnd);
    }

    /** The head without Latin-1 or UTF-8 decoding, for people. */
    @Override
    public String toString() {
        return new String(bytes, 0, headLength, StandardCharsets.ISO_8859_1);
    }

    private static WireArticle finish(byte[] wire, int headLength, int dot, int lines, int stuffed,
            ArticleLimits limits) throws MalformedArticle {
        if (headLength < 0) {
            throw new MalformedArticle("no blank line stands between head and body");
        }
        if (headLength == 0) {
            throw new MalformedArticle("line 1 is blank: the article has no header fields");
        }
        if (dot + END.length != wire.length) {
            throw new MalformedArticle("text follows the final dot");
        }
        ArticleHead head = ArticleHead.parse(wire, 0, headLength, limits);
        return new WireArticle(wire, head, headLength, dot, lines, stuffed);
    }

    private static int endOfLine(byte[] wire, int pos, int line, ArticleLimits limits)
            throws MalformedArticle {
        int end = Scan.control(wire, pos, wire.length);
        if (end == wire.length) {
            throw new MalformedArticle("the article does not end with a line of one dot");
        }
        if (wire[end] == 0) {
            throw new MalformedArticle("line " + line + " holds a NUL");
        }
        if (wire[end] == '\n') {
            throw new MalformedArticle("line " + line + " holds a bare LF");
        }
        if (end + 1 == wire.length || wire[end + 1] != '\n') {
            throw new MalformedArticle("line " + line + " holds a bare CR");
        }
        if (end - pos > limits.lineOctets()) {
            throw new MalformedArticle("line " + line + " is longer than " + limits.lineOctets()
                    + " octets");
        }
        return end;
    }
}
