package net.spillway.fec;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.spillway.fec.packet.Par2Exception;

/** Gives finished files their names. */
public final class PutInPlace {
    private PutInPlace() {}

    /**
     * Moves each draft to its target; takes back what it did if it can't finish.
     *
     * @param work where files that are to be replaced lie until all is done
     */
    public static List<Path> all(
            List<Path> drafts, List<Path> targets, WorkFolder work, boolean overwrite)
            throws IOException {
        Map<Path, Path> replaced = new LinkedHashMap<>();
        List<Path> placed = new ArrayList<>();
        try {
            for (int i = 0; i < drafts.size(); i++) {
                Path target = targets.get(i);
                if (overwrite && isThere(target) && !Files.isDirectory(target)) {
                    Path aside = work.next();
                    Files.move(target, aside);
                    replaced.put(target, aside);
                }
                Files.move(drafts.get(i), target);
                placed.add(target);
            }
            return placed;
        } catch (IOException e) {
            for (Path path : placed) {
                Files.deleteIfExists(path);
            }
            for (var old : replaced.entrySet()) {
                Files.move(old.getValue(), old.getKey());
            }
            throw e;
        }
    }

    /**
     * Sees that a file can be made, before work begins.
     *
     * @throws Par2Exception if something of that name is there that may not be replaced
     * @throws FileSystemException that names {@code target}, if nothing can have that name, such as
     *     one that is too long
     */
    public static void checkMayBeMade(Path target, boolean overwrite) throws IOException {
        try {
            Files.readAttributes(
                    target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!overwrite && isThere(target)) {
            throw new Par2Exception(
                    Par2Exception.Kind.EXISTS,
                    target + " exists already; remove it or ask for it to be replaced");
        }
        checkIsNoOther(target);
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void checkIsNoOther(Path target) throws Par2Exception {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw inTheWay(target, "it is not a file");
        }
    }

    /**
     * Sees that a repaired file can be put in place, before anything is changed.
     *
     * @throws Par2Exception if a folder or a device has the file's name, or a file that of its
     *     folder, or if the name is not safe
     */
    public static void checkTheWayIsFree(Path base, String name) throws IOException {
        checkTheWayIsFree(SafeNames.resolve(base, name));
    }

    static void checkTheWayIsFree(Path target) throws IOException {
        checkIsNoOther(target);
        Path parent = target.toAbsolutePath().getParent();
        while (!Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (!Files.isDirectory(parent)) {
            throw inTheWay(parent, "it is not a folder");
        }
    }

    private static Par2Exception inTheWay(Path path, String why) {
        return new Par2Exception(
                Par2Exception.Kind.EXISTS,
                path + " is in the way: " + why + ". Move it and try again");
    }

    /**
     * What became of repaired files.
     *
     * @param names those of the files
     * @param backups what is called otherwise now because it had one of the names
     */
    public record Repaired(List<String> names, List<Path> backups) {
        public Repaired {
            names = List.copyOf(names);
            backups = List.copyOf(backups);
        }
    }

    /**
     * Gives repaired files their names. What has such a name, be it a file or a link to wherever,
     * is kept as {@code NAME.1} or the first free number; where that would be too long a name, the
     * end of NAME is left out.
     *
     * @param finished the files by their names, in the order in which that is done
     */
    public static Repaired repaired(Map<String, Path> finished, Path base) throws IOException {
        return repaired(finished, name -> SafeNames.resolve(base, name));
    }

    /** Where a name leads, as far as that is safe. */
    @FunctionalInterface
    interface Targets {
        Path of(String name) throws IOException;
    }

    static Repaired repaired(Map<String, Path> finished, Targets targets) throws IOException {
        List<Path> backups = new ArrayList<>();
        for (var file : finished.entrySet()) {
            repaired(file.getValue(), targets.of(file.getKey()))
                    .ifPresent(backups::add);
        }
        return new Repaired(List.copyOf(finished.keySet()), backups);
    }

    private static Optional<Path> repaired(Path draft, Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Optional<Path> backup = Optional.empty();
        if (isThere(target)) {
            backup = Optional.of(freeName(target));
            Files.move(target, backup.get());
        }
        try {
            if (backup.isPresent()) {
                allowTheSame(backup.get(), draft);
            }
            Files.move(draft, target);
        } catch (IOException e) {
            if (backup.isPresent()) {
                Files.move(backup.get(), target);
            }
            throw e;
        }
        return backup;
    }

    /**
     * Who may read a file may read it when it is repaired, and nobody else. Its owner and group are
     * kept as far as that is allowed: root repairs for others.
     */
    static void allowTheSame(Path file, Path draft) throws IOException {
        PosixFileAttributeView from = permissions(file);
        PosixFileAttributeView to = permissions(draft);
        if (from == null || to == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        PosixFileAttributes old = from.readAttributes();
        PosixFileAttributes now = to.readAttributes();
        if (!old.group().equals(now.group())) {
            ifAllowed(() -> to.setGroup(old.group()));
        }
        if (!old.owner().equals(now.owner())) {
            ifAllowed(() -> to.setOwner(old.owner()));
        }
        Set<PosixFilePermission> wanted = old.permissions();
        if (!wanted.equals(to.readAttributes().permissions())) {
            to.setPermissions(wanted);
        }
    }

    /** A change that the system may leave to root. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private static void ifAllowed(Change change) {
        try {
            change.make();
        } catch (IOException e) {
            // The repaired file is then that of whoever repaired it, as any new one.
        }
    }

    /** Null where files have no such permissions. */
    private static PosixFileAttributeView permissions(Path file) {
        return Files.getFileAttributeView(
                file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** The failure of a repair whose result is wrong. */
    public static Par2Exception hashMismatch(String name) {
        return new Par2Exception(
                Par2Exception.Kind.HASH_MISMATCH,
                "the hash of " + name + " does not match after repair: recovery data or files are"
                        + " not what they claim; nothing was changed");
    }

    private static Path freeName(Path target) throws IOException {
        for (int i = 1; ; i++) {
            Path candidate = withEnding(target, "." + i);
            if (!isThere(candidate)) {
                return candidate;
            }
        }
    }

    /** Of a name that is too long with the ending, as much of the beginning as can be kept. */
    private static Path withEnding(Path target, String ending) throws IOException {
        for (int drop = 0; ; drop++) {
            int dropped = drop;
            Path path = StoredName.beside(target, name -> begin(name, dropped) + ending);
            try {
                Files.readAttributes(
                        path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                return path;
            } catch (NoSuchFileException e) {
                return path;
            } catch (IOException e) {
                if (drop > 2 * ending.length()) {
                    throw e;
                }
            }
        }
    }

    /** A name without so many characters at its end, but for the first one. */
    private static String begin(String name, int drop) {
        int kept = Math.max(1, name.codePointCount(0, name.length()) - drop);
        return name.substring(0, name.offsetByCodePoints(0, kept));
    }
}
