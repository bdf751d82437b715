package net.spillway.tools;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which login belongs to which host. It comes from a file of lines
 *
 * <pre>
 * HOST[:PORT] USER PASSWORD
 * </pre>
 *
 * separated by blanks (the password is the rest of its line and may contain blanks), with
 * {@code #} for comments; or from the environment, {@code SPILLWAY_USER} and
 * {@code SPILLWAY_PASSWORD}, for every host. A file excludes the environment: whoever keys logins
 * by host doesn't want them sent to another.
 */
public final class CredentialStore {
    private static final long LARGEST_FILE = 1 << 20;

    private final Map<String, Credentials> byHost;
    private final Optional<Credentials> everywhere;

    private CredentialStore(Map<String, Credentials> byHost, Optional<Credentials> everywhere) {
        this.byHost = Map.copyOf(byHost);
        this.everywhere = everywhere;
    }

    /** Reads the file; a {@link CommandFailure} names the line that cannot be understood. */
    public static CredentialStore load(Path file) {
        Map<String, Credentials> byHost = new LinkedHashMap<>();
        List<String> lines = readPrivately(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                // The line itself is never quoted: it holds a password.
                String[] words = line.split("\\s+", 3);
                if (words.length < 3) {
                    throw usage(file, "line " + (i + 1) + " is not HOST[:PORT] USER PASSWORD");
                }
                Credentials login = new Credentials(words[1], words[2]);
                if (byHost.putIfAbsent(key(words[0]), login) != null) {
                    throw usage(file, "line " + (i + 1) + " names " + words[0] + " again");
                }
            }
        }
        return new CredentialStore(byHost, Optional.empty());
    }

    /** The login in {@code SPILLWAY_USER} and {@code SPILLWAY_PASSWORD}, if they are set. */
    public static CredentialStore fromEnvironment(Map<String, String> environment) {
        String user = environment.getOrDefault("SPILLWAY_USER", "");
        String password = environment.getOrDefault("SPILLWAY_PASSWORD", "");
        if (user.isEmpty() != password.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE,
                    (user.isEmpty() ? "SPILLWAY_PASSWORD" : "SPILLWAY_USER") + " is set without "
                            + (user.isEmpty() ? "SPILLWAY_USER" : "SPILLWAY_PASSWORD")
                            + "; set both or neither.");
        }
        return new CredentialStore(Map.of(),
                user.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password)));
    }

    /** The login for a host; an entry with the port goes before one without. */
    public Optional<Credentials> forHost(String host, int port) {
        String name = key(host);
        Credentials found = byHost.get(name + ":" + port);
        if (found == null && name.contains(":")) {
            found = byHost.get("[" + name + "]:" + port);
        }
        if (found == null) {
            found = byHost.get(name);
        }
        return Optional.ofNullable(found).or(() -> everywhere);
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static List<String> readPrivately(Path file) {
        try {
            refuseIfEverybodyMayRead(file);
            if (Files.size(file) > LARGEST_FILE) {
                throw usage(file, "is larger than 1 MiB; that is no credentials file");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw usage(file, "there is no such file");
        } catch (MalformedInputException e) {
            throw usage(file, "is not UTF-8 text");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE,
                    "Credentials file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void refuseIfEverybodyMayRead(Path file) throws IOException {
        Set<PosixFilePermission> rights;
        try {
            rights = Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException e) {
            return; // Not a POSIX file system: its access lists are the owner's affair.
        }
        if (rights.contains(PosixFilePermission.OTHERS_READ)
                || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw usage(file, "is open to every user of this machine; run: chmod 600 " + file);
        }
    }

    private static CommandFailure usage(Path file, String what) {
        return new CommandFailure(ExitCode.USAGE, "Credentials file " + file + ": " + what);
    }
}
