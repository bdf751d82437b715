package net.spillway.spool;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ends of all storage classes' parts of the log. A class whose disk fails is taken down, which
 * costs the others nothing; if the default one's fails, nothing can be written. Used by the log's
 * thread.
 */
final class LogTails {
    private static final Logger LOG = LoggerFactory.getLogger(LogTails.class);

    private final LogTail standard;
    private final Map<Storage, LogTail> others;
    private final BiConsumer<Storage, IOException> takeDown;

    /** @param takeDown is told of a class other than the default one whose disk fails */
    LogTails(Storage standard, Map<Storage, LogTail> all,
            BiConsumer<Storage, IOException> takeDown) {
        this.others = new LinkedHashMap<>(all);
        this.standard = others.remove(standard);
        this.takeDown = takeDown;
    }

    /** Of the default class. */
    LogTail standard() {
        return standard;
    }

    /** Of another one. */
    LogTail of(Storage storage) {
        return others.get(storage);
    }

    /** All classes but the default one. */
    Set<Storage> others() {
        return others.keySet();
    }

    /** Whether nothing was appended to other classes since the last {@link #settleOthers}. */
    boolean areOthersSettled() {
        return others.values().stream().allMatch(of -> !of.isOpen() || of.isSettled());
    }

    void settleOthers() {
        others.forEach((storage, of) -> {
            if (of.isOpen() && !of.isSettled()) {
                of.settle();
                storage.recovered();
            }
        });
    }

    /** Whether all that was appended is on the disk, of the default class up to there. */
    boolean areForced(long position) {
        return standard.appender().isForced(position)
                && others.values().stream().allMatch(LogTails::isForced);
    }

    private static boolean isForced(LogTail of) {
        return !of.isOpen() || of.appender().isForced();
    }

    /** Hands everything to the system. */
    void flush() throws IOException {
        others.forEach((storage, of) -> {
            try {
                if (of.isOpen()) {
                    of.appender().flush();
                }
            } catch (IOException e) {
                takeDown.accept(storage, e);
            }
        });
        standard.appender().flush();
    }

    /** Has everything on the disk, the other classes first. */
    void force() throws IOException {
        others.forEach((storage, of) -> {
            try {
                force(of);
            } catch (IOException e) {
                takeDown.accept(storage, e);
            }
        });
        forceStandard();
    }

    /** The same of the default class alone. */
    void forceStandard() throws IOException {
        try {
            force(standard);
        } catch (IOException e) {
            standard.rollBack();
            standard.abandon();
            throw e;
        }
    }

    private static void force(LogTail of) throws IOException {
        if (!isForced(of)) {
            of.appender().forceOnTheWay();
        }
    }

    /** Takes back what was appended and is not settled. */
    void rollBack() {
        standard.rollBack();
        others.values().forEach(LogTail::rollBack);
    }

    /** Closes those of the other classes. */
    void closeOthers() {
        others.forEach((storage, of) -> {
            try {
                of.close();
            } catch (IOException e) {
                LOG.error("storage class {} could not be closed well: {}", storage.name(),
                        e.getMessage());
            }
        });
    }
}
