package net.spillway.tools.nzb;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import net.spillway.tools.BoundedInput;

/**
 * The text of a manifest, which is read twice: once to see whether it is what the XML parser should
 * get at all, for that holds in memory whatever stands between two tags; and to find out its
 * encoding. Text that is valid UTF-8 is taken as such whatever it declares, since many declare
 * Latin-1 over UTF-8; other text is taken as Latin-1. Gzip is unpacked.
 */
final class NzbText {
    private static final int BUFFER = 64 * 1024;
    /** Longest tag with the text behind it, comment, or piece of unparsed text. */
    private static final int LONGEST_STRETCH = 1 << 20;

    private final Opener opener;
    private final String name;

    /** Opens the same octets each time. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    /** @param name what to call it in messages */
    NzbText(Opener opener, String name) {
        this.opener = opener;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Refuses what no parser should get; tells the encoding of the rest. */
    Charset check() throws IOException {
        try (InputStream in = unpacked()) {
            byte[] buffer = new byte[BUFFER];
            int n = in.readNBytes(buffer, 0, BUFFER);
            byte[] head = Arrays.copyOf(buffer, n);
            boolean wide = isUtf16(head);
            refuseWhatIsNoXml(head, wide);
            Prolog.refuseDefinitions(head, name);
            CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
            CharBuffer out = CharBuffer.allocate(BUFFER);
            ByteBuffer left = ByteBuffer.wrap(buffer, 0, n);
            Stretches stretches = new Stretches();
            boolean utf8 = !wide;
            while (true) {
                stretches.take(buffer, left.limit() - n, left.limit());
                if (utf8) {
                    out.clear();
                    utf8 = !strict.decode(left, out, false).isError();
                }
                // An octet sequence that is cut goes before the next octets.
                left = utf8 ? left.compact() : left.clear();
                int kept = left.position();
                n = in.readNBytes(buffer, kept, BUFFER - kept);
                left.position(0).limit(kept + n);
                if (n == 0) {
                    boolean whole = kept == 0;
                    return wide ? StandardCharsets.UTF_16
                            : utf8 && whole ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
                }
            }
        } catch (NzbException e) {
            throw e;
        } catch (ZipException | EOFException e) {
            throw new NzbException(name, 0, "not readable as gzip: " + e.getMessage());
        }
    }

    /** The document without a UTF-8 mark and blanks before it, which XML doesn't allow there. */
    InputStream open() throws IOException {
        PushbackInputStream in = new PushbackInputStream(unpacked(), 3);
        byte[] mark = in.readNBytes(3);
        if (!isUtf8Mark(mark)) {
            in.unread(mark);
        }
        int first = in.read();
        while (isBlank(first)) {
            first = in.read();
        }
        if (first >= 0) {
            in.unread(first);
        }
        return in;
    }

    private InputStream unpacked() throws IOException {
        BufferedInputStream in = new BufferedInputStream(opener.open(), BUFFER);
        try {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return new BoundedInput(gzip ? new GZIPInputStream(in, BUFFER) : in,
                    NzbSource.MOST_OCTETS,
                    () -> NzbSource.tooLarge(name, gzip ? " when unpacked" : ""));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean isUtf8Mark(byte[] head) {
        return head.length >= 3 && head[0] == (byte) 0xef && head[1] == (byte) 0xbb
                && head[2] == (byte) 0xbf;
    }

    private static boolean isUtf16(byte[] head) {
        return head.length >= 2 && (head[0] == (byte) 0xfe && head[1] == (byte) 0xff
                || head[0] == (byte) 0xff && head[1] == (byte) 0xfe);
    }

    private static boolean isBlank(int octet) {
        return octet == ' ' || octet == '\r' || octet == '\n' || octet == '\t';
    }

    /** The parser would say no more than that something is not allowed in a prolog. */
    private void refuseWhatIsNoXml(byte[] head, boolean wide) throws NzbException {
        int at = isUtf8Mark(head) ? 3 : 0;
        while (at < head.length && isBlank(head[at])) {
            at++;
        }
        if (at == head.length) {
            throw new NzbException(name, 0, "the file is empty, so it is no NZB");
        }
        if (head[at] != '<' && !wide) {
            throw new NzbException(name, 1, "this is no XML, so it is no NZB");
        }
    }

    /** Watches how long what the parser has to hold at once is. */
    private final class Stretches {
        private static final String COMMENT = "!--";
        private static final String UNPARSED = "![CDATA[";

        /** Octets since the last opening, as long as it may be one of these. */
        private int opened;
        private boolean comment;
        private boolean unparsed;
        private byte ending;
        private int ended;
        private int length;
        private int line = 1;

        void take(byte[] octets, int from, int to) throws NzbException {
            for (int i = from; i < to; i++) {
                byte octet = octets[i];
                if (octet == 0) {
                    continue; // UTF-16.
                }
                line += octet == '\n' ? 1 : 0;
                length++;
                if (ending != 0) {
                    insideSection(octet);
                } else if (octet == '<') {
                    length = 0;
                    opened = 0;
                    comment = true;
                    unparsed = true;
                } else if (comment || unparsed) {
                    open(octet);
                }
                if (length > LONGEST_STRETCH) {
                    throw new NzbException(name, line, "more than " + LONGEST_STRETCH
                            + " octets without a tag, which no sensible NZB has");
                }
            }
        }

        private void open(byte octet) {
            comment &= opened < COMMENT.length() && COMMENT.charAt(opened) == octet;
            unparsed &= opened < UNPARSED.length() && UNPARSED.charAt(opened) == octet;
            opened++;
            if (comment && opened == COMMENT.length()) {
                section('-');
            } else if (unparsed && opened == UNPARSED.length()) {
                section(']');
            }
        }

        private void section(char endsWith) {
            ending = (byte) endsWith;
            ended = 0;
            comment = false;
            unparsed = false;
        }

        /** Looks for the end of a comment or unparsed text, which may hold tags. */
        private void insideSection(byte octet) {
            if (octet == '>' && ended >= 2) {
                ending = 0;
                length = 0;
            }
            ended = octet == ending ? ended + 1 : 0;
        }
    }
}
