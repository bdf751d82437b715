package net.spillway.feed;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;
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

    @Override
    public Optional<OutgoingArticle> open(Offer offer) throws IOException {
        return spool.open(offer.sequence()).map(stored -> new OutgoingArticle(
                stored.channel(), stored.position(), stored.length(), stored::close));
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
