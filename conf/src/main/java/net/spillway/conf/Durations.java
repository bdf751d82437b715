package net.spillway.conf;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 500ms}, {@code 90s}, {@code 15m}, {@code 7d}. */
public final class Durations {
    private static final Pattern SHAPE =
            Pattern.compile("(\\d{1,9})\\s*(?:(ms|[smhdw])|(second|minute|hour|day|week)s?)",
                    Pattern.CASE_INSENSITIVE);

    private Durations() {
    }

    /**
     * Reads a whole number with its unit: ms, s, m (minutes), h, d or w, or seconds, minutes, hours,
     * days or weeks.
     *
     * @throws IllegalArgumentException with a message that says what is wrong
     */
    public static Duration parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a length of time; write a"
                    + " whole number with ms, s, m, h, d or w, such as 90s or 7d");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) != null ? matcher.group(2) : matcher.group(3).substring(0, 1);
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    /** With the largest unit (up to days) for a whole number; {@link #parse} reads it back. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86400 != 0 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }
}
