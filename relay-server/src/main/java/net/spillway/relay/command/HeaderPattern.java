package net.spillway.relay.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern of XPAT (RFC 2980, section 2.9): {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}
 * and {@code \\} before a character that is meant literally. It fits a whole text. Matching costs
 * at most the length of the pattern times that of the text.
 */
final class HeaderPattern {
    /** Stands for any number of characters, where every other atom stands for one. */
    private static final IntPredicate STAR = c -> true;

    private final List<IntPredicate> atoms;

    private HeaderPattern(List<IntPredicate> atoms) {
        this.atoms = List.copyOf(atoms);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static HeaderPattern parse(String text) {
        int[] points = text.codePoints().toArray();
        List<IntPredicate> atoms = new ArrayList<>();
        int at = 0;
        while (at < points.length) {
            int c = points[at];
            if (c == '*') {
                atoms.add(STAR);
                at++;
            } else if (c == '?') {
                atoms.add(any -> true);
                at++;
            } else if (c == '[') {
                int end = endOfSet(points, at);
                atoms.add(set(points, at + 1, end));
                at = end + 1;
            } else {
                at += c == '\\' && at + 1 < points.length ? 1 : 0;
                int literal = points[at++];
                atoms.add(other -> other == literal);
            }
        }
        return new HeaderPattern(atoms);
    }

    /** A bracket right behind the opening one (or its ^) is one of the set. */
    private static int endOfSet(int[] points, int open) {
        int at = open + 1;
        if (at < points.length && points[at] == '^') {
            at++;
        }
        for (int i = at + 1; i < points.length; i++) {
            if (points[i] == ']') {
                return i;
            }
        }
        throw new IllegalArgumentException("a [ of the pattern has no ]");
    }

    private static IntPredicate set(int[] points, int from, int to) {
        boolean not = points[from] == '^';
        int first = not ? from + 1 : from;
        return c -> {
            int i = first;
            while (i < to) {
                boolean range = i + 2 < to && points[i + 1] == '-';
                int last = range ? points[i + 2] : points[i];
                if (c >= points[i] && c <= last) {
                    return !not;
                }
                i += range ? 3 : 1;
            }
            return not;
        };
    }

    /**
     * Only the last star is ever come back to: earlier ones need never take more than they have,
     * because the last one can take whatever they could.
     */
    boolean matches(String text) {
        int[] points = text.codePoints().toArray();
        int atom = 0;
        int at = 0;
        int star = -1;
        int starTook = 0;
        while (at < points.length) {
            if (atom < atoms.size() && atoms.get(atom) == STAR) {
                star = atom++;
                starTook = at;
            } else if (atom < atoms.size() && atoms.get(atom).test(points[at])) {
                atom++;
                at++;
            } else if (star >= 0) {
                atom = star + 1;
                at = ++starTook;
            } else {
                return false;
            }
        }
        while (atom < atoms.size() && atoms.get(atom) == STAR) {
            atom++;
        }
        return atom == atoms.size();
    }
}
