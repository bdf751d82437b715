package net.spillway.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line, RFC 3977 §3.1.
 *
 * @param keyword   first word, its ASCII letters in upper case; second words such as READER stay
 *                  arguments
 * @param arguments the words after it, as they were written
 * @param line      the whole line without its end
 */
public record Command(String keyword, List<String> arguments, String line) {
    /** RFC 3977 §3.1: longest command line, its CRLF included. */
    public static final int MAX_OCTETS = 512;

    /** What we take: AUTHINFO SASL and clients with long arguments go beyond the standard. */
    public static final int EXTENDED_OCTETS = 4096;

    public Command {
        arguments = List.copyOf(arguments);
    }

    /** Reads a line of octets without its end; UTF-8 if valid, else ISO-8859-1. */
    public static Command parse(byte[] line) throws ProtocolException {
        return parse(Text.decode(line, 0, line.length));
    }

    /**
     * Reads a line without its end.
     *
     * @throws ProtocolException if it is blank, holds NUL, CR or LF, or is longer than
     *         {@link #EXTENDED_OCTETS}
     */
    public static Command parse(String line) throws ProtocolException {
        if (line.length() > EXTENDED_OCTETS - 2) {
            throw new ProtocolException("the command is longer than " + EXTENDED_OCTETS
                    + " octets");
        }
        if (Text.breaksLine(line)) {
            throw new ProtocolException("the command holds NUL, CR or LF");
        }
        List<String> words = words(line);
        if (words.isEmpty()) {
            throw new ProtocolException("the command line is blank");
        }
        return new Command(upper(words.getFirst()),
                words.subList(1, words.size()), line);
    }

    /** Whether argument {@code index} exists and is that word, in any case. */
    public boolean hasWord(int index, String word) {
        return index < arguments.size() && arguments.get(index).equalsIgnoreCase(word);
    }

    /** The line from argument {@code index} to its end, blanks kept: passwords may have some. */
    public String rest(int index) {
        int pos = skip(line, 0, true);
        for (int word = 0; word <= index; word++) {
            pos = skip(line, skip(line, pos, false), true);
        }
        return line.substring(pos);
    }

    /** For logs and traces: never shows what follows AUTHINFO and its first word. */
    @Override
    public String toString() {
        if (keyword.equals("AUTHINFO")) {
            return arguments.isEmpty() ? keyword : keyword + " " + Text.shown(arguments.getFirst())
                    + " ...";
        }
        return line;
    }

    /** ASCII only: there are letters elsewhere whose upper case is one of A to Z. */
    private static String upper(String word) {
        if (isUpper(word)) {
            return word;
        }
        char[] letters = word.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'a' && letters[i] <= 'z') {
                letters[i] -= 'a' - 'A';
            }
        }
        return new String(letters);
    }

    private static boolean isUpper(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 'a' && word.charAt(i) <= 'z') {
                return false;
            }
        }
        return true;
    }

    static List<String> words(String line) {
        List<String> words = new ArrayList<>(4);
        int pos = skip(line, 0, true);
        while (pos < line.length()) {
            int end = skip(line, pos, false);
            words.add(line.substring(pos, end));
            pos = skip(line, end, true);
        }
        return words;
    }

    private static int skip(String line, int from, boolean blanks) {
        int pos = from;
        while (pos < line.length()
                && (line.charAt(pos) == ' ' || line.charAt(pos) == '\t') == blanks) {
            pos++;
        }
        return pos;
    }
}
