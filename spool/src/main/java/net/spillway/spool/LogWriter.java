package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the log.
 *
 * <p>It takes all that waits, appends it, asks the disk once for all of it (group commit), makes it
 * visible through the {@link Publisher}, and only then has the senders told, on another thread, so
 * that a slow listener holds up nobody. While the disk works the next group gathers by itself: the
 * slower the disk, the larger the groups.
 *
 * <p>If anything fails, all of the group that was not made visible is taken back off the file, and
 * its senders are told so. Sequences and article numbers are not taken back: what failed may have
 * reached the disk after all, and a gap does no harm.
 */
final class LogWriter {
    /** Something that stands in the log now. {@code end} is the offset behind it. */
    sealed interface Entry {
        int segment();

        long end();

        /** Of the last article up to here. */
        long sequence();

        record Article(Work.Store work, ArticleRow row, LogRecord.Article record, int segment,
                long end, long sequence) implements Entry {}

        record Note(LogRecord record, int segment, long end, long sequence) implements Entry {}
    }

    /** What the rest of the spool does for the log. Called on the log's thread, but for told. */
    interface Publisher {
        /** Makes visible what is on the disk. */
        void publish(List<Entry> entries);

        /** Feed positions that changed since this was last asked. */
        List<LogRecord> changedFeeds();

        /** @throws IOException if no articles of that many octets may be written now */
        void requireRoom(long octets) throws IOException;

        /** A store is over, well or not; its sender is told next. On the telling thread. */
        void settled(Work.Store work);

        /** All senders of a group were told. On the telling thread. */
        void told();
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    /** More in one group would only make those wait who could be told already. */
    private static final long MAX_GROUP = 32 << 20;
    private static final long TICK_MILLIS = 1000;
    private static final long FEEDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LogTail tail;
    private final Groups groups;
    private final NumberReserve reserve;
    private final Backlog backlog;
    private final Publisher publisher;
    private final String identity;
    private final FsyncMode fsync;
    private final long segmentSize;
    private final Clock clock;
    private final ExecutorService teller = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("spool-tell").factory());
    private final Thread thread = Thread.ofPlatform().daemon().name("spool-log")
            .unstarted(this::run);
    private final List<Entry> group = new ArrayList<>();
    /** What was taken at once; of it the first few are appended, and the first few told. */
    private List<Work> round = List.of();
    private int placed;
    private int told;
    private long sequence;
    private long lastForce = System.nanoTime();
    private long lastFeeds = System.nanoTime();
    private volatile String trouble = "";
    private volatile boolean broken;

