package net.spillway.relay.peering;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.feed.FeedManager;
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

    private final PeerFolder folder;
    private final Spool spool;
    private final FeedManager feeds;
    /** Octets that may still be offered in this second. */
    private final Map<String, Long> allowed = new HashMap<>();

    Backfills(PeerFolder folder, Spool spool, FeedManager feeds) {
        this.folder = folder;
        this.spool = spool;
        this.feeds = feeds;
    }

    /** How often {@link #step} is to be called. */
    static Duration every() {
        return STEP;
    }

    /** @return how many sequence numbers there are to go through */
    synchronized long begin(String peer, Instant since, long bytesPerSecond) throws IOException {
        Task task = new Task(spool.sequenceBefore(since), spool.committed(), bytesPerSecond);
        folder.write(peer + ".backfill", task.toLines());
        return Math.max(0, task.until() - task.at());
    }

    /** Offers each peer the next piece of what it is to be given. */
    synchronized void step() {
        for (FeedStatus feed : feeds.status()) {
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
        if (feed.connections() == 0 || feed.lag() > LIVE || feed.waiting() > BATCH || left <= 0) {
            return;
        }
        List<Long> offered = new ArrayList<>();
        long at = task.at();
        for (LogEntry entry : spool.log(task.at(), BATCH)) {
            if (entry.sequence() > task.until() || left <= 0) {
                break;
            }
            offered.add(entry.sequence());
            left -= entry.wireLength();
            at = entry.sequence();
        }
        allowed.put(feed.peer(), left);
        boolean over = offered.isEmpty();
        if (over) {
            folder.delete(feed.peer() + ".backfill");
            allowed.remove(feed.peer());
            LOG.info("the backfill of {} is through", feed.peer());
            return;
        }
        feeds.offerAgain(feed.peer(), offered);
        folder.write(feed.peer() + ".backfill",
                new Task(at, task.until(), task.bytesPerSecond()).toLines());
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
