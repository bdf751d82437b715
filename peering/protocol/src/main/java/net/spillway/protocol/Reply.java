package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The first line of a response, RFC 3977 §3.2.
 *
 * @param code 100 to 599
 * @param text what stands behind the code, on one line; may be empty. NUL, CR and LF become
 *             question marks, so that no text from elsewhere can forge a second line
 */
public record Reply(int code, String text) {
    public Reply {
        if (code < 100 || code > 599) {
            throw new IllegalArgumentException("reply codes run from 100 to 599, not " + code);
        }
        if (Text.breaksLine(text)) {
            text = text.replace('\0', '?').replace('\r', '?').replace('\n', '?');
        }
    }

    /** Reads a line of octets without its CRLF. */
    public static Reply parse(byte[] line) throws ProtocolException {
        return parse(Text.decode(line, 0, line.length));
    }

    /**
     * Reads a line without its CRLF.
     *
     * @throws ProtocolException if it does not start with a code and a blank, or holds NUL, CR
     *         or LF
     */
    public static Reply parse(String line) throws ProtocolException {
        if (Text.breaksLine(line)) {
            throw new ProtocolException("the reply holds NUL, CR or LF: " + Text.shown(line));
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            if (c < '0' || c > '9') {
                throw new ProtocolException("no reply code in: " + Text.shown(line));
            }
            code = code * 10 + c - '0';
        }
        if (code < 100 || code > 599 || line.length() > 3 && line.charAt(3) != ' ') {
            throw new ProtocolException("no reply code in: " + Text.shown(line));
        }
        return new Reply(code, line.length() > 4 ? line.substring(4) : "");
    }

    /** The line with its CRLF, in UTF-8. */
    public byte[] toBytes() {
        return (this + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The words of the text: arguments such as counts and message-IDs come first. */
    public List<String> words() {
        return Command.words(text);
    }

    /** 1xx, 2xx or 3xx: the command was taken. */
    public boolean isPositive() {
        return code < 400;
    }

    /** 2xx: done. */
    public boolean isDone() {
        return code / 100 == 2;
    }

    /** 3xx: go on with the second half, an article or a password. */
    public boolean isContinue() {
        return code / 100 == 3;
    }

    /** 4xx: not now, or not here. */
    public boolean isTemporaryFailure() {
        return code / 100 == 4;
    }

    /** 5xx: not understood, not allowed, or broken. */
    public boolean isPermanentFailure() {
        return code / 100 == 5;
    }

    @Override
    public String toString() {
        return text.isEmpty() ? Integer.toString(code) : code + " " + text;
    }
}
