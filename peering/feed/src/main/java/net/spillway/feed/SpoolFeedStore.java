package net.spillway.feed;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;
import net.spillway.spool.Subscription;

/** The spool as feeds see it. */
record SpoolFeedStore(Spool spool) implements FeedStore {
    @Override
    public long committed() {
        return spool.committed();
    }

    @Override
    public List<LogEntry> log(long afterSequence, int max) throws IOException {
        return spool.log(afterSequence, max);
    }

    /** By its message-ID: history knows the place of that, an index has to look it up. */
    @Override
    public Optional<OutgoingArticle> open(Offer offer) throws IOException {
        Optional<StoredArticle> found = spool.openIntact(offer.id());
        if (found.isPresent() && found.get().sequence() != offer.sequence()) {
            // It went and came again: as what it is now it has an offer of its own.
            found.get().close();
            return Optional.empty();
        }
        return found.map(stored -> new OutgoingArticle(
                stored.channel(), stored.position(), stored.length(), stored::close));
    }

    @Override
    public List<String> allGroups(LogEntry entry) throws IOException {
        try (StoredArticle stored = spool.open(entry.sequence()).orElse(null)) {
            if (stored == null) {
                return List.of();
            }
            byte[] head = stored.readHead();
            return ArticleHead.parse(head, 0, head.length).first("Newsgroups")
                    .flatMap(NewsgroupNames::parseList).orElse(List.of());
        } catch (MalformedArticle e) {
            return entry.groups(); // It says no more than that.
        }
    }

    @Override
    public boolean knows(String feed) {
        return spool.hasFeed(feed);
    }

    @Override
    public void begin(String feed, FeedPosition position) throws IOException {
        spool.beginFeed(feed, position);
    }

    @Override
    public long sequenceBefore(Instant time) throws IOException {
        return spool.sequenceBefore(time);
    }

    @Override
    public FeedPosition position(String feed) throws IOException {
        return spool.feedPosition(feed);
    }

    @Override
    public void savePosition(String feed, FeedPosition position) throws IOException {
        spool.saveFeedPosition(feed, position);
    }

    @Override
    public Subscription onCommit(Runnable listener) {
        return spool.onCommit(listener);
    }
}
