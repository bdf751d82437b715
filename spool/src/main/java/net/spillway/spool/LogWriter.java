package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.segment.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the log.
 *
 * <p>It takes all that waits, appends it, asks the disk once for all of it ({@link GroupCommit}),
 * makes it visible, and only then has the senders told, on another thread, so that a slow listener
 * holds up nobody. While the disk works the next group gathers by itself: the slower the disk, the
 * larger the groups. For articles that are just being sent by somebody who will wait for them it
 * waits a little, but no longer than the disk took for the last group.
 *
 * <p>If anything fails, all of the group that was not made visible is taken back off the file, and
 * its senders are told so. Sequences and article numbers are not taken back: what failed may have
 * reached the disk after all, and a gap does no harm. If the folder of a storage class other than
 * the default one fails, that goes for its articles alone.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    /** More in one group would only make those wait who could be told already. */
    private static final long MAX_GROUP = 32 << 20;
    private static final long TICK_MILLIS = 1000;
    private static final String BROKEN = "the spool failed and must be restarted";
    /** Longer than a storage class that hangs, or a full index, can hold up the log. */
    private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long FEEDS_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** So often while a large group is appended it is looked whether the disk has answered. */
    private static final int LOOK_EVERY = 16;

    private final LogTails tails;
    /** Of the default class. */
    private final LogTail tail;
    private final Storages storages;
    private final ClassNotes notes;
    private final Groups groups;
    private final NumberReserve reserve;
    private final Backlog backlog;
    private final Publisher publisher;
    private final String identity;
    private final FsyncMode fsync;
    private final Clock clock;
    private final Outcomes outcomes;
    private final WrittenGroup group = new WrittenGroup();
    private final GroupCommit commit;
    private final Thread thread = Thread.ofPlatform().daemon().name("spool-log")
            .unstarted(this::run);
    /** What was taken at once, and how many of it were looked at. */
    private List<Work> round = List.of();
    private int seen;
    private long sequence;
    private long lastFeeds = System.nanoTime();
    private volatile String trouble = "";
    /** Whether the log has been told that nothing is stored, and not yet that it is again. */
    private boolean refusing;
    private volatile boolean broken;
    /** When writing what was taken last began; 0 if it is over. */
    private volatile long busySince;

    /** @param sequence of the last article in the log */
    LogWriter(Storages storages, Map<Storage, LogTail> tails, ClassNotes notes, Groups groups,
            NumberReserve reserve, Backlog backlog, Publisher publisher, String identity,
            FsyncMode fsync, Clock clock, long sequence) {
        this.storages = storages;
        this.tails = new LogTails(storages.standard(), tails, this::takeDown);
        this.tail = this.tails.standard();
        this.notes = notes;
        this.groups = groups;
        this.reserve = reserve;
        this.backlog = backlog;
        this.publisher = publisher;
        this.identity = identity;
        this.fsync = fsync;
        this.clock = clock;
        this.sequence = sequence;
        this.outcomes = new Outcomes(backlog, publisher);
        this.commit = new GroupCommit(this.tails, group, backlog, reserve, notes, publisher,
                outcomes, fsync, new Appending());
    }

    private final class Appending implements GroupCommit.Appender {
        @Override
        public boolean hasMore() {
            return seen < round.size();
        }

        @Override
        public void stored(List<Work> works) {
            trouble = works.isEmpty() ? trouble : "";
            if (refusing && works.stream().anyMatch(Work.Store.class::isInstance)) {
                LOG.info("articles are stored again");
                refusing = false;
            }
        }

        @Override
        public IOException breakDown(Throwable e) {
            return LogWriter.this.breakDown(e);
        }
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be written at the moment, or "". */
    String trouble() {
        return hangs() ? "the disk under " + storages.standard().dir()
                + " has not answered for a while" : trouble;
    }

    /** Whether the disk has not answered for so long that nobody should wait for it any more. */
    boolean hangs() {
        long since = busySince;
        return since != 0 && System.nanoTime() - since > HUNG_NANOS;
    }

    /** See {@link Spool#whenTold}. */
    void whenTold(Runnable action) {
        outcomes.whenTold(action);
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
        outcomes.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Optional<List<Work>> works = take();
        while (works.isPresent()) {
            write(works.get());
            works = take();
        }
        round = List.of();
        seen = 0;
        try {
            commit.awaitDisk();
            if (tail.isOpen() && !broken) {
                tail.appender().end();
                writeFeeds();
                for (LogRecord record : reserve.farewell(name -> groups.get(name).assigned())) {
                    append(record);
                }
                commit.commitForGood();
            }
            tail.close();
        } catch (IOException e) {
            LOG.error("the log could not be closed well: {}", e.getMessage());
            fail(e);
        }
        tails.closeOthers();
        commit.close();
    }

    private Optional<List<Work>> take() {
        if (commit.isAsking()) { // Woken when the disk has answered.
            return backlog.take(MAX_GROUP, tickNanos(), 0, commit.lacking());
        }
        return group.isGathering()
                ? backlog.take(MAX_GROUP, commit.gatheringNanos(), 0, commit.lacking())
                : backlog.take(MAX_GROUP, tickNanos(), commit.patienceNanos());
    }

    private long tickNanos() {
        return TimeUnit.MILLISECONDS.toNanos(fsync instanceof FsyncMode.Interval interval
                ? Math.clamp(interval.every().toMillis(), 1, TICK_MILLIS) : TICK_MILLIS);
    }

    private void write(List<Work> works) {
        round = works;
        seen = 0;
        busySince = commit.isAsking() ? commit.askedSince() : System.nanoTime() | 1;
        try {
            commit.goOn();
            requireRoom();
            while (seen < works.size()) {
                Work work = works.get(seen);
                if (append(work)) {
                    group.placed(work);
                }
                if (++seen % LOOK_EVERY == 0) {
                    commit.goOn();
                }
            }
            if (tail.isOpen()) {
                writeFeedsIfTime();
                commit.commitSoon();
                retryStorages();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (Error e) {
            fail(breakDown(e));
        } finally {
            busySince = commit.askedSince();
        }
    }

    /** Memory may be half changed, but the log can be read again. This thread goes on saying so. */
    private IOException breakDown(Throwable e) {
        LOG.error("the spool failed and takes nothing more until it is started again", e);
        broken = true;
        trouble = BROKEN;
        return new IOException(BROKEN, e);
    }

    private void requireRoom() throws IOException {
        if (broken && !round.isEmpty()) {
            throw new IOException(BROKEN);
        }
        if (tails.others().isEmpty()) {
            requireStandardRoom();
            return;
        }
        var octets = new HashMap<Storage, Long>();
        for (Work work : round) {
            if (work instanceof Work.Store store) {
                octets.merge(storages.choose(store.article()), work.weight(), Long::sum);
            }
        }
        if (!octets.isEmpty()) {
            // The notes and the index of all classes are on the disk of the default one.
            publisher.requireRoom(octets.getOrDefault(storages.standard(), 0L));
        }
        for (var entry : octets.entrySet()) {
            Storage storage = entry.getKey();
            if (!storage.isDefault() && !storage.isDown()) {
                try {
                    publisher.requireSpace(storage.dir(), entry.getValue());
                } catch (IOException e) {
                    storage.lacksRoom(entry.getValue());
                    takeDown(storage, e);
                }
            }
        }
    }

    /** The same where there are no other classes. */
    private void requireStandardRoom() throws IOException {
        long octets = 0;
        for (Work work : round) {
            octets += work instanceof Work.Store ? work.weight() : 0;
        }
        if (octets > 0) {
            publisher.requireRoom(octets);
        }
    }

    /** Sees to it that the default class has an open segment that is not full. */
    private void makeRoom() throws IOException {
        if (tail.isOpen() && isFull(storages.standard(), tail)) {
            roll();
        }
        if (!tail.isOpen()) {
            tail.begin(sequence + 1);
        }
    }

    private void roll() throws IOException {
        tail.appender().end();
        commit.commit();
        tail.seal(sequence);
    }

    /** The same for another class; false if its folder fails. */
    private boolean makeRoom(Storage storage, boolean anyway) throws IOException {
        LogTail of = tails.of(storage);
        boolean full = of.isOpen() && (anyway || isFull(storage, of));
        if (full) {
            of.appender().end();
            commit.commit();
        }
        try {
            if (full && of.isOpen()) {
                of.seal(sequence);
            }
            if (!of.isOpen()) {
                of.begin(sequence + 1);
            }
            return true;
        } catch (IOException e) {
            takeDown(storage, e);
            return false;
        }
    }

    private static boolean isFull(Storage storage, LogTail of) {
        return of.appender().position() >= storage.segmentSize();
    }

    /** False if it was refused by itself. */
    private boolean append(Work work) throws IOException {
        makeRoom();
        switch (work) {
            case Work.Store store -> {
                Storage storage = storages.choose(store.article());
                if (!storage.isDefault()) {
                    return append(store, storage);
                }
                append(store, tail, file(store));
            }
            case Work.Note note -> {
                for (LogRecord record : note.records()) {
                    append(record, note.sealed());
                }
            }
            case Work.Roll roll -> roll(roll.storage());
        }
        return true;
    }

    private void roll(Storage storage) throws IOException {
        LogTail of = storage.isDefault() ? tail : tails.of(storage);
        if (storage.isDown() || !of.isOpen() || of.appender().summary().articles() == 0) {
            return;
        }
        if (storage.isDefault()) {
            roll();
            tail.begin(sequence + 1);
        } else {
            makeRoom(storage, true);
        }
    }

    /** Stores an article of another class than the default one; false if that fails. */
    private boolean append(Work.Store store, Storage storage) throws IOException {
        commit.awaitDisk();
        if (storage.isDown() || !makeRoom(storage, false)) {
            return passOn(store, storage, storage.problem());
        }
        LogTail of = tails.of(storage);
        List<LogRecord.Filed> filed = file(store);
        for (LogRecord note : notes.before(storage, of.segment(), sequence + 1, filed)) {
            append(note);
        }
        try {
            append(store, of, filed);
            return true;
        } catch (IOException e) {
            takeDown(storage, e);
            return passOn(store, storage, e);
        }
    }

    /** Stores an article in the next class, if its own says so now that it cannot be written. */
    private boolean passOn(Work.Store store, Storage failed, IOException why)
            throws IOException {
        if (!failed.isPassedOver()) {
            outcomes.refuse(List.of(store), why, false);
            return false;
        }
        Storage next = storages.choose(store.article());
        if (!next.isDefault()) {
            return append(store, next);
        }
        append(store, tail, file(store));
        return true;
    }

    private List<LogRecord.Filed> file(Work.Store store) throws IOException {
        var filed = new ArrayList<LogRecord.Filed>(store.article().groups().size());
        for (String name : store.article().groups()) {
            Groups.Group newsgroup = groups.get(name);
            long number = newsgroup.assign();
            for (LogRecord record : reserve.before(name, number)) {
                append(record);
            }
            filed.add(new LogRecord.Filed(newsgroup.name(), number)); // All share one text.
        }
        return List.copyOf(filed);
    }

    private void append(Work.Store store, LogTail to, List<LogRecord.Filed> filed)
            throws IOException {
        sequence++;
        var encoded = ArticleEncoder.encode(store.article(), sequence, identity, filed);
        long offset = to.appender().append(encoded.record(), store.hash(),
                encoded.wire());
        group.add(new Written.Article(store, encoded.row(store.head(), to.segment(), offset),
                encoded.record(), to.segment(), to.appender().position(), sequence));
    }

    /**
     * A storage class cannot be written: takes back what is not visible yet, and tells its senders.
     * After an fsync that failed its open segment is left as it is.
     */
    private void takeDown(Storage storage, IOException e) {
        storage.failed(e);
        LogTail of = tails.of(storage);
        if (!of.isOpen()) {
            return;
        }
        int segment = of.segment();
        List<Work> works = group.takeSegment(segment);
        of.rollBack();
        if (!(e instanceof NoSpaceException)) {
            of.abandon();
        }
        outcomes.refuse(works, e, false);
    }

    /** Looks whether a class that was down can be written again, so that nobody has to ask. */
    private void retryStorages() {
        for (Storage storage : tails.others()) {
            if (!storage.trouble().isEmpty() && !storage.isDown() && tail.isOpen()) {
                try {
                    publisher.requireSpace(storage.dir(), storage.lacking());
                    if (makeRoom(storage, false)) {
                        storage.recovered();
                    }
                } catch (IOException e) {
                    takeDown(storage, e);
                }
            }
        }
    }

    private void append(LogRecord record) throws IOException {
        append(record, false);
    }

    private void append(LogRecord record, boolean sealed) throws IOException {
        long time = record instanceof LogRecord.Tombstone tombstone ? tombstone.time()
                : clock.millis();
        tail.appender().append(record, sequence, time);
        group.add(new Written.Note(
                record, sealed, tail.segment(), tail.appender().position(), sequence));
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

    private void fail(Exception e) {
        try {
            commit.awaitDisk(); // What it has been asked for before may be well.
        } catch (IOException | RuntimeException also) {
            LOG.warn("nor can the disk be asked: {}", also.getMessage());
            commit.giveUpDisk();
        }
        // Only now, as what is well after all says that there is no trouble.
        if (e instanceof RuntimeException) {
            LOG.error("the log could not be written", e);
        } else if (!refusing) {
            LOG.warn("nothing can be stored for now: {}", e.getMessage());
            refusing = true;
        }
        trouble = String.valueOf(e.getMessage());
        tails.rollBack();
        reserve.takeBack();
        notes.takenBack();
        List<Work> works = group.takeAll();
        works.addAll(round.subList(seen, round.size()));
        outcomes.refuse(works, e, true);
    }
}
