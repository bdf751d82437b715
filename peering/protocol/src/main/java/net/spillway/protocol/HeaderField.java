package net.spillway.protocol;

/**
 * One header field, unfolded.
 *
 * @param name  printable ASCII without colon or blank, as it was written
 * @param value the content on one line, without leading or trailing blanks; decoded as UTF-8 if
 *              that is valid, else as ISO-8859-1
 */
public record HeaderField(String name, String value) {
    public HeaderField {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "not a header field name: \"" + Text.shown(name) + "\"");
        }
        if (Text.breaksLine(value)) {
            throw new IllegalArgumentException("the " + name + " field holds NUL, CR or LF");
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ':') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
