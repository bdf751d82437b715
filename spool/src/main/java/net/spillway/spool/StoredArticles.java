package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentUnreadableException;

/** Finds articles in the segments of an open spool, and tells where one is not what was stored. */
final class StoredArticles {
    /** So long after it was stored an article is passed on without being read for it first. */
    private static final long FRESH_MILLIS = 60_000;

    private final SpoolOpening parts;
    private final SegmentStore segments;
    private final HistoryKeeper keeper;
    private final Catalog catalog;
    private final ObjLongConsumer<SegmentFile> onMiss;
    private final Clock clock;
    private final long foundSequence;

    /**
     * @param onMiss is told of a segment and an offset in it at which no good article is
     * @param foundSequence the last one that was here when the spool was opened
     */
    StoredArticles(SpoolOpening parts, Catalog catalog, ObjLongConsumer<SegmentFile> onMiss,
            Clock clock, long foundSequence) {
        this.parts = parts;
        this.segments = parts.segments();
        this.keeper = parts.keeper();
        this.catalog = catalog;
        this.onMiss = onMiss;
        this.clock = clock;
        this.foundSequence = foundSequence;
    }

    Optional<OpenArticle> find(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        return location.isEmpty() ? Optional.empty() : open(id, location.get());
    }

    Optional<OpenArticle> find(String group, long number) throws IOException {
        return at(catalog.byNumber(group, number));
    }

    Optional<OpenArticle> find(long sequence) throws IOException {
        return at(catalog.bySequence(sequence));
    }

    /** See {@link Spool#openIntact}. */
    Optional<OpenArticle> openIntact(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<OpenArticle> found = open(id, location.get());
            if (found.isEmpty()) {
                requireSome(location.get());
            } else if (!isFresh(found.get().record()) && !isIntact(found.get())) {
                throw damaged(location.get(), "the CRC of the article is wrong");
            }
            return found;
        } catch (SegmentDamagedException | SegmentUnreadableException e) {
            missed(location.get());
            throw e;
        }
    }

    Optional<ArticlePlace> locate(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        var token = new ArticleToken(Location.segment(location.get()),
                Location.offset(location.get()));
        Optional<SegmentFile> file = segments.get(token.segment());
        Optional<ArticleReader> reader = segments.open(token.segment(), token.offset());
        if (reader.isEmpty()) {
            return Optional.empty();
        }
        LogRecord.Article record = reader.get().record();
        reader.get().release();
        return file.filter(f -> record.id().equals(id.value())).map(f -> ArticlePlace.of(
                token, f.storage(), f.path().toString(), record));
    }

    Optional<OverviewLine> overview(MessageId id) throws IOException {
        return overview(find(id));
    }

    Optional<OverviewLine> overview(IdHash id) throws IOException {
        Optional<Long> location = keeper.location(id);
        return location.isEmpty() ? Optional.empty() : overview(read(location.get(),
                record -> IdHash.of(MessageId.of(record.id())).equals(id)));
    }

    private static Optional<OverviewLine> overview(Optional<OpenArticle> found)
            throws IOException {
        try (OpenArticle article = found.orElse(null)) {
            return article == null ? Optional.empty() : Optional.of(article.overview());
        }
    }

    /** There is no article to be had there: because its segment has gone, or is it damaged? */
    private void requireSome(long location) throws IOException {
        Optional<ArticleReader> some = segments.open(
                Location.segment(location), Location.offset(location));
        if (some.isPresent()) {
            some.get().release();
        } else if (segments.exists(Location.segment(location))) {
            throw damaged(location, "no good article begins there");
        }
    }

    private SegmentDamagedException damaged(long location, String what) {
        return new SegmentDamagedException(segments.get(Location.segment(location))
                .map(SegmentFile::path).orElse(parts.storages().standard().dir()),
                Location.offset(location), what);
    }

    /** Whether we have stored it ourselves a moment ago. */
    private boolean isFresh(LogRecord.Article record) {
        long age = clock.millis() - record.arrival();
        return record.sequence() > foundSequence && age >= 0 && age < FRESH_MILLIS;
    }

    /** Closes it if it is not. */
    private static boolean isIntact(OpenArticle article) throws IOException {
        boolean intact = false;
        try {
            intact = article.isIntact();
        } finally {
            if (!intact) {
                article.close();
            }
        }
        return intact;
    }

    private Optional<OpenArticle> open(MessageId id, long location) throws IOException {
        return read(location, record -> record.id().equals(id.value()));
    }

    private Optional<OpenArticle> at(Optional<Catalog.Place> place) throws IOException {
        return place.isEmpty() ? Optional.empty() : read(place.get().location(),
                record -> record.sequence() == place.get().sequence());
    }

    private Optional<OpenArticle> read(long location, Predicate<LogRecord.Article> wanted)
            throws IOException {
        int segment = Location.segment(location);
        Optional<ArticleReader> reader = segments.open(segment, Location.offset(location));
        if (reader.isPresent() && wanted.test(reader.get().record())) {
            return Optional.of(new OpenArticle(reader.get()));
        }
        if (reader.isPresent()) {
            reader.get().release();
        }
        if (parts.isAway(segment)) {
            throw new IOException("the article is in a storage class that is not here: segment "
                    + segment);
        }
        missed(location);
        return Optional.empty();
    }

    private void missed(long location) {
        segments.get(Location.segment(location)).ifPresent(file ->
                onMiss.accept(file, Location.offset(location)));
    }
}
