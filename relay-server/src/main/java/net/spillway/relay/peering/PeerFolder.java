package net.spillway.relay.peering;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.relay.access.PrivateFile;

/**
 * The folder of peers that joined by a token; {@link net.spillway.conf.JoinedPeers} says what lies
 * in it. Besides, {@code NAME.backfill} says how far a backfill is, and {@code ID.invitation} that
 * a token has been given out. Everything is closed to other users, and appears whole or not at all.
 */
final class PeerFolder {
    private final Path folder;

    PeerFolder(Path folder) {
        this.folder = folder;
    }

    /** The text of a file; empty if there is none. */
    Optional<String> read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** The names of files with this ending, in the order of the alphabet. */
    List<String> list(String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending)).sorted().toList();
        }
    }

    void write(String name, String text) throws IOException {
        PrivateFile.replace(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether it was there: of several that ask at once, one is told so. It does not come back
     * after a power cut, else a token could be used twice.
     */
    boolean delete(String name) throws IOException {
        return PrivateFile.delete(folder.resolve(name));
    }

    /** Deletes all that is about a peer. */
    void forget(String peer) throws IOException {
        for (String kind : new String[] {
            ".toml", ".in", ".out", ".paused", ".subscription", ".backfill"}) {
            delete(peer + kind);
        }
    }
}
