package net.spillway.feed.reconcile;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.protocol.reconcile.ArticleSet;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;
import net.spillway.spool.StoredArticle;

/**
 * Gathers the articles of a scope out of a spool. Reads the log from an hour before the scope to
 * its end, since articles may arrive long after they were written; keeps 34 octets for each that
 * counts and nothing of the others.
 */
public final class Census {
    /** The most articles that are compared at once: 34 MB. */
    public static final int MAX_ARTICLES = 1_000_000;
    /** Articles may be dated a little later than they arrive. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final int BATCH = 1000;

    private Census() {
    }

    /**
     * The articles in the scope; each one's tag is its sequence number.
     *
     * @param also what else must hold; asked for entries whose groups are those of the article's
     *     Newsgroups field, also for control messages, which are filed elsewhere
     * @throws TooManyArticlesException if there are more than {@link #MAX_ARTICLES}
     */
    public static ArticleSet take(Spool spool, Scope scope, Predicate<LogEntry> also)
            throws IOException {
        return take(spool, scope, also, () -> false);
    }

    /**
     * As above.
     *
     * @param over whether nobody waits for it any more
     * @throws CancellationException if so
     */
    public static ArticleSet take(Spool spool, Scope scope, Predicate<LogEntry> also,
            BooleanSupplier over) throws IOException {
        ArticleSet.Builder set = ArticleSet.builder(MAX_ARTICLES);
        long at = spool.sequenceBefore(Instant.ofEpochSecond(scope.from()).minus(CLOCKS_DIFFER));
        for (List<LogEntry> batch = spool.log(at, BATCH); !batch.isEmpty();
                batch = spool.log(at, BATCH)) {
            if (over.getAsBoolean()) {
                throw new CancellationException("nobody waits for it");
            }
            for (LogEntry entry : batch) {
                Optional<LogEntry> counted = counted(spool, scope, entry).filter(also);
                if (counted.isPresent() && !set.add(entry.posted().orElseThrow().getEpochSecond(),
                        entry.id().hash(), entry.sequence())) {
                    throw new TooManyArticlesException();
                }
            }
            at = batch.getLast().sequence();
        }
        return set.build();
    }

    private static Optional<LogEntry> counted(Spool spool, Scope scope, LogEntry entry)
            throws IOException {
        LogEntry seen = entry;
        if (entry.groups().stream().allMatch(Census::isControl)) {
            seen = entry.withGroups(newsgroups(spool, entry));
        }
        return scope.covers(seen, seen.groups()) ? Optional.of(seen) : Optional.empty();
    }

    private static boolean isControl(String group) {
        return group.equals("control") || group.startsWith("control.");
    }

    private static List<String> newsgroups(Spool spool, LogEntry entry) throws IOException {
        try (StoredArticle article = spool.open(entry.sequence()).orElse(null)) {
            if (article == null) {
                return List.of();
            }
            byte[] head = article.readHead();
            return ArticleHead.parse(head, 0, head.length).first("Newsgroups")
                    .flatMap(NewsgroupNames::parseList).orElse(List.of());
        } catch (MalformedArticle e) {
            return List.of(); // It cannot be fed either.
        }
    }

    /**
     * The time from which on a spool has all it ever took: what is older may have expired, or
     * would be refused for its age, or was before the spool's own time.
     */
    public static Instant horizon(SpoolStats stats, SpoolConfig config, Instant now) {
        Instant horizon = later(now.minus(config.cutoff()), stats.storage().stream()
                .flatMap(storage -> storage.oldest().stream()).min(Instant::compareTo).orElse(now));
        for (StorageStats storage : stats.storage()) {
            Retention keep = retention(config, storage.name());
            if (keep.maxAge().isPresent()) {
                horizon = later(horizon, now.minus(keep.maxAge().get()));
            }
            // It may have dropped some if it is nearly full.
            if (keep.maxBytes().isPresent() && storage.oldest().isPresent()
                    && storage.bytes() > keep.maxBytes().getAsLong() / 2) {
                horizon = later(horizon, storage.oldest().get());
            }
        }
        return horizon;
    }

    private static Retention retention(SpoolConfig config, String storage) {
        return config.storage().stream().filter(s -> s.name().equals(storage))
                .map(StorageConfig::keep).findFirst().orElse(config.keep());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
