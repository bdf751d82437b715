package net.spillway.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private static final int MOST_LINES = 1000;

    private ClassFolders() {}

    /** The lines; none if there is only the default class. */
    public static List<String> of(Path spool) throws IOException {
        Path file = spool.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.limit(MOST_LINES).toList();
        }
    }

    /** @param complete whether the configuration names all classes; if not, the file stays */
    static void write(SpoolConfig config, boolean complete) {
        Path file = config.dir().resolve(FILE);
        List<String> lines = config.storage().stream().map(ClassFolders::line).toList();
        try {
            if (lines.isEmpty() && complete) {
                Files.deleteIfExists(file);
            } else if (!lines.isEmpty() && !lines.equals(of(config.dir()))) {
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
