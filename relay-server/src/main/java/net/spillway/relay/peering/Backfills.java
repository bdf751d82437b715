package net.spillway.relay.peering;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import net.spillway.feed.FeedStatus;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives peers the past: has their feeds offer again what is older, little by little, while the live
 * feed goes first. How far each is is kept on the disk, so that a restart goes on where it was.
 */
final class Backfills {
    private static final Logger LOG = LoggerFactory.getLogger(Backfills.class);
    private static final int BATCH = 500;
    /** The live feed has gone before if it is no further behind than this. */
    private static final int LIVE = 1000;
    private static final Duration STEP = Duration.ofSeconds(1);

    /** What is left to do for a peer. */
    private record Task(long at, long until, long bytesPerSecond) {
        String toLines() {
            return new Fields().with("at", String.valueOf(at)).with("until", String.valueOf(until))
                    .with("rate", String.valueOf(bytesPerSecond)).toLines();
        }

        static Task ofLines(String text) throws PeeringException {
            Fields fields = Fields.ofLines(text);
            try {
                return new Task(Long.parseLong(fields.get("at")),
                        Long.parseLong(fields.get("until")), Long.parseLong(fields.get("rate")));
            } catch (NumberFormatException e) {
                throw new PeeringException("it is not whole", e);
            }
        }
    }

    /**
     * How far the last steps were. What a step has offered may be on the disk only with the feed's
     * list two steps later, so no more than what was offered by then counts as done.
     */
    private record Reached(long before, long last) {
    }

    private final PeerFolder folder;
    private final Spool spool;
    private final Supplier<List<FeedStatus>> feeds;
    private final BiConsumer<String, List<Long>> offerAgain;
    /** Octets that may still be offered in this second. */
    private final Map<String, Long> allowed = new HashMap<>();
    private final Map<String, Reached> reached = new HashMap<>();

    /**
     * Goes on with what the folder says.
     *
     * @param offerAgain has a peer's feed offer articles, by sequence
     */
    Backfills(PeerFolder folder, Spool spool, Supplier<List<FeedStatus>> feeds,
            BiConsumer<String, List<Long>> offerAgain) {
        this.folder = folder;
        this.spool = spool;
        this.feeds = feeds;
        this.offerAgain = offerAgain;
    }

    /** How often {@link #step} is to be called. */
    static Duration every() {
        return STEP;
    }

    /** @return how many sequence numbers there are to go through */
    synchronized long begin(String peer, Instant since, long bytesPerSecond) throws IOException {
        Task task = new Task(spool.sequenceBefore(since), spool.committed(), bytesPerSecond);
        folder.write(peer + ".backfill", task.toLines());
        reached.remove(peer);
        return Math.max(0, task.until() - task.at());
    }

    /** Offers each peer the next piece of what it is to be given. */
    synchronized void step() {
        for (FeedStatus feed : feeds.get()) {
            try {
                Optional<String> text = folder.read(feed.peer() + ".backfill");
                if (text.isPresent()) {
                    step(feed, Task.ofLines(text.get()));
                }
            } catch (IOException | PeeringException | RuntimeException e) {
                LOG.error("the backfill of {} cannot go on: {}", feed.peer(), e.getMessage());
            }
        }
    }

    private void step(FeedStatus feed, Task task) throws IOException {
        long left = Math.min(task.bytesPerSecond(),
                allowed.getOrDefault(feed.peer(), 0L) + task.bytesPerSecond());
        allowed.put(feed.peer(), left);
        if (feed.connections() == 0 || feed.lag() > LIVE || feed.waiting() > BATCH
                || feed.again() > 0 || left <= 0) {
            return;
        }
        Reached steps = reached.getOrDefault(feed.peer(), new Reached(task.at(), task.at()));
        List<Long> offered = new ArrayList<>();
        long at = steps.last();
        for (LogEntry entry : spool.log(steps.last(), BATCH)) {
            if (entry.sequence() > task.until() || left <= 0) {
                break;
            }
            offered.add(entry.sequence());
            left -= entry.wireLength();
            at = entry.sequence();
        }
        allowed.put(feed.peer(), left);
        if (offered.isEmpty() && task.at() == steps.last()) {
            folder.delete(feed.peer() + ".backfill");
            allowed.remove(feed.peer());
            reached.remove(feed.peer());
            LOG.info("the backfill of {} is through", feed.peer());
            return;
        }
        offerAgain.accept(feed.peer(), offered);
        reached.put(feed.peer(), new Reached(steps.last(), at));
        folder.write(feed.peer() + ".backfill",
                new Task(steps.before(), task.until(), task.bytesPerSecond()).toLines());
    }

    /** How many sequence numbers a peer's backfill has to go through yet; empty: there is none. */
    Optional<Long> left(String peer) {
        try {
            Optional<String> text = folder.read(peer + ".backfill");
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Task task = Task.ofLines(text.get());
            return Optional.of(Math.max(0, task.until() - task.at()));
        } catch (IOException | PeeringException e) {
            return Optional.empty();
        }
    }
}
