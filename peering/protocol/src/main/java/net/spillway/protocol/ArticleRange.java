package net.spillway.protocol;

import java.util.Optional;

/**
 * A range of article numbers, RFC 3977 §6.1.2: {@code n}, {@code n-} or {@code n-m}.
 *
 * @param low  first number, 0 or more
 * @param high last number, inclusive; {@link Long#MAX_VALUE} for {@code n-}. Lower than
 *             {@code low} is allowed and means an empty range
 */
public record ArticleRange(long low, long high) {
    /** RFC 3977 §9.8: article-number = 1*16DIGIT. */
    private static final int MAX_DIGITS = 16;

    public ArticleRange {
        if (low < 0 || high < 0) {
            throw new IllegalArgumentException("article numbers are not negative");
        }
    }

    /** Reads a range; empty if the text is none. */
    public static Optional<ArticleRange> parse(String text) {
        int dash = text.indexOf('-');
        long low = number(dash < 0 ? text : text.substring(0, dash));
        if (dash < 0) {
            return low < 0 ? Optional.empty() : Optional.of(new ArticleRange(low, low));
        }
        String rest = text.substring(dash + 1);
        long high = rest.isEmpty() ? Long.MAX_VALUE : number(rest);
        return low < 0 || high < 0 ? Optional.empty() : Optional.of(new ArticleRange(low, high));
    }

    /** Reads one article number of up to 16 digits; -1 if the text is none. */
    public static long number(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }

    public boolean isEmpty() {
        return high < low;
    }

    public boolean contains(long number) {
        return number >= low && number <= high;
    }

    @Override
    public String toString() {
        return low == high ? Long.toString(low)
                : high == Long.MAX_VALUE ? low + "-" : low + "-" + high;
    }
}
