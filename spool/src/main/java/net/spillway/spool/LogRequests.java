package net.spillway.spool;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import net.spillway.spool.segment.LogRecord;

/** Has the log's thread do things that are no articles, and waits until they are on the disk. */
final class LogRequests {
    private final Backlog backlog;

    LogRequests(Backlog backlog) {
        this.backlog = backlog;
    }

    /** Writes records and waits until they are on the disk and took effect. */
    void write(List<LogRecord> records) throws IOException {
        var done = new CompletableFuture<Void>();
        begin(new Work.Note(records, done));
        await(done);
    }

    /** Seals a storage class's open segment. */
    void roll(Storage storage) throws IOException {
        var done = new CompletableFuture<Void>();
        begin(new Work.Roll(storage, done));
        await(done);
    }

    /** Hands records in, so that several may share one wait. */
    CompletableFuture<Void> begin(Expiry.Farewell farewell) throws IOException {
        var done = new CompletableFuture<Void>();
        begin(new Work.Note(farewell.records(), farewell.sealed(), done));
        return done;
    }

    private void begin(Work work) throws IOException {
        if (!backlog.addAlways(work)) {
            throw new IOException("the spool is closed");
        }
    }

    /** @throws IOException if it could not be done, or this thread was interrupted */
    static void await(CompletableFuture<Void> done) throws IOException {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the disk", e);
        }
    }
}
