package net.spillway.tools.nzb;

import java.io.ByteArrayInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import net.spillway.protocol.MessageId;

/**
 * Reads manifests from anybody. A document type may be declared, as most do, but is never fetched;
 * one that defines anything itself (entities, say) is refused. Gzip is unpacked. Sizes and counts
 * are bounded.
 */
public final class NzbReader {
    /** Articles that a manifest may name. */
    public static final int MOST_SEGMENTS = 500_000;
    /** Lines that a manifest's head may have. */
    public static final int MOST_META = 250_000;
    private static final int MOST_ENTRIES = 200_000;
    private static final int LONGEST_TEXT = 16 * 1024;
    private static final int DEEPEST = 50;
    private static final int MOST_DIGITS = 18;

    private final String file;
    private final XMLStreamReader xml;
    private final List<NzbFile.Meta> meta = new ArrayList<>();
    private final List<NzbFile.Entry> entries = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int segments;

    private NzbReader(String file, XMLStreamReader xml) {
        this.file = file;
        this.xml = xml;
    }

    /** Reads a manifest from a file. */
    public static NzbFile read(Path file) throws IOException {
        return read(NzbSource.of(file));
    }

    /** Reads a manifest from where it comes from. */
    public static NzbFile read(NzbSource source) throws IOException {
        return read(source.text());
    }

    /**
     * Reads a manifest from a stream.
     *
     * @param file what to call it in messages
     */
    public static NzbFile read(InputStream in, String file) throws IOException {
        byte[] all = in.readAllBytes();
        return read(new NzbText(() -> new ByteArrayInputStream(all), file));
    }

