package net.spillway.conf;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a certificate is called when nobody vouches for it: {@code sha256:} and the SHA-256 of its
 * DER form in 64 hex digits.
 */
final class Fingerprint {
    private static final String PREFIX = "sha256:";
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[0-9a-f]{64}");

    private Fingerprint() {
    }

    /** In lower case and without the colons that openssl prints between octets. */
    static String normalized(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX)
                ? PREFIX + lower.substring(PREFIX.length()).replace(":", "") : lower;
    }

    static boolean isOne(String normalized) {
        return SHAPE.matcher(normalized).matches();
    }

    /** @throws IllegalArgumentException with a message that says what is wrong */
    static String parse(String text) {
        String bare = normalized(text);
        if (!isOne(bare)) {
            throw new IllegalArgumentException("\"" + text.replaceAll("\\p{Cntrl}", "?")
                    + "\" is no fingerprint; write sha256: and 64 hex digits, as openssl x509"
                    + " -noout -fingerprint -sha256 prints them");
        }
        return bare;
    }
}
