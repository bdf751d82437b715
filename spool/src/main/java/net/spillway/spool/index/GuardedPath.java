package net.spillway.spool.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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

    /** How H2 is to name a file that this layer guards. */
    static String name(FileLayer files, Path file) {
        FilePath.register(new GuardedPath());
        return SCHEME + ":" + files.database(file);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        boolean writing = !mode.equals("r");
        var channel = new GuardedChannel(getBase().open(mode), getName(), writing
                ? new BlockSums.Store(FilePath.get(getBase() + SUMS)) : null);
        if (writing) {
            channel.load();
        }
        return channel;
    }
}
