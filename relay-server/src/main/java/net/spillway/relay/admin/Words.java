package net.spillway.relay.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM HH:mm:ss", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Words() {
    }

    /** With commas between thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Three digits and a unit of thousands. */
    static String bytes(double octets) {
        int unit = 0;
        double value = octets;
        while (value >= 999.5 && unit + 1 < UNITS.length) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? Math.round(value) + " B"
                : String.format(Locale.ROOT, value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s"
                        : "%.0f %s", value, UNITS[unit]);
    }

    /** A rate or a small number, three digits. */
    static String number(double value) {
        return value >= 999.5 ? count(Math.round(value))
                : value == Math.rint(value) ? Long.toString((long) value)
                : String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f"
                        : "%.0f", value);
    }

    /** The two largest units of a length of time. */
    static String time(Duration time) {
        long s = Math.max(0, time.toSeconds());
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return s / 60 + " min " + s % 60 + " s";
        }
        return s < 86_400 ? s / 3600 + " h " + s % 3600 / 60 + " min"
                : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
    }

    /** Day and time, UTC. */
    static String at(Instant instant) {
        return TIME.format(instant);
    }
}
