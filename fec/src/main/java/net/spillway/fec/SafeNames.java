package net.spillway.fec;

import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import net.spillway.fec.packet.Par2Exception;

/**
 * Names in a set are not to be trusted: they may be written by anybody. A name is safe if it is
 * relative, uses only {@code /} to separate, and has no empty, {@code .} or {@code ..} part. On
 * Windows it may be no device's name either.
 */
public final class SafeNames {
    private static final int MAX_LENGTH = 4096;

    /** What a part may have on usual file systems; in the middle of a repair is too late. */
    private static final int MAX_PART = 255;

    static final boolean ON_WINDOWS = File.separatorChar == '\\';

    /** Blanks before the dot do not save such a name, nor does any ending. */
    private static final Pattern RESERVED =
            Pattern.compile(
                    "(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])"
                            + " *(\\..*)?",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private SafeNames() {}

    /**
     * Checks the name alone.
     *
     * @throws Par2Exception if it is not safe, saying why
     */
    public static void check(String name) throws Par2Exception {
        check(new StoredName(name, false));
    }

    /** The same; a part is as long as it will be on disk. */
    static void check(StoredName stored) throws Par2Exception {
        String name = stored.text();
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
            if (part.getBytes(stored.charsetOnDisk()).length > MAX_PART) {
                throw unsafe(name, "a part of it is longer than " + MAX_PART + " bytes");
            }
        }
    }

    /**
     * Checks that a name on disk is text, which it must be in a set. Bytes that are none in the
     * system's character set are lost when the path is made into text, and two names may become
     * one.
     *
     * @throws Par2Exception if the path could not be found again by its text
     */
    public static void checkIsText(Path path) throws Par2Exception {
        if (!isText(path)) {
            throw unsafe(
                    path.toString(),
                    "on disk it is no text in the system's character set, "
                            + System.getProperty("sun.jnu.encoding")
                            + " (LC_ALL chooses another)");
        }
    }

    /** True if a path can be found again by its text. */
    static boolean isText(Path path) {
        try {
            return path.getFileSystem().getPath(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Checks what only Windows makes of a name: devices such as {@code NUL.txt}, streams such as
     * {@code a:b}, characters it has no files with, and blanks and dots that it drops at the end.
     * Elsewhere these are names like others, and honest sets have them.
     */
    static void checkForWindows(String name) throws Par2Exception {
        for (String part : name.split("/", -1)) {
            if (RESERVED.matcher(part).matches()) {
                throw unsafe(name, "\"" + part + "\" is a device on Windows");
            }
            if (part.endsWith(".") || part.endsWith(" ")) {
                throw unsafe(name, "Windows drops the end of \"" + part + "\"");
            }
            if (part.chars().anyMatch(c -> c < ' ' || "<>:\"|?*".indexOf(c) >= 0)) {
                throw unsafe(name, "Windows has no files with such characters");
            }
        }
    }

    /**
     * The path of a named file in {@code base}.
     *
     * @throws Par2Exception if the name is not safe or a link among its parents leads out of {@code
     *     base}, or nowhere
     */
    public static Path resolve(Path base, String name) throws IOException {
        return new SafeFolder(base).resolve(new StoredName(name, false));
    }

    /**
     * Whether a file could be repaired where it is: no link to a folder on the way to it leads out
     * of {@code base}, or nowhere.
     *
     * @param file in {@code base}; need not be there, nor need its folder
     * @throws NoSuchFileException if it could not, since {@code base} itself is not there
     */
    public static boolean isInside(Path base, Path file) throws NoSuchFileException {
        return new SafeFolder(base).holds(file);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static Par2Exception unsafe(String name, String why) {
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
