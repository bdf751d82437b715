package net.spillway.conf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of octets as people write it: {@code 700K}, {@code 10MiB}, {@code 4096}.
 *
 * <p>K, KB and KiB all mean 1024; so do the larger units: in a file about disks and articles
 * nobody wants two kinds of kilobyte.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final String UNITS = "KMGT";
    private static final Pattern SHAPE =
            Pattern.compile("(\\d{1,18})\\s*(?:([KMGT])(?:I?B)?|B)?", Pattern.CASE_INSENSITIVE);

    /** Refuses negative sizes. */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is never negative");
        }
    }

    /**
     * Reads a whole number with an optional unit (B, K, M, G, T; also KB, KiB and so on; case does
     * not matter).
     *
     * @throws IllegalArgumentException with a message that says what is wrong
     */
    public static ByteSize parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size;"
                    + " write a whole number with K, M, G or T, such as 700K (K = 1024)");
        }
        long bytes = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit != null) {
            int shift = 10 * (1 + UNITS.indexOf(Character.toUpperCase(unit.charAt(0))));
            if (bytes > Long.MAX_VALUE >> shift) {
                throw new IllegalArgumentException("\"" + text + "\" is larger than 8191P");
            }
            bytes <<= shift;
        }
        return new ByteSize(bytes);
    }

    /** With the largest unit that leaves a whole number; {@link #parse} reads it back. */
    @Override
    public String toString() {
        long rest = bytes;
        int unit = -1;
        while (rest != 0 && rest % 1024 == 0 && unit < UNITS.length() - 1) {
            rest /= 1024;
            unit++;
        }
        return unit < 0 ? Long.toString(rest) : rest + UNITS.substring(unit, unit + 1);
    }
}
