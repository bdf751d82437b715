package net.spillway.spool.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
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
    /** What H2 adds to the name of a database. */
    private static final String DATABASE = ".mv.db";
    /** Of the files that are open, by their names as H2 was given them. */
    private static final Map<String, State> STATES = new ConcurrentHashMap<>();

    /** What a file's users and its channels tell each other. */
    static final class State {
        private volatile boolean hurried;
        private volatile boolean waiting;
        private volatile boolean damaged;

        /** Lets writes fail that wait for space on the disk: the file is about to be closed. */
        void hurry() {
            hurried = true;
        }

        boolean isHurried() {
            return hurried;
        }

        /** Whether a write waits for space on the disk. */
        boolean isWaiting() {
            return waiting;
        }

        /** Whether something was read that is not what was written. */
        boolean isDamaged() {
            return damaged;
        }

        /** Returns whether that is news. */
        boolean waits(boolean now) {
            boolean news = waiting != now;
            if (news) {
                waiting = now;
            }
            return news;
        }

        void damaged() {
            damaged = true;
        }
    }

    /** How H2 is to name a file that this layer guards, and that is about to be opened. */
    static String name(FileLayer files, Path file) {
        FilePath.register(new GuardedPath());
        String below = files.database(file);
        STATES.put(below, new State());
        return SCHEME + ":" + below;
    }

    /** The state of a file since it was named. */
    static State state(String name) {
        return STATES.get(name.substring(SCHEME.length() + 1));
    }

    /** Lets writes to a file fail that wait for space on the disk, whoever has opened it last. */
    static void hurry(String name) {
        State now = state(name);
        if (now != null) {
            now.hurry();
        }
    }

    /** Nobody will ask for that state any more. */
    static void forget(String name, State state) {
        STATES.remove(name.substring(SCHEME.length() + 1), state);
    }

    private static State stateOf(String file) {
        State found = STATES.get(file);
        if (found == null && file.endsWith(DATABASE)) {
            found = STATES.get(file.substring(0, file.length() - DATABASE.length()));
        }
        return found == null ? new State() : found;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        boolean writing = !mode.equals("r");
        var channel = new GuardedChannel(getBase().open(mode), getBase().toString(),
                stateOf(getBase().toString()),
                writing ? new BlockSums.Store(FilePath.get(getBase() + SUMS)) : null);
        if (writing) {
            channel.load();
        }
        return channel;
    }
}