    /** @param sequence of the last article in the log */
    LogWriter(LogTail tail, Groups groups, NumberReserve reserve, Backlog backlog,
            Publisher publisher, String identity, FsyncMode fsync, long segmentSize, Clock clock, long sequence) {
        this.tail = tail;
        this.groups = groups;
        this.reserve = reserve;
        this.backlog = backlog;
        this.publisher = publisher;
        this.identity = identity;
        this.fsync = fsync;
        this.segmentSize = segmentSize;
        this.clock = clock;
        this.sequence = sequence;
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be written at the moment, or "". */
    String trouble() {
        return trouble;
    }

    /** Waits until what is in the closed backlog is written and told. */
    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // What was taken in must still be written.
            }
        }
        teller.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Optional<List<Work>> works = backlog.take(MAX_GROUP, tickMillis());
        while (works.isPresent()) {
            write(works.get());
            works = backlog.take(MAX_GROUP, tickMillis());
        }
        try {
            if (tail.isOpen() && !broken) {
                writeFeeds();
                for (LogRecord record : reserve.farewell(name -> groups.get(name).assigned())) {
                    append(record);
                }
                force();
                publish();
            }
            tail.close();
        } catch (IOException e) {
            LOG.error("the log could not be closed well: {}", e.getMessage());
        }
    }

    private long tickMillis() {
        return fsync instanceof FsyncMode.Interval interval
                ? Math.clamp(interval.every().toMillis(), 1, TICK_MILLIS) : TICK_MILLIS;
    }

    private void write(List<Work> works) {
        round = works;
        placed = 0;
        told = 0;
        try {
            requireRoom();
            for (Work work : works) {
                makeRoom();
                append(work);
                placed++;
            }
            if (tail.isOpen()) {
                writeFeedsIfTime();
                commit();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            backlog.release(works);
        }
    }

    private void requireRoom() throws IOException {
        if (broken && !round.isEmpty()) {
            throw new IOException("the spool failed and must be restarted");
        }
        long octets = 0;
        for (Work work : round) {
            octets += work instanceof Work.Store ? work.weight() : 0;
        }
        if (octets > 0) {
            publisher.requireRoom(octets);
        }
    }

    /** Sees to it that a segment is open and not full. */
    private void makeRoom() throws IOException {
        if (tail.isOpen() && tail.appender().position() >= segmentSize) {
            roll();
        }
        if (!tail.isOpen()) {
            tail.begin(sequence + 1);
        }
    }

    private void roll() throws IOException {
        commit();
        tail.seal(sequence);
    }

    private void append(Work work) throws IOException {
        switch (work) {
            case Work.Store store -> append(store);
            case Work.Note note -> {
                for (LogRecord record : note.records()) {
                    append(record);
                }
            }
            case Work.Roll roll -> {
                if (tail.appender().summary().articles() > 0) {
                    roll();
                    tail.begin(sequence + 1);
                }
            }
        }
    }

    private void append(Work.Store store) throws IOException {
        NewArticle article = store.article();
        var filed = new ArrayList<LogRecord.Filed>(article.groups().size());
        for (String name : article.groups()) {
            long number = groups.get(name).assign();
            for (LogRecord record : reserve.before(name, number)) {
                append(record);
            }
            filed.add(new LogRecord.Filed(name, number));
        }
        sequence++;
        var encoded = ArticleEncoder.encode(article, sequence, identity, List.copyOf(filed));
        long offset = tail.appender().append(encoded.record(), encoded.wire());
        group.add(new Entry.Article(store, encoded.row(store.head(), tail.segment(), offset),
                encoded.record(), tail.segment(), tail.appender().position(), sequence));
    }

    private void append(LogRecord record) throws IOException {
        long time = record instanceof LogRecord.Tombstone tombstone ? tombstone.time()
                : clock.millis();
        tail.appender().append(record, sequence, time);
        group.add(new Entry.Note(record, tail.segment(), tail.appender().position(), sequence));
    }

    private void writeFeedsIfTime() throws IOException {
        if (System.nanoTime() - lastFeeds >= FEEDS_NANOS) {
            writeFeeds();
        }
    }

    private void writeFeeds() throws IOException {
        lastFeeds = System.nanoTime();
        for (LogRecord feed : publisher.changedFeeds()) {
            append(feed);
        }
    }

    /** Makes the group durable, as far as the configuration asks for it, and visible. */
    private void commit() throws IOException {
        if (reserve.mustForce()) {
            force();
        }
        switch (fsync) {
            case FsyncMode.Group always -> force();
            case FsyncMode.Interval interval -> {
                tail.appender().flush();
                if (System.nanoTime() - lastForce >= interval.every().toNanos()) {
                    force();
                }
            }
            case FsyncMode.Off never -> tail.appender().flush();
        }
        publish();
    }

    private void force() throws IOException {
        try {
            if (!tail.appender().isForced()) {
                tail.appender().force();
            }
        } catch (IOException e) {
            tail.rollBack();
            tail.abandon();
            throw e;
        }
        lastForce = System.nanoTime();
    }

    private void publish() {
        if (group.isEmpty() && placed == told) {
            return;
        }
        tail.settle();
        reserve.settle();
        List<Entry> entries = List.copyOf(group);
        List<Work> works = List.copyOf(round.subList(told, placed));
        group.clear();
        told = placed;
        trouble = works.isEmpty() ? trouble : "";
        try {
            publisher.publish(entries);
            teller.execute(() -> tell(entries, works));
        } catch (RuntimeException e) {
            // It is on the disk, and the next start will find it; but memory may be half changed.
            LOG.error("the spool failed and takes nothing more until it is started again", e);
            broken = true;
            trouble = "the spool failed and must be restarted";
            teller.execute(() -> works.forEach(work -> refuse(work, e)));
        }
    }

    private void tell(List<Entry> entries, List<Work> works) {
        for (Entry entry : entries) {
            if (entry instanceof Entry.Article article) {
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

    private static StoreOutcome stored(Entry.Article article) {
        var numbers = new LinkedHashMap<String, Long>();
        article.record().filed().forEach(filed -> numbers.put(filed.group(), filed.number()));
        long location = article.row().location();
        return new StoreOutcome.Stored(new ArticleToken(Location.segment(location),
                Location.offset(location)), article.row().sequence(), numbers);
    }

    private void fail(Exception e) {
        if (e instanceof RuntimeException) {
            LOG.error("the log could not be written", e);
        } else if (trouble.isEmpty()) {
            LOG.warn("nothing can be stored for now: {}", e.getMessage());
        }
        trouble = String.valueOf(e.getMessage());
        tail.rollBack();
        reserve.takeBack();
        group.clear();
        List<Work> works = List.copyOf(round.subList(told, round.size()));
        teller.execute(() -> works.forEach(work -> refuse(work, e)));
    }

    private void refuse(Work work, Exception e) {
        String why = String.valueOf(e.getMessage());
        switch (work) {
            case Work.Store store -> {
                publisher.settled(store);
                store.done().complete(e instanceof NoSpaceException
                        ? new StoreOutcome.NoSpace(why) : new StoreOutcome.Failed(why));
            }
            case Work.Note note -> note.done().completeExceptionally(e);
            case Work.Roll roll -> roll.done().completeExceptionally(e);
        }
    }
}
