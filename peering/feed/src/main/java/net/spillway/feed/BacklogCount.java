package net.spillway.feed;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;

/**
 * Counts what lies in the log between a feed's position and its end and is for the peer. A feed
 * keeps no queue, so this reads the log: a bounded piece of it, from which the rest is reckoned.
 */
final class BacklogCount {
    private static final int BATCH = 1000;
    private static final int MAX_READ = 20_000;
    /** Each is a look-up of its own. */
    private static final int MAX_DEFERRED = 1000;

    private final FeedStore store;
    private final FeedPolicy policy;
    private long articles;
    private long bytes;
    private Optional<Instant> oldest = Optional.empty();

    BacklogCount(FeedStore store, FeedPolicy policy) {
        this.store = store;
        this.policy = policy;
    }

    /** @param position where the feed stands */
    FeedBacklog count(FeedPosition position, Map<String, Long> refusals) throws IOException {
        boolean some = countDeferred(position.deferred());
        long end = store.committed();
        long at = position.cursor();
        long before = articles;
        long bytesBefore = bytes;
        for (int read = 0; at < end && read < MAX_READ; read += BATCH) {
            List<LogEntry> batch = store.log(at, BATCH);
            batch.forEach(this::add);
            at = batch.size() < BATCH ? end : batch.getLast().sequence();
        }
        if (at < end) {
            double times = (double) (end - at) / (at - position.cursor());
            articles += Math.round((articles - before) * times);
            bytes += Math.round((bytes - bytesBefore) * times);
        }
        return new FeedBacklog(policy.peer(), articles, bytes, some || at < end, oldest, refusals);
    }

    /** Looks at the first of them; true if there are more. */
    private boolean countDeferred(long[] deferred) throws IOException {
        int looked = Math.min(MAX_DEFERRED, deferred.length);
        for (int i = 0; i < looked; i++) {
            long sequence = deferred[i];
            store.log(sequence - 1, 1).stream().filter(e -> e.sequence() == sequence)
                    .forEach(this::add);
        }
        if (looked < deferred.length) {
            articles += articles * (deferred.length - looked) / looked;
            bytes += bytes * (deferred.length - looked) / looked;
        }
        return looked < deferred.length;
    }

    private void add(LogEntry entry) {
        if (policy.decide(entry) == FeedPolicy.Verdict.OFFER) {
            articles++;
            bytes += entry.wireLength();
            if (oldest.isEmpty() || entry.arrival().isBefore(oldest.get())) {
                oldest = Optional.of(entry.arrival());
            }
        }
    }
}
