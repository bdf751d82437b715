package net.spillway.protocol;

/**
 * Names of header fields, compared where they stand: printable ASCII up to the colon, behind the
 * dot that is put before a name with a dot at its start. Whoever asks has made sure that there is
 * one.
 */
final class FieldName {
    private FieldName() {}

    /** Where the name begins in a line that begins there: only such a line is ever stuffed. */
    static int start(byte[] octets, int line) {
        return octets[line] == '.' ? line + 1 : line;
    }

    /** Where the name that begins there ends, and the colon stands. */
    static int end(byte[] octets, int start) {
        int at = start;
        while (octets[at] != ':') {
            at++;
        }
        return at;
    }

    /** Whether the field in the line that begins there has that name, in any case. */
    static boolean is(byte[] octets, int line, String name) {
        int at = start(octets, line);
        for (int i = 0; i < name.length(); i++) {
            // A name that is shorter ends in a colon, which is in no other.
            if (lower(octets[at + i]) != lower(name.charAt(i))) {
                return false;
            }
        }
        return octets[at + name.length()] == ':';
    }

    /** Whether the fields in two lines have the same name, in any case. */
    static boolean isSame(byte[] octets, int line, int otherLine) {
        int one = start(octets, line);
        int other = start(octets, otherLine);
        while (lower(octets[one]) == lower(octets[other])) {
            if (octets[one] == ':') {
                return true;
            }
            one++;
            other++;
        }
        return false;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
}
