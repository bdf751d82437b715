package net.spillway.tools.nzb;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The rule for file names that go into a manifest or come out of one: relative, separated by
 * {@code /}, and unable to lead anywhere but below the folder they are resolved in, on any system.
 */
public final class RelativeName {
    private static final int LONGEST = 4096;
    private static final int LONGEST_PART = 255;
    private static final int MOST_LISTED = 20;

    private RelativeName() {}

    /** What is wrong with the name, as the end of a sentence; empty if nothing is. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (name.chars().anyMatch(c -> c == 0)) {
            return Optional.of("contains NUL");
        }
        if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return Optional.of("contains a control character");
        }
        if (name.indexOf('\\') >= 0) {
            return Optional.of("contains a backslash");
        }
        if (name.startsWith("/")) {
            return Optional.of("is absolute");
        }
        if (name.length() >= 2 && name.charAt(1) == ':' && isLetter(name.charAt(0))) {
            return Optional.of("begins with a drive letter");
        }
        if (octets(name) > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " octets");
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty()) {
                return Optional.of("has an empty folder name");
            }
            if (part.equals(".") || part.equals("..")) {
                return Optional.of("has " + part + " in it");
            }
            if (octets(part) > LONGEST_PART) {
                return Optional.of("has a part longer than " + LONGEST_PART + " octets");
            }
        }
        return Optional.empty();
    }

    /**
     * A name of somebody who meant no path by it, with what other systems take for one made
     * harmless: backslashes, control characters, and the colon of a drive letter become {@code _}.
     * What leads out by {@code /} stays as it is, and has its {@link #problem}.
     */
    public static String harmless(String name) {
        StringBuilder better = new StringBuilder(name);
        for (int i = 0; i < better.length(); i++) {
            char c = better.charAt(i);
            boolean drive = i == 1 && c == ':' && isLetter(better.charAt(0));
            if (c == '\\' || c < 0x20 || c == 0x7f || drive) {
                better.setCharAt(i, '_');
            }
        }
        return better.toString();
    }

    /** Where a name without {@link #problem} lies below a folder; empty if it can't be there. */
    public static Optional<Path> below(Path folder, String name) {
        if (problem(name).isPresent()) {
            return Optional.empty();
        }
        try {
            Path root = folder.toAbsolutePath().normalize();
            Path path = root.resolve(name).normalize();
            boolean inside = path.startsWith(root) && !path.equals(root);
            return inside ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty(); // The file system has no such characters.
        }
    }

    /** The part behind the last {@code /}. */
    public static String base(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** A name fit for a message: printable, and not too long. */
    public static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(200).forEach(c -> {
            if (c < 0x20 || c == 0x7f) {
                shown.append(String.format("\\x%02x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return name.codePointCount(0, name.length()) > 200 ? shown + "..." : shown.toString();
    }

    /** Some names for a message, which are fit for one already; not more of them than one reads. */
    public static String listed(List<String> shown) {
        return shown.isEmpty() ? "none"
                : String.join(", ", shown.subList(0, Math.min(MOST_LISTED, shown.size())))
                        + (shown.size() > MOST_LISTED
                                ? " and " + (shown.size() - MOST_LISTED) + " more" : "");
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private static int octets(String s) {
        return s.getBytes(StandardCharsets.UTF_8).length;
    }
}
