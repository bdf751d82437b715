package net.spillway.relay.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.spillway.spool.file.DiskFiles;

/**
 * The users that {@code spillway user} keeps: a line {@code NAME:HASH} each, in a file that only
 * its owner can read. A running relay sees a change at the next login. Safe for use by many
 * threads, and by several programs at once: changes are made one after the other.
 */
public final class UsersFile {
    private static final int MAX_OCTETS = 16 << 20;
    private static final int MAX_NAME = 128;

    private final Path path;
    private Map<String, PasswordHash> known = Map.of();
    private Optional<FileTime> knownSince = Optional.empty();
    private long knownSize;

    /** @param path need not be there: then there are no users */
    public UsersFile(Path path) {
        this.path = path;
    }

    /** Whether a user may have that name: no blanks, no colon, and not too long. */
    public static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_NAME && !name.startsWith("#")
                && name.chars().noneMatch(c -> c <= ' ' || c == 0x7f || c == ':');
    }

    /**
     * All users by name.
     *
     * @throws IOException naming the file and the line that cannot be read
     */
    public synchronized Map<String, PasswordHash> all() throws IOException {
        Optional<FileTime> time;
        long size = 0;
        try {
            time = Optional.of(Files.getLastModifiedTime(path));
            size = Files.size(path);
        } catch (NoSuchFileException e) {
            time = Optional.empty();
        }
        if (!time.equals(knownSince) || size != knownSize) {
            known = time.isEmpty() ? Map.of() : read(size);
            knownSince = time;
            knownSize = size;
        }
        return known;
    }

    private Map<String, PasswordHash> read(long size) throws IOException {
        if (size > MAX_OCTETS) {
            throw new IOException(path + " is larger than 16 MiB, so it is no file of users");
        }
        Map<String, PasswordHash> users = new TreeMap<>();
        int number = 0;
        for (String line : text().split("\n")) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                int colon = line.indexOf(':');
                Optional<PasswordHash> hash = PasswordHash.parse(line.substring(colon + 1).strip());
                if (colon < 1 || hash.isEmpty()) {
                    throw new IOException(path + ":" + number + ": is not NAME:HASH with a hash of"
                            + " Argon2id; 'spillway user passwd' makes it");
                }
                users.put(line.substring(0, colon), hash.get());
            }
        }
        return Collections.unmodifiableMap(users);
    }

    private String text() throws IOException {
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": permission denied; let the user that the relay runs as"
                    + " read it", e);
        }
    }

    /** Adds a user, or gives a known one another password; on disk when it returns. */
    public synchronized void put(String name, PasswordHash hash) throws IOException {
        if (!isName(name)) {
            throw new IllegalArgumentException("no user can be called that");
        }
        change(users -> {
            users.put(name, hash);
            return true;
        });
    }

    /**
     * Takes a user out; on disk when it returns.
     *
     * @return false if there is no such user
     */
    public synchronized boolean remove(String name) throws IOException {
        return change(users -> users.remove(name) != null);
    }

    /** Changes what is in the file at this moment, if the change says that it is one. */
    private boolean change(Predicate<Map<String, PasswordHash>> change) throws IOException {
        return LockFile.holding(path.resolveSibling(path.getFileName() + ".lock"), () -> {
            forget();
            Map<String, PasswordHash> users = new TreeMap<>(all());
            boolean changed = change.test(users);
            if (changed) {
                write(users);
            }
            return changed;
        });
    }

    private void forget() {
        knownSince = Optional.empty();
        knownSize = -1;
    }

    /** Whoever reads meanwhile sees the old file or the new one, whole. */
    private void write(Map<String, PasswordHash> users) throws IOException {
        StringBuilder text = new StringBuilder("# Kept by 'spillway user'.\n");
        users.forEach((name, hash) -> text.append(name).append(':').append(hash).append('\n'));
        Path folder = path.toAbsolutePath().getParent();
        Path fresh = folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Files.createTempFile(folder, path.getFileName() + ".", ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))
                : Files.createTempFile(folder, path.getFileName() + ".", ".new");
        try {
            Files.writeString(fresh, text);
            if (!Files.exists(path)) {
                FolderOwner.take(fresh, folder);
            }
            keepOwner(fresh);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try {
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(fresh);
        }
        new DiskFiles().forceFolder(folder);
        forget();
    }

    /** The relay may run as a user of its own that owns the file, or reads it by its group. */
    private void keepOwner(Path fresh) throws IOException {
        if (Files.exists(path)
                && path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            UserPrincipal owner = Files.getOwner(path);
            if (!owner.equals(Files.getOwner(fresh))) {
                try {
                    Files.setOwner(fresh, owner);
                } catch (IOException e) {
                    throw new IOException(path + " belongs to " + owner.getName()
                            + ", who could not read it any more; change it as that user", e);
                }
            }
            Files.setAttribute(fresh, "posix:group", Files.getAttribute(path, "posix:group"));
            Files.setAttribute(fresh, "posix:permissions",
                    Files.getAttribute(path, "posix:permissions"));
        }
    }
}
