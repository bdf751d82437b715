package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.spillway.fec.packet.Par2Exception;

/**
 * A folder in which files are found by names that are not to be trusted, see {@link SafeNames}. Each
 * folder on the way is looked at once: the names of a set, all resolved at one time, may be many.
 */
final class SafeFolder {
    private final Path base;

    /** Of each parent of a file, whether it really is in the folder. */
    private final Map<Path, Boolean> inside = new HashMap<>();

    /** Of each parent by its text, whether it is there as that and not as bytes. */
    private final Map<Path, Boolean> onlyText = new HashMap<>();

    SafeFolder(Path base) {
        this.base = base;
    }

    /**
     * The path of a named file.
     *
     * @throws Par2Exception if the name is not safe or a link among its parents leads out, or
     *     nowhere
     * @throws NoSuchFileException if the folder itself is not there
     */
    Path resolve(StoredName name) throws IOException {
        Path target = path(name);
        if (!holds(target)) {
            throw SafeNames.unsafe(
                    name.text(), "a link on the way leads out of the folder, or nowhere");
        }
        return target;
    }

    /**
     * The path of a named file, wherever links on the way lead. Bytes that are no UTF-8 stand for
     * themselves where the system has such names, unless only the text that they are taken for is
     * the name of a file, or, if there is neither, of its folder: then the files have been brought
     * here from another system.
     *
     * @throws Par2Exception if the name is not safe
     */
    Path path(StoredName stored) throws Par2Exception {
        String name = stored.text();
        SafeNames.check(stored);
        if (SafeNames.ON_WINDOWS) {
            SafeNames.checkForWindows(name);
        }
        Path text = null;
        try {
            text = base.resolve(name);
            if (!stored.latin1()) {
                return text;
            }
        } catch (InvalidPathException e) {
            // The system's character set may lack it, but its bytes are a name all the same.
        }
        Path bytes = stored.in(base).orElse(null);
        if (text != null && (bytes == null || isMeant(text, bytes))) {
            return text;
        }
        if (bytes == null) {
            throw SafeNames.unsafe(name, "this system can't have such a file");
        }
        return bytes;
    }

    /** Whether a name is meant to be text. A file that is lost belongs where its neighbours are. */
    private boolean isMeant(Path text, Path bytes) {
        if (isThere(text) || isThere(bytes)) {
            return !isThere(bytes);
        }
        Path folder = text.getParent();
        return folder != null
                && onlyText.computeIfAbsent(folder, f -> isOnly(f, bytes.getParent()));
    }

    /** The nearest folder that is there decides; those that have both names in common do not. */
    private static boolean isOnly(Path text, Path bytes) {
        Path one = text;
        Path other = bytes;
        while (one != null && !one.equals(other)) {
            if (isThere(one) || isThere(other)) {
                return !isThere(other);
            }
            one = one.getParent();
            other = other.getParent();
        }
        return false;
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether no link on the way to a file leads out of the folder, or nowhere; one in its own
     * place may.
     *
     * @throws NoSuchFileException if the folder itself is not there
     */
    boolean holds(Path target) throws NoSuchFileException {
        // In a folder that is called "" files have no parent.
        boolean held =
                inside.computeIfAbsent(target.toAbsolutePath().getParent(), this::staysInside);
        if (!held && !Files.exists(base)) {
            throw new NoSuchFileException(base.toString());
        }
        return held;
    }

    /** Of a parent that is not there, the nearest that is. */
    private boolean staysInside(Path parent) {
        Path there = parent;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        try {
            return there.toRealPath().startsWith(base.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
