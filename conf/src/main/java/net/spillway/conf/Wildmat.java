package net.spillway.conf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A wildmat of RFC 3977, section 4: patterns separated by commas, of which the rightmost that
 * matches decides. {@code *} stands for any number of characters, {@code ?} for one; {@code !}
 * before a pattern says no, and {@code @} says poison: no, and nothing that is also posted to such
 * a group either (the meaning INN gives it in feeds).
 *
 * <p>Matching costs at most the length of the pattern times that of the name, whatever the
 * pattern, so wildmats from the network are harmless.
 */
public final class Wildmat {
    /** Matches every name. */
    public static final Wildmat ALL = parse("*");
    /** Matches no name. */
    public static final Wildmat NONE = parse("!*");

    /** The longest text taken, in characters. */
    public static final int MAX_LENGTH = 16 * 1024;
    /** The most patterns taken in one wildmat. */
    public static final int MAX_PATTERNS = 1024;
    /** The longest single pattern taken, in characters; group names are shorter. */
    public static final int MAX_PATTERN_LENGTH = 512;

    private static final String NOT_ALLOWED = "!,[]\\";

    /** What a wildmat says of one name. */
    public enum Match {
        /** A plain pattern decided. */
        YES,
        /** A pattern with {@code !} decided, or none matched. */
        NO,
        /** A pattern with {@code @} decided. */
        POISON
    }

    private record Pattern(int[] points, Match verdict) {
    }

    private final String text;
    private final List<Pattern> patterns;
    /** What must say yes too, or null. */
    private final Wildmat also;

    private Wildmat(String text, List<Pattern> patterns, Wildmat also) {
        this.text = text;
        this.patterns = patterns;
        this.also = also;
    }

    /**
     * Reads a wildmat. Blanks around patterns are dropped, for the sake of long lists in files.
     *
     * @throws IllegalArgumentException with a message that names the pattern and what is wrong
     */
    public static Wildmat parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the wildmat is longer than " + MAX_LENGTH + " characters");
        }
        List<Pattern> patterns = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (patterns.size() == MAX_PATTERNS) {
                throw new IllegalArgumentException(
                        "the wildmat has more than " + MAX_PATTERNS + " patterns");
            }
            patterns.add(parsePattern(part.strip(), patterns.size() + 1));
        }
        return new Wildmat(text, List.copyOf(patterns), null);
    }

    private static Pattern parsePattern(String part, int position) {
        Match verdict = part.startsWith("!") ? Match.NO
                : part.startsWith("@") ? Match.POISON : Match.YES;
        String glob = verdict == Match.YES ? part : part.substring(1);
        if (glob.isEmpty()) {
            throw new IllegalArgumentException("pattern " + position + " of the wildmat is empty");
        }
        if (glob.length() > MAX_PATTERN_LENGTH) {
            throw new IllegalArgumentException("pattern " + position + " of the wildmat is longer"
                    + " than " + MAX_PATTERN_LENGTH + " characters");
        }
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c <= ' ' || c == 0x7f || NOT_ALLOWED.indexOf(c) >= 0) {
                throw new IllegalArgumentException("pattern \"" + printable(part)
                        + "\" has a character that stands in no group name: "
                        + (c <= ' ' || c == 0x7f ? "a blank or control character" : "'" + c + "'"));
            }
        }
        return new Pattern(collapseStars(glob), verdict);
    }

    private static String printable(String part) {
        return part.replaceAll("\\p{Cntrl}", "?");
    }

    private static int[] collapseStars(String glob) {
        return glob.replaceAll("\\*+", "*").codePoints().toArray();
    }

    /** True if some name can be poison. */
    public boolean hasPoison() {
        return patterns.stream().anyMatch(pattern -> pattern.verdict() == Match.POISON)
                || also != null && also.hasPoison();
    }

    /**
     * What both want; poison of either is poison. Its text is that of both with a semicolon
     * between them, which no wildmat has, so it cannot be read back.
     */
    public Wildmat and(Wildmat other) {
        return new Wildmat(text + "; " + other.text, patterns,
                also == null ? other : also.and(other));
    }

    /** Whether {@link #parse} would read its text as the same wildmat. */
    public boolean isPlain() {
        return also == null;
    }

    /** True if the name is wanted: shorthand for {@code match(name) == YES}. */
    public boolean matches(String name) {
        return match(name) == Match.YES;
    }

    /** True if the name is wanted, and not only by a pattern that wants every name. */
    public boolean asksFor(String name) {
        return matches(name) && (matchedNarrowly(name) || also != null && also.asksFor(name));
    }

    private boolean matchedNarrowly(String name) {
        int[] points = points(name);
        return patterns.reversed().stream().filter(p -> globMatches(p.points(), points))
                .findFirst().filter(p -> !isAll(p.points())).isPresent();
    }

    /** What the rightmost matching pattern says of the name; NO when none matches. */
    public Match match(String name) {
        Match own = matchOwn(name);
        if (also == null || own == Match.POISON) {
            return own;
        }
        Match others = also.match(name);
        return own == Match.YES || others == Match.POISON ? others : own;
    }

    private Match matchOwn(String name) {
        int[] points = null;
        for (int i = patterns.size() - 1; i >= 0; i--) {
            Pattern pattern = patterns.get(i);
            if (isAll(pattern.points())) {
                return pattern.verdict();
            }
            points = points == null ? points(name) : points;
            if (globMatches(pattern.points(), points)) {
                return pattern.verdict();
            }
        }
        return Match.NO;
    }

    private static boolean isAll(int[] glob) {
        return glob.length == 1 && glob[0] == '*';
    }

    private static int[] points(String name) {
        int[] points = new int[name.length()];
        int n = 0;
        for (int i = 0; i < name.length(); i += Character.charCount(points[n++])) {
            points[n] = name.codePointAt(i);
        }
        return n == points.length ? points : Arrays.copyOf(points, n);
    }

    /** True if at least one of the names is wanted and none of them is poison. */
    public boolean accepts(Collection<String> names) {
        boolean wanted = false;
        for (String name : names) {
            switch (match(name)) {
                case YES -> wanted = true;
                case POISON -> {
                    return false;
                }
                case NO -> { }
            }
        }
        return wanted;
    }

    /**
     * Keeps only the last star to come back to: earlier ones need never take more than they have,
     * because the last one can take whatever they could. So there is no exponential case.
     */
    private static boolean globMatches(int[] glob, int[] name) {
        int g = 0;
        int n = 0;
        int star = -1;
        int starTook = 0;
        while (n < name.length) {
            if (g < glob.length && glob[g] == '*') {
                star = g++;
                starTook = n;
            } else if (g < glob.length && (glob[g] == '?' || glob[g] == name[n])) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++starTook;
            } else {
                return false;
            }
        }
        while (g < glob.length && glob[g] == '*') {
            g++;
        }
        return g == glob.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wildmat that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return text;
    }
}
