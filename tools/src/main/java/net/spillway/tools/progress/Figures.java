package net.spillway.tools.progress;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. Sizes and rates are decimal: 1 MB is 1,000,000 octets. */
public final class Figures {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    /**
     * Writes digits as ROOT does, but {@link String#format} knows how by itself: for any other it
     * asks the JDK's locale data first, which takes a fresh JVM some 20 ms.
     */
    private static final Locale PLAIN = Locale.US;

    private Figures() {}

    /** Such as {@code 67.1 MB}. */
    public static String bytes(long octets) {
        double value = octets;
        int unit = 0;
        while (Math.abs(value) >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? octets + " B"
                : String.format(PLAIN, "%.1f %s", value, UNITS[unit]);
    }

    /** Such as {@code 38.1 MB/s}; a dash when no time has passed. */
    public static String rate(long octets, Duration in) {
        double seconds = in.toNanos() / 1e9;
        double each = seconds <= 0 ? 0 : octets / seconds;
        return each <= 0 ? "-" : each < 1e5 ? String.format(PLAIN, "%.1f kB/s", each / 1e3)
                : String.format(PLAIN, "%.1f MB/s", each / 1e6);
    }

    /** Such as {@code 1,498}. */
    public static String count(long n) {
        return String.format(PLAIN, "%,d", n);
    }

    /** Such as {@code 1 file} or {@code 1,498 files}. */
    public static String count(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    /** Such as {@code 0.42 s}, {@code 12.3 s}, {@code 2:05} or {@code 1:02:03}. */
    public static String duration(Duration d) {
        double seconds = d.toNanos() / 1e9;
        if (seconds < 10) {
            return String.format(PLAIN, "%.2f s", seconds);
        }
        return seconds < 60 ? String.format(PLAIN, "%.1f s", seconds) : clock(d.toSeconds());
    }

    /** Such as {@code 0:07} or {@code 1:02:03}. */
    static String clock(long seconds) {
        long hours = seconds / 3600;
        return hours > 0
                ? String.format(PLAIN, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                : String.format(PLAIN, "%d:%02d", seconds / 60, seconds % 60);
    }
}
