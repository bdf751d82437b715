package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import net.spillway.fec.packet.Par2Exception;

/**
 * Names in a set are not to be trusted: they may be written by anybody. A name is safe if it is
 * relative, uses only {@code /} to separate, and has no empty, {@code .} or {@code ..} part.
 */
public final class SafeNames {
    private static final int MAX_LENGTH = 4096;

    private SafeNames() {}

    /**
     * Checks the name alone.
     *
     * @throws Par2Exception if it is not safe, saying why
     */
    public static void check(String name) throws Par2Exception {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw unsafe(name, "a name has 1 to " + MAX_LENGTH + " characters");
        }
        if (name.startsWith("/")) {
            throw unsafe(name, "it is absolute");
        }
        if (name.indexOf('\\') >= 0) {
            throw unsafe(name, "it has a backslash");
        }
        if (name.indexOf(0) >= 0) {
            throw unsafe(name, "it has a NUL");
        }
        if (name.length() > 1 && name.charAt(1) == ':' && isLetter(name.charAt(0))) {
            throw unsafe(name, "it starts with a drive letter");
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw unsafe(name, "it has the part \"" + part + "\"");
            }
        }
    }

    /**
     * The path of a named file in {@code base}.
     *
     * @throws Par2Exception if the name is not safe or a link among its parents leads out of {@code
     *     base}
     */
    public static Path resolve(Path base, String name) throws IOException {
        check(name);
        Path target;
        try {
            target = base.resolve(name);
        } catch (InvalidPathException e) {
            throw unsafe(name, "this system can't have such a file");
        }
        Path parent = target.getParent();
        while (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
            parent = parent.getParent();
        }
        if (!staysInside(base, parent)) {
            throw unsafe(name, "a link on the way leads out of the folder");
        }
        return target;
    }

    private static boolean staysInside(Path base, Path parent) {
        try {
            return parent.toRealPath().startsWith(base.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static Par2Exception unsafe(String name, String why) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(200).forEach(c -> shown.appendCodePoint(printable(c)));
        return new Par2Exception(
                Par2Exception.Kind.UNSAFE_NAME,
                "the file name \"" + shown + "\" is refused: " + why);
    }

    private static int printable(int c) {
        return Character.isISOControl(c) ? '?' : c;
    }
}
