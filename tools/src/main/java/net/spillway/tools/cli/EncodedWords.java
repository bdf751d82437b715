package net.spillway.tools.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Header fields as people read them: encoded words (RFC 2047) decoded. */
final class EncodedWords {
    private static final Pattern WORD = Pattern.compile(
            "=\\?([A-Za-z0-9._-]+)(?:\\*[A-Za-z0-9-]+)?\\?([BbQq])\\?([!-~&&[^?]]*)\\?=");
    /** Between two of them, blanks are no part of the text (section 6.2). */
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)[ \t]+(?==\\?)");

    private EncodedWords() {
    }

    /** What cannot be decoded stays as it is. */
    static String decode(String field) {
        return WORD.matcher(BETWEEN.matcher(field).replaceAll("$1"))
                .replaceAll(word -> Matcher.quoteReplacement(word(word.group(), word.group(1),
                        word.group(2), word.group(3))));
    }

    private static String word(String whole, String charset, String encoding, String text) {
        try {
            byte[] octets = encoding.equalsIgnoreCase("B") ? Base64.getDecoder().decode(text)
                    : quoted(text);
            return new String(octets, Charset.forName(charset));
        } catch (IllegalArgumentException e) { // A charset or an encoding that nobody knows.
            return whole;
        }
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] in = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '=') {
                if (i + 2 >= in.length) {
                    throw new IllegalArgumentException("cut short");
                }
                octets.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                octets.write(in[i] == '_' ? ' ' : in[i]);
            }
        }
        return octets.toByteArray();
    }
}
