package net.spillway.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in the spool that tells which storage classes it has besides the default one, and where:
 * a line each, with the name, a space and the folder. It is for those who have the spool and not
 * the configuration, so that they do not take the default class for all there is.
 */
public final class ClassFolders {
    static final String FILE = "spool.classes";
    private static final Logger LOG = LoggerFactory.getLogger(ClassFolders.class);
    /** Of an untrusted file. */
    private static final int MOST_OCTETS = 64 << 10;

    private ClassFolders() {}

    /** The lines; none if there is only the default class. */
    public static List<String> of(Path spool) throws IOException {
        Path file = spool.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OCTETS), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** @param complete whether the configuration names all classes; if not, others stay in it */
    static void write(SpoolConfig config, boolean complete) {
        Path file = config.dir().resolve(FILE);
        var lines = new LinkedHashSet<String>();
        config.storage().forEach(storage -> lines.add(line(storage)));
        try {
            List<String> before = of(config.dir());
            if (!complete) {
                before.stream().filter(line -> config.storage().stream()
                        .noneMatch(storage -> line.startsWith(storage.name() + " ")))
                        .forEach(lines::add);
            }
            if (lines.isEmpty()) {
                Files.deleteIfExists(file);
            } else if (!List.copyOf(lines).equals(before)) {
                Path fresh = file.resolveSibling(FILE + ".new");
                Files.write(fresh, lines, StandardCharsets.UTF_8);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) { // Nothing depends on it but advice.
            LOG.warn("{} could not be written: {}", file, e.toString());
        }
    }

    private static String line(StorageConfig storage) {
        return storage.name() + " " + storage.dir();
    }
}
