package net.spillway.relay.status;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.spillway.feed.FeedFate;
import net.spillway.protocol.MessageId;
import net.spillway.relay.session.RelayParts;
import net.spillway.spool.ArticlePlace;
import net.spillway.spool.LogEntry;

/** Finds out what became of an article. Safe for use by many threads; waits for the disk. */
public record TraceReader(RelayParts relay) {
    /** What is known of it. */
    public ArticleTrace trace(MessageId id) throws IOException {
        Optional<ArticlePlace> place = relay.spool().locate(id);
        return new ArticleTrace(id, relay.spool().presence(id), relay.spool().lostSince(id),
                relay.intake().decisions().of(id), place,
                place.isEmpty() ? List.of() : fates(place.get().sequence()));
    }

    private List<FeedFate> fates(long sequence) throws IOException {
        Optional<LogEntry> entry = relay.spool().log(sequence - 1, 1).stream()
                .filter(e -> e.sequence() == sequence).findFirst();
        return entry.isEmpty() ? List.of() : relay.feeds().fates(entry.get());
    }
}