    static NzbFile read(NzbText text) throws IOException {
        String file = text.name();
        Charset charset = text.check();
        try (Reader reader = new Printable(new InputStreamReader(text.open(), charset))) {
            XMLStreamReader xml = factory().createXMLStreamReader(reader);
            NzbReader nzb = new NzbReader(file, xml);
            nzb.document();
            return new NzbFile(nzb.meta, nzb.entries);
        } catch (XMLStreamException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
            String why = firstLine(e.getMessage());
            // This is how Java's parser says that a document ends before its elements do.
            throw new NzbException(file, line, "not a readable NZB: "
                    + (why.contains("within the same entity")
                            ? "it ends too early; a part of the file is lacking" : why));
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("it refers to " + systemId + ", which is not fetched");
        });
        return factory;
    }

    private void document() throws XMLStreamException, NzbException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            // The document type, comments.
        }
        if (!xml.getLocalName().equals("nzb")) {
            throw problem("the document is <" + shown(xml.getLocalName()) + ">, not <nzb>");
        }
        while (nextChild()) {
            switch (xml.getLocalName()) {
                case "head" -> head();
                case "file" -> entry();
                default -> skip();
            }
        }
    }

    private void head() throws XMLStreamException, NzbException {
        while (nextChild()) {
            if (xml.getLocalName().equals("meta")) {
                String type = attribute("type");
                bound(meta.size() + 1, MOST_META, "<meta> elements");
                meta.add(new NzbFile.Meta(type, text()));
            } else {
                skip();
            }
        }
    }

    private void entry() throws XMLStreamException, NzbException {
        bound(entries.size() + 1, MOST_ENTRIES, "files");
        String subject = attribute("subject");
        String poster = attribute("poster");
        long date = number(attribute("date"));
        List<String> groups = new ArrayList<>();
        List<NzbFile.Segment> found = new ArrayList<>();
        while (nextChild()) {
            switch (xml.getLocalName()) {
                case "groups" -> groups(groups);
                case "segments" -> segments(found);
                default -> skip();
            }
        }
        if (found.isEmpty()) {
            return; // It names nothing that could be fetched.
        }
        found.sort(Comparator.comparingInt(NzbFile.Segment::number));
        entries.add(new NzbFile.Entry(subject, poster, date, groups, found));
    }

    private void groups(List<String> groups) throws XMLStreamException, NzbException {
        while (nextChild()) {
            if (xml.getLocalName().equals("group")) {
                bound(groups.size() + 1, 1000, "groups of one file");
                groups.add(text().strip());
            } else {
                skip();
            }
        }
    }

    private void segments(List<NzbFile.Segment> found) throws XMLStreamException, NzbException {
        Set<MessageId> seen = new HashSet<>();
        while (nextChild()) {
            if (xml.getLocalName().equals("segment")) {
                bound(++segments, MOST_SEGMENTS, "segments");
                NzbFile.Segment segment = segment(found.size() + 1);
                if (seen.add(segment.id())) {
                    found.add(segment);
                }
            } else {
                skip();
            }
        }
    }

    private NzbFile.Segment segment(int position) throws XMLStreamException, NzbException {
        long number = number(attribute("number"));
        long bytes = number(attribute("bytes"));
        int line = xml.getLocation().getLineNumber();
        String id = messageId();
        Optional<MessageId> parsed = MessageId.parse(id);
        if (parsed.isEmpty()) {
            throw new NzbException(file, line, "\"" + shown(id) + "\" is no message-ID");
        }
        int part = number >= 1 && number <= MOST_SEGMENTS ? (int) number : position;
        return new NzbFile.Segment(part, bytes, parsed.get());
    }

    /** The element's text without blanks around it, in brackets if it has none. */
    private String messageId() throws XMLStreamException, NzbException {
        readText();
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        while (from < to && text.charAt(to - 1) <= ' ') {
            to--;
        }
        text.setLength(to);
        text.delete(0, from);
        if (text.isEmpty() || text.charAt(0) != '<') {
            text.insert(0, '<').append('>');
        }
        return text.toString();
    }

    /** Goes to the next child element of the one we are in; false at the latter's end. */
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {
                    // Blanks, comments, stray text.
                }
            }
        }
    }

    /** Passes over an element and all in it. */
    private void skip() throws XMLStreamException, NzbException {
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                bound(++depth, DEEPEST, "elements within each other");
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
    }

    private String text() throws XMLStreamException, NzbException {
        readText();
        return text.toString();
    }

    /** Puts the text of the element we are in into {@link #text}. */
    private void readText() throws XMLStreamException, NzbException {
        text.setLength(0);
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                throw problem("a <" + shown(xml.getLocalName()) + "> where there should be text");
            }
            if (event != XMLStreamConstants.COMMENT
                    && event != XMLStreamConstants.PROCESSING_INSTRUCTION) {
                if (event == XMLStreamConstants.ENTITY_REFERENCE) {
                    throw problem("an entity that nobody defined: " + shown(xml.getLocalName()));
                }
                text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                bound(text);
            }
        }
    }

    private String attribute(String name) throws NzbException {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : bounded(value);
    }

    private String bounded(String text) throws NzbException {
        bound(text);
        return text;
    }

    private void bound(CharSequence text) throws NzbException {
        if (text.length() > LONGEST_TEXT) {
            throw problem("a text of more than " + LONGEST_TEXT + " characters");
        }
    }

    private void bound(int n, int most, String what) throws NzbException {
        if (n > most) {
            throw problem("more than " + most + " " + what);
        }
    }

    private NzbException problem(String what) {
        return new NzbException(file, xml.getLocation().getLineNumber(), what);
    }

    /** A count that is a hint only: what isn't one is 0. */
    private static long number(String text) {
        String digits = text.strip();
        if (digits.length() > MOST_DIGITS) {
            return 0;
        }
        // Without an exception, which is thousands of octets where hardly anything is.
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static String shown(String text) {
        return RelativeName.shown(text);
    }

    /** The parser's messages have the location in a line of its own, which we give ourselves. */
    private static String firstLine(String message) {
        if (message == null) {
            return "no XML";
        }
        int marker = message.indexOf("Message: ");
        String said = marker < 0 ? message : message.substring(marker + 9);
        return said.lines().findFirst().orElse("");
    }

    /** Control characters, which XML forbids and subjects contain, become blanks. */
    private static final class Printable extends FilterReader {
        Printable(Reader in) {
            super(in);
        }

        @Override
        public int read(char[] chars, int off, int len) throws IOException {
            int n = super.read(chars, off, len);
            for (int i = off; i < off + n; i++) {
                char c = chars[i];
                if (c < 0x20 && c != '\n' && c != '\r' && c != '\t'
                        || c == '\ufffe' || c == '\uffff') {
                    chars[i] = ' ';
                }
            }
            return n;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }
    }
}
