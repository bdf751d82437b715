package net.spillway.tools.progress;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Where work reports how far it is. Implementations are safe for use by many threads and cheap
 * enough to be called for every article.
 */
public interface Progress {
    /** What is counted. */
    enum Unit {
        BYTES,
        ARTICLES,
        SLICES,
        FILES,
        SEGMENTS,
        RELAYS
    }

    /** One stage of the work. Closing it ends its line; closing twice does nothing. */
    interface Task extends AutoCloseable {
        /** So much more is done; negative if work has to be repeated. */
        void advance(long by);

        /** So much had been done before the stage began: it counts, but not for the rate. */
        default void had(long before) {
            advance(before);
        }

        /** So much is done in all. */
        void at(long done);

        /** The total became known, or changed. */
        void total(long total);

        /** A few words behind the numbers, such as "12 missing"; replaces those before. */
        void detail(String words);

        /**
         * Lines to be shown below this one where there is a terminal, asked for now and then.
         *
         * @param lines gets the columns there are for them
         */
        default void panel(IntFunction<List<String>> lines) {}

        @Override
        void close();
    }

    /**
     * Begins a stage.
     *
     * @param what a short name for it, such as "posting"
     * @param total how much there is to do, in {@code unit}; 0 or less if unknown
     */
    Task start(String what, long total, Unit unit);

    /** A line worth reading in any case, such as a mirror that died; not shown when quiet. */
    void note(String line);

    /** A line that must be seen, also when quiet. */
    void warn(String line);

    /** Reports to nobody; warnings too are dropped. For tests and embedding. */
    static Progress none() {
        return NoProgress.INSTANCE;
    }
}
