package net.spillway.spool.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.file.FileLayer;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A layer under H2's files, {@code guarded:} before the name of the file below. H2 checks the heads
 * of what it reads, not the content: after a power cut, or on a disk that forgets, it would open
 * well and be wrong. With {@link GuardedChannel} it is right, or fails so that the index is made
 * anew.
 */
public final class GuardedPath extends FilePathWrapper {
    private static final String SCHEME = "guarded";
    private static final String SUMS = ".sums";
    /** Names of files, as H2 was given them, that are not to wait for space any more. */
    private static final Set<String> HURRIED = ConcurrentHashMap.newKeySet();

    /** How H2 is to name a file that this layer guards. */
    static String name(FileLayer files, Path file) {
        FilePath.register(new GuardedPath());
        String below = files.database(file);
        HURRIED.remove(below);
        return SCHEME + ":" + below;
    }

    /** Lets writes to a file fail that wait for space on the disk: it is about to be closed. */
    static void hurry(String name) {
        HURRIED.add(name.substring(SCHEME.length() + 1));
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        boolean writing = !mode.equals("r");
        var channel = new GuardedChannel(getBase().open(mode), getName(),
                () -> HURRIED.stream().anyMatch(getBase().toString()::startsWith), writing
                ? new BlockSums.Store(FilePath.get(getBase() + SUMS)) : null);
        if (writing) {
            channel.load();
        }
        return channel;
    }
}
