package net.spillway.conf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Finds the files and folders that a configuration names, and looks at them. */
final class FileChecks {
    private final Path base;

    /** Relative paths start at that folder. */
    FileChecks(Path base) {
        this.base = base;
    }

    /** The path as it is meant; not looked up. */
    Optional<Path> path(Section section, String key) {
        return section.parsed(key, this::resolve);
    }

    private Path resolve(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("is empty; write a path");
        }
        try {
            return base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + text + "\" cannot be a path", e);
        }
    }

    /** A file that must be there and readable. */
    Optional<Path> file(Section section, String key) {
        Optional<Path> path = path(section, key);
        path.ifPresent(p -> checkFile(section, key, p));
        return path;
    }

    /** A file that must be there and be closed to others. */
    Optional<Path> secretFile(Section section, String key) {
        Optional<Path> path = path(section, key);
        if (path.isPresent() && checkFile(section, key, path.get()) && openToOthers(path.get())) {
            section.problem(key, path.get() + " is open to every user of this machine",
                    "chmod o-rw " + path.get());
        }
        return path;
    }

    /** A file with a password that must be there, be closed to others, and have a password. */
    Optional<PasswordFile> passwordFile(Section section, String key) {
        Optional<PasswordFile> file = secretFile(section, key).map(PasswordFile::new);
        if (file.isPresent() && Files.isReadable(file.get().path())) {
            try {
                file.get().read();
            } catch (IOException e) {
                section.problem(key, e.getMessage(), "put the password on the first line");
            }
        }
        return file;
    }

    /** A folder that is there, or whose parent is (or will be: below another that is checked). */
    void folder(Section section, String key, Path folder, Optional<Path> madeByUs) {
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                section.problem(key, folder + " is not a folder", "name another, or move it away");
            }
            return;
        }
        Path parent = folder.getParent();
        boolean willBeMade = madeByUs.isPresent() && folder.startsWith(madeByUs.get());
        if (!willBeMade && parent != null && !Files.isDirectory(parent)) {
            section.problem(key, "there is no folder " + parent + " to make "
                    + folder.getFileName() + " in", "mkdir -p " + parent + ", or name another");
        }
    }

    private static boolean checkFile(Section section, String key, Path path) {
        if (!Files.exists(path)) {
            section.problem(key, "there is no file " + path, "make it, or correct the path");
            return false;
        }
        if (!Files.isRegularFile(path)) {
            section.problem(key, path + " is not a file", "correct the path");
            return false;
        }
        if (!Files.isReadable(path)) {
            section.problem(key, path + " may not be read by the user this runs as",
                    "give that user the right to");
            return false;
        }
        return true;
    }

    private static boolean openToOthers(Path path) {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return false;
        }
        try {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            // Whoever reads the file next meets the same error and reports it.
            return false;
        }
    }
}
