package net.spillway.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The dates of the protocol: RFC 3977 §7.1 to §7.4, and the Date header of RFC 5322 §3.3. */
public final class NntpDate {
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HEADER = DateTimeFormatter
            .ofPattern("EEE, dd MMM uuuu HH:mm:ss '+0000'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** Letters, digits, and what stands between them. */
    private static final String USUAL = "aaa, 00 aaa 0000 00:00:00 +0000";
    private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun",
            "jul", "aug", "sep", "oct", "nov", "dec");
    /** The named zones of RFC 5322 §4.3, in hours. */
    private static final Map<String, Integer> ZONES = Map.ofEntries(Map.entry("UT", 0),
            Map.entry("GMT", 0), Map.entry("UTC", 0), Map.entry("EST", -5), Map.entry("EDT", -4),
            Map.entry("CST", -6), Map.entry("CDT", -5), Map.entry("MST", -7),
            Map.entry("MDT", -6), Map.entry("PST", -8), Map.entry("PDT", -7));

    private NntpDate() {}

    /** The text of a 111 reply: {@code yyyymmddhhmmss} in UTC. */
    public static String format(Instant time) {
        return COMPACT.format(time);
    }

    /** Reads the text of a 111 reply. */
    public static Optional<Instant> parse(String text) {
        return text.length() == 14
                ? parseArguments(text.substring(0, 8), text.substring(8), ZoneOffset.UTC,
                        Instant.EPOCH)
                : Optional.empty();
    }

    /**
     * Reads the arguments of NEWGROUPS and NEWNEWS, RFC 3977 §7.3.2.
     *
     * @param date {@code yyyymmdd}, or {@code yymmdd} for a year of this century up to the
     *             current one, else of the last
     * @param time {@code hhmmss}; 60 seconds are taken as 59
     * @param zone UTC if the argument GMT is given, else the zone of the server
     * @param now  says which year is the current one
     */
    public static Optional<Instant> parseArguments(String date, String time, ZoneId zone,
            Instant now) {
        if (date.length() != 6 && date.length() != 8 || time.length() != 6
                || !isDigits(date) || !isDigits(time)) {
            return Optional.empty();
        }
        int monthAt = date.length() - 4;
        int year = Integer.parseInt(date.substring(0, monthAt));
        if (monthAt == 2) {
            int current = now.atZone(zone).getYear();
            int century = current - current % 100;
            year += year <= current % 100 ? century : century - 100;
        }
        try {
            LocalDate day = LocalDate.of(year, number(date, monthAt), number(date, monthAt + 2));
            LocalTime clock = clock(number(time, 0), number(time, 2), number(time, 4));
            return Optional.of(LocalDateTime.of(day, clock).atZone(zone).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The content of a Date or Injection-Date header, in UTC. */
    public static String formatHeader(Instant time) {
        return HEADER.format(time);
    }

    /**
     * Reads the content of a Date header. Taken besides today's syntax: years of two and three
     * digits, named and military zones (the latter, as RFC 5322 §4.3 advises, and unknown ones as
     * UTC), comments, a missing or wrong day of the week, missing seconds.
     */
    public static Optional<Instant> parseHeader(String text) {
        if (text.length() > ArticleLimits.STANDARD_LINE) {
            return Optional.empty();
        }
        return isUsual(text) ? usual(text) : unusual(text);
    }

    /** Whether it looks as {@link #formatHeader} writes it, which nearly all do. */
    private static boolean isUsual(String text) {
        if (text.length() != USUAL.length()) {
            return false;
        }
        for (int i = 0; i < USUAL.length(); i++) {
            char wanted = USUAL.charAt(i);
            char c = text.charAt(i);
            boolean fits = wanted == '0' ? c >= '0' && c <= '9'
                    : wanted == 'a' ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' : c == wanted;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Instant> usual(String text) {
        try {
            LocalDate day = LocalDate.of(100 * number(text, 12) + number(text, 14),
                    month(text, 8), number(text, 5));
            return Optional.of(LocalDateTime.of(day, clock(number(text, 17), number(text, 20),
                    number(text, 23))).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> unusual(String text) {
        List<String> words = Command.words(withoutComments(text).replace(',', ' '));
        int at = !words.isEmpty() && !isDigits(words.getFirst()) ? 1 : 0;
        if (words.size() < at + 4 || words.size() > at + 5) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.of(year(words.get(at + 2)), month(words.get(at + 1)),
                    shortNumber(words.get(at)));
            ZoneOffset zone = words.size() == at + 5 ? zone(words.get(at + 4)) : ZoneOffset.UTC;
            return Optional.of(LocalDateTime.of(day, clock(words.get(at + 3))).toInstant(zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int year(String text) {
        if (!isDigits(text) || text.length() < 2 || text.length() > 4) {
            throw new DateTimeException("year");
        }
        int year = Integer.parseInt(text);
        if (text.length() == 4) {
            return year;
        }
        // RFC 5322 §4.3: 00 to 49 are of this century, all else counts from 1900.
        return text.length() == 2 && year < 50 ? 2000 + year : 1900 + year;
    }

    private static int month(String text) {
        return month(text, 0);
    }

    /** The month whose first three letters stand there, in any case of ASCII. */
    private static int month(String text, int at) {
        for (int i = 0; i < MONTHS.size() && text.length() >= at + 3; i++) {
            String month = MONTHS.get(i);
            if ((text.charAt(at) | 0x20) == month.charAt(0)
                    && (text.charAt(at + 1) | 0x20) == month.charAt(1)
                    && (text.charAt(at + 2) | 0x20) == month.charAt(2)) {
                return i + 1;
            }
        }
        throw new DateTimeException("month");
    }

    private static LocalTime clock(String text) {
        String[] pieces = text.split(":", -1);
        if (pieces.length < 2 || pieces.length > 3) {
            throw new DateTimeException("time");
        }
        return clock(shortNumber(pieces[0]), shortNumber(pieces[1]),
                pieces.length == 3 ? shortNumber(pieces[2]) : 0);
    }

    /** A leap second is taken as the second before it, which Java's clock can show. */
    private static LocalTime clock(int hour, int minute, int second) {
        return LocalTime.of(hour, minute, second == 60 ? 59 : second);
    }

    private static ZoneOffset zone(String text) {
        boolean signed = text.startsWith("+") || text.startsWith("-");
        if (!signed) {
            return ZoneOffset.ofHours(ZONES.getOrDefault(text.toUpperCase(Locale.ROOT), 0));
        }
        String digits = text.substring(1);
        if (digits.length() != 4 || !isDigits(digits)) {
            throw new DateTimeException("zone");
        }
        int minutes = number(digits, 0) * 60 + number(digits, 2);
        return ZoneOffset.ofTotalSeconds((text.charAt(0) == '-' ? -60 : 60) * minutes);
    }

    private static String withoutComments(String text) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
                out.append(' ');
            } else if (depth == 0) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int shortNumber(String text) {
        if (text.length() > 2 || !isDigits(text)) {
            throw new DateTimeException("number");
        }
        return Integer.parseInt(text);
    }

    private static int number(String digits, int at) {
        return 10 * (digits.charAt(at) - '0') + digits.charAt(at + 1) - '0';
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
