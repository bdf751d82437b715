package net.spillway.tools.nzb;

import java.nio.charset.StandardCharsets;

/**
 * Looks at what stands before an XML document's first element, for the one thing that is refused
 * there: a document type that defines something itself. The parser would merely pass over it, and
 * then complain of an entity somewhere below; this way the message says what is the matter.
 */
final class Prolog {
    private static final int LONGEST = 64 * 1024;

    private Prolog() {}

    static void refuseDefinitions(byte[] document, String file) throws NzbException {
        // The octets that matter are ASCII; dropping NUL makes UTF-16 readable enough for this.
        String text = new String(document, 0, Math.min(document.length, LONGEST),
                StandardCharsets.ISO_8859_1).replace("\0", "");
        int doctype = text.indexOf("<!DOCTYPE");
        int firstElement = firstElement(text);
        if (doctype < 0 || doctype > firstElement) {
            return;
        }
        int definitions = text.indexOf('[', doctype);
        int end = text.indexOf('>', doctype);
        if (end < 0 || definitions >= 0 && definitions < end) {
            long line = 1 + text.substring(0, doctype).chars().filter(c -> c == '\n').count();
            throw new NzbException(file, (int) line,
                    "its document type defines entities or elements of its own, which is refused;"
                            + " an NZB needs none");
        }
    }

    private static int firstElement(String text) {
        for (int i = text.indexOf('<'); i >= 0 && i + 1 < text.length();
                i = text.indexOf('<', i + 1)) {
            char next = text.charAt(i + 1);
            if (next != '?' && next != '!') {
                return i;
            }
        }
        return text.length();
    }
}
