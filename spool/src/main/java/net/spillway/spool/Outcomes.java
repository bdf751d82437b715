package net.spillway.spool;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;

/** What senders are told of the works they gave, and when it is over. Used by the log's thread. */
final class Outcomes implements AutoCloseable {
    private final Teller teller = new Teller();
    private final Backlog backlog;
    private final Publisher publisher;

    Outcomes(Backlog backlog, Publisher publisher) {
        this.backlog = backlog;
        this.publisher = publisher;
    }

    /** See {@link Spool#whenTold}; on any thread. */
    void whenTold(Runnable action) {
        teller.whenTold(action);
    }

    /** These entries are visible, and with them these works are done. */
    void done(List<Written> entries, List<Work> works) {
        backlog.release(works);
        teller.tell(() -> tell(entries, works));
    }

    private void tell(List<Written> entries, List<Work> works) {
        for (Written entry : entries) {
            if (entry instanceof Written.Article article) {
                publisher.settled(article.work());
                article.work().done().complete(stored(article));
            }
        }
        for (Work work : works) {
            switch (work) {
                case Work.Store store -> { }
                case Work.Note note -> note.done().complete(null);
                case Work.Roll roll -> roll.done().complete(null);
            }
        }
        publisher.told();
    }

    private static StoreOutcome stored(Written.Article article) {
        long location = article.row().location();
        return new StoreOutcome.Stored(new ArticleToken(Location.segment(location),
                Location.offset(location)), article.row().sequence(),
                numbers(article.record().filed()));
    }

    private static Map<String, Long> numbers(List<LogRecord.Filed> all) {
        if (all.size() == 1) {
            return Map.of(all.getFirst().group(), all.getFirst().number());
        }
        var numbers = new LinkedHashMap<String, Long>();
        all.forEach(filed -> numbers.put(filed.group(), filed.number()));
        return numbers;
    }

    /**
     * Nothing became of these.
     *
     * @param general whether it is more than one storage class that fails
     */
    void refuse(List<? extends Work> works, Exception e, boolean general) {
        backlog.release(works);
        teller.tell(() -> works.forEach(work -> refuse(work, e, general)));
    }

    private void refuse(Work work, Exception e, boolean general) {
        String why = String.valueOf(e.getMessage());
        switch (work) {
            case Work.Store store -> {
                publisher.settled(store);
                store.done().complete(e instanceof NoSpaceException
                        ? new StoreOutcome.NoSpace(why, general)
                        : new StoreOutcome.Failed(why, general));
            }
            case Work.Note note -> note.done().completeExceptionally(e);
            case Work.Roll roll -> roll.done().completeExceptionally(e);
        }
    }

    /** Returns when all have been told. */
    @Override
    public void close() {
        teller.close();
    }
}
