package net.spillway.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code key=value} words of a {@code =ybegin}, {@code =ypart} or {@code =yend} line. The
 * first of equal keys counts; {@code name} runs to the end of the line with all its blanks.
 */
record YencKeywords(Map<String, String> values) {
    static final YencKeywords NONE = new YencKeywords(Map.of());
    /** A line of 998 octets and a generous rest for those who do not care. */
    private static final int MAX_OCTETS = 4096;
    /** yEnc's own bound is 2^62 - 1; anything above 18 digits is nonsense. */
    private static final int MAX_DIGITS = 18;
    private static final int MAX_HEX_DIGITS = 64;
    private static final String NAME = " name=";

    /** Reads [from, to), without line end; the first word is the line's own keyword. */
    static YencKeywords parse(byte[] bytes, int from, int to) {
        if (to - from > MAX_OCTETS) {
            return NONE;
        }
        String line = Text.decode(bytes, from, to);
        Map<String, String> values = new HashMap<>();
        int name = line.startsWith("=ybegin") ? line.indexOf(NAME) : -1;
        if (name >= 0) {
            values.put("name", line.substring(name + NAME.length()));
        }
        for (String word : Command.words(name < 0 ? line : line.substring(0, name))) {
            int equals = word.indexOf('=', 1);
            if (equals > 0) {
                values.putIfAbsent(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return new YencKeywords(values);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) {
        return values.getOrDefault(key, "?");
    }

    /** A decimal number of 18 digits at most; -1 if it is absent or none. */
    long number(String key) {
        String text = values.getOrDefault(key, "");
        boolean sound = !text.isEmpty() && text.length() <= MAX_DIGITS && areDigits(text, 10);
        return sound ? Long.parseLong(text) : -1;
    }

    /**
     * The low 32 bits of a hexadecimal number: some drop leading zeros, some write 16 digits.
     * Empty if it is absent or none.
     */
    Optional<Long> crc(String key) {
        String text = values.getOrDefault(key, "");
        if (text.isEmpty() || text.length() > MAX_HEX_DIGITS || !areDigits(text, 16)) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(text.substring(Math.max(0, text.length() - 8)), 16));
    }

    /** Without a regular expression, which takes longer than all else that is done for a line. */
    private static boolean areDigits(String text, int radix) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || Character.digit(c, radix) < 0) {
                return false;
            }
        }
        return true;
    }
}
