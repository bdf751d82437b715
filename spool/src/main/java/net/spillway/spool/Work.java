package net.spillway.spool;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;

/** What waits to be written to the log. */
sealed interface Work {
    /** Octets it takes, about. */
    long weight();

    /** An article to be stored. */
    record Store(NewArticle article, IdHash hash, HeadFields head,
            CompletableFuture<StoreOutcome> done) implements Work {
        @Override
        public long weight() {
            return 512L + article.head().length + article.bodyTo() - article.bodyFrom();
        }
    }

    /**
     * Records without a body, to be written one behind the other.
     *
     * @param sealed the message-IDs in them are in the history's partitions already
     */
    record Note(List<LogRecord> records, boolean sealed, CompletableFuture<Void> done)
            implements Work {
        Note(List<LogRecord> records, CompletableFuture<Void> done) {
            this(records, false, done);
        }

        @Override
        public long weight() {
            return 512;
        }
    }

    /** Seals the open segment of a storage class if it holds articles. */
    record Roll(Storage storage, CompletableFuture<Void> done) implements Work {
        @Override
        public long weight() {
            return 0;
        }
    }
}
