package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.fec.packet.Par2Exception;

/** Gives finished files their names. */
public final class PutInPlace {
    private PutInPlace() {}

    /** Moves each draft to its target; takes back what it did if it can't finish. */
    public static List<Path> all(List<Path> drafts, List<Path> targets, boolean overwrite)
            throws IOException {
        List<Path> placed = new ArrayList<>();
        try {
            for (int i = 0; i < drafts.size(); i++) {
                if (overwrite) {
                    Files.move(
                            drafts.get(i), targets.get(i), StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.move(drafts.get(i), targets.get(i));
                }
                placed.add(targets.get(i));
            }
            return placed;
        } catch (IOException e) {
            for (Path path : placed) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }

    /**
     * Sees that a repaired file can be put in place, before anything is changed.
     *
     * @throws Par2Exception if a folder or a device has the file's name, or a file that of its
     *     folder, or if the name is not safe
     */
    public static void checkTheWayIsFree(Path base, String name) throws IOException {
        Path target = SafeNames.resolve(base, name);
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw inTheWay(target, "it is not a file");
        }
        Path parent = target.getParent();
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
     * is kept as {@code NAME.1} or the first free number.
     *
     * @param finished the files by their names, in the order in which that is done
     */
    public static Repaired repaired(Map<String, Path> finished, Path base) throws IOException {
        List<Path> backups = new ArrayList<>();
        for (var file : finished.entrySet()) {
            repaired(file.getValue(), SafeNames.resolve(base, file.getKey()))
                    .ifPresent(backups::add);
        }
        return new Repaired(List.copyOf(finished.keySet()), backups);
    }

    private static Optional<Path> repaired(Path draft, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Optional<Path> backup = Optional.empty();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            backup = Optional.of(freeName(target));
            Files.move(target, backup.get());
        }
        try {
            Files.move(draft, target);
        } catch (IOException e) {
            if (backup.isPresent()) {
                Files.move(backup.get(), target);
            }
            throw e;
        }
        return backup;
    }

    /** The failure of a repair whose result is wrong. */
    public static Par2Exception hashMismatch(String name) {
        return new Par2Exception(
                Par2Exception.Kind.HASH_MISMATCH,
                "the hash of " + name + " does not match after repair: recovery data or files are"
                        + " not what they claim; nothing was changed");
    }

    private static Path freeName(Path target) {
        for (int i = 1; ; i++) {
            Path candidate = target.resolveSibling(target.getFileName() + "." + i);
            if (!Files.exists(candidate, LinkOption.NOFOLLOW_LINKS)) {
                return candidate;
            }
        }
    }
}
