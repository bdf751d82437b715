package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * slower the disk, the larger the groups. For articles that are just being sent by somebody who
 * will wait for them it waits a little, but no longer than the disk took for the last group.
 *
 * <p>Where articles stream in, the disk is asked on a thread of its own ({@link Forcer}), and the
 * next group is appended meanwhile: as soon as that is large enough, the disk goes on with it right
 * behind the other; if it was not when the disk had answered, it is asked when it is, or a
 * millisecond is over. Where that came first, it is for a while asked for groups as large as the
 * last, and after no longer than the disk took. Visible is what was appended before it was asked.
 * What goes to other storage classes, and what ends a segment, waits for the answer first.
 *
 * <p>If anything fails, all of the group that was not made visible is taken back off the file, and
 * its senders are told so. Sequences and article numbers are not taken back: what failed may have
 * reached the disk after all, and a gap does no harm. If the folder of a storage class other than
 * the default one fails, that goes for its articles alone.
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

        /** @param sealed the message-IDs in it are in the history's partitions already */
        record Note(LogRecord record, boolean sealed, int segment, long end, long sequence)
                implements Entry {}
    }

    /** What the rest of the spool does for the log. Called on the log's thread, but for told. */
    interface Publisher {
        /**
         * Makes visible what the system has.
         *
         * @param forced whether all of the log up to there is on the disk
         */
        void publish(List<Entry> entries, boolean forced);

        /** Whether something waits for all of the log to be on the disk. */
        boolean mustForce();

        /** Feed positions that changed since this was last asked. */
        List<LogRecord> changedFeeds();

        /** @throws IOException if no articles of that many octets may be written now */
        void requireRoom(long octets) throws IOException;

        /** @throws NoSpaceException if so many octets do not fit there */
        void requireSpace(Path where, long octets) throws IOException;

        /** A store is over, well or not; its sender is told next. On the telling thread. */
        void settled(Work.Store work);

        /** All senders of a group were told. On the telling thread. */
        void told();
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    /** More in one group would only make those wait who could be told already. */
    private static final long MAX_GROUP = 32 << 20;
    private static final long TICK_MILLIS = 1000;
    private static final String BROKEN = "the spool failed and must be restarted";
    /** Longer than a storage class that hangs, or a full index, can hold up the log. */
    private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MAX_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long FEEDS_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** So much is worth asking the disk for, however few articles it is. */
    private static final long LARGE_OCTETS = 256 << 10;
    /** So many articles are, too: what the disk costs besides is then little for each. */
    private static final int MANY = 24;
    /** So many groups in a row are not waited for where so many did not come in time. */
    private static final int HASTY_GROUPS = 16;
    /** So many groups: one that it works for, and one that it goes on with. */
    private static final int MOST_ASKED = 2;
    /** So often while a large group is appended it is looked whether the disk has answered. */
    private static final int LOOK_EVERY = 16;

    private final LogTail tail;
    private final Storages storages;
    /** Of all classes but the default one, whose is {@link #tail}. */
    private final Map<Storage, LogTail> tails;
    private final ClassNotes notes;
    private final Groups groups;
    private final NumberReserve reserve;
    private final Backlog backlog;
    private final Publisher publisher;
    private final String identity;
    private final FsyncMode fsync;
    private final Clock clock;
    private final Teller teller = new Teller();
    private final Thread thread = Thread.ofPlatform().daemon().name("spool-log")
            .unstarted(this::run);
    private final Forcer forcer;
    private final List<Entry> group = new ArrayList<>();
    /** What was taken at once, and how many of it were looked at. */
    private List<Work> round = List.of();
    private int seen;
    /** What stands in the log, and is still to be made visible and told. */
    private final List<Work> placed = new ArrayList<>();
    /** What the disk has been asked for, the first of it at this moment. */
    private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
    /** So many entries of the group, and works that are placed, it has been asked for. */
    private int askedEntries;
    private int askedWorks;
    /** Articles came while the disk was asked last, of senders that do not wait for each. */
    private boolean streaming;
    /** How many entries the disk was asked for last. */
    private int lastEntries;
    /** For so many more groups of a stream {@link #MANY} are not waited for. */
    private int hasty;
    private long sequence;
    /** Whether the group says that a segment goes, which then happens at once. */
    private boolean dropping;
    private long lastForce = System.nanoTime();
    /** What each group waits for; 0 if none does. */
    private long forceNanos;
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
        this.tails = new LinkedHashMap<>(tails);
        this.tail = this.tails.remove(storages.standard());
        this.notes = notes;
        this.groups = groups;
        this.reserve = reserve;
        this.backlog = backlog;
        this.publisher = publisher;
        this.identity = identity;
        this.fsync = fsync;
        this.clock = clock;
        this.sequence = sequence;
        this.forcer = new Forcer(backlog::nudge);
    }

    /** So many entries of the group, and works, behind those asked for before, up to a mark. */
    private record UnderWay(Forcer.Answer answer, LogTail.Mark mark, int entries, int works) {}

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
        teller.whenTold(action);
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
        Optional<List<Work>> works = take();
        while (works.isPresent()) {
            write(works.get());
            works = take();
        }
        round = List.of();
        seen = 0;
        try {
            awaitDisk();
            if (tail.isOpen() && !broken) {
                tail.appender().end();
                writeFeeds();
                for (LogRecord record : reserve.farewell(name -> groups.get(name).assigned())) {
                    append(record);
                }
                forceAll();
                publish();
            }
            tail.close();
        } catch (IOException e) {
            LOG.error("the log could not be closed well: {}", e.getMessage());
            fail(e);
        }
        tails.forEach(LogWriter::close);
        forcer.close();
    }

    private Optional<List<Work>> take() {
        int lacking = Math.max(1, enough() - group.size() + askedEntries);
        if (!underWay.isEmpty()) { // Woken when the disk has answered.
            return backlog.take(MAX_GROUP, tickNanos(), 0, lacking);
        }
        return isGathering() ? backlog.take(MAX_GROUP, gatheringNanos(), 0, lacking)
                : backlog.take(MAX_GROUP, tickNanos(), patienceNanos());
    }

    /** Whether something was appended for which the disk has not been asked yet. */
    private boolean isGathering() {
        return group.size() > askedEntries || placed.size() > askedWorks;
    }

    /** Since when the disk has been working; 0 if it is not. */
    private long askedSince() {
        return underWay.isEmpty() ? 0 : underWay.getFirst().answer().since();
    }

    private long gatheringNanos() {
        return lastForce + (hasty > 0 ? patienceNanos() : MAX_PATIENCE_NANOS) - System.nanoTime();
    }

    /** Of a stream; as many are worth asking the disk. */
    private int enough() {
        return hasty > 0 ? Math.clamp(lastEntries, 1, MANY) : MANY;
    }

    private long patienceNanos() {
        return Math.min(forceNanos, MAX_PATIENCE_NANOS);
    }

    private static void close(Storage storage, LogTail open) {
        try {
            open.close();
        } catch (IOException e) {
            LOG.error("storage class {} could not be closed well: {}", storage.name(),
                    e.getMessage());
        }
    }

    private long tickNanos() {
        return TimeUnit.MILLISECONDS.toNanos(fsync instanceof FsyncMode.Interval interval
                ? Math.clamp(interval.every().toMillis(), 1, TICK_MILLIS) : TICK_MILLIS);
    }

    private void write(List<Work> works) {
        round = works;
        seen = 0;
        busySince = underWay.isEmpty() ? System.nanoTime() | 1 : askedSince();
        try {
            goOn();
            requireRoom();
            while (seen < works.size()) {
                Work work = works.get(seen);
                if (append(work)) {
                    placed.add(work);
                }
                if (++seen % LOOK_EVERY == 0) {
                    goOn();
                }
            }
            if (tail.isOpen()) {
                writeFeedsIfTime();
                commitSoon();
                retryStorages();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (Error e) {
            breakDown(e);
            fail(new IOException(BROKEN, e));
        } finally {
            busySince = askedSince();
        }
    }

    /** Memory may be half changed, but the log can be read again. This thread goes on saying so. */
    private void breakDown(Throwable e) {
        LOG.error("the spool failed and takes nothing more until it is started again", e);
        broken = true;
        trouble = BROKEN;
    }

    private void requireRoom() throws IOException {
        if (broken && !round.isEmpty()) {
            throw new IOException(BROKEN);
        }
        if (tails.isEmpty()) {
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
        commit();
        tail.seal(sequence);
    }

    /** The same for another class; false if its folder fails. */
    private boolean makeRoom(Storage storage, boolean anyway) throws IOException {
        LogTail of = tails.get(storage);
        boolean full = of.isOpen() && (anyway || isFull(storage, of));
        if (full) {
            of.appender().end();
            commit();
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
        LogTail of = storage.isDefault() ? tail : tails.get(storage);
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
        awaitDisk();
        if (storage.isDown() || !makeRoom(storage, false)) {
            refuse(List.of(store), storage.problem(), false);
            return false;
        }
        LogTail of = tails.get(storage);
        List<LogRecord.Filed> filed = file(store);
        for (LogRecord note : notes.before(storage, of.segment(), sequence + 1, filed)) {
            append(note);
        }
        try {
            append(store, of, filed);
            return true;
        } catch (IOException e) {
            takeDown(storage, e);
            refuse(List.of(store), e, false);
            return false;
        }
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
        group.add(new Entry.Article(store, encoded.row(store.head(), to.segment(), offset),
                encoded.record(), to.segment(), to.appender().position(), sequence));
    }

    /**
     * A storage class cannot be written: takes back what is not visible yet, and tells its senders.
     * After an fsync that failed its open segment is left as it is.
     */
    private void takeDown(Storage storage, IOException e) {
        storage.failed(e);
        LogTail of = tails.get(storage);
        if (!of.isOpen()) {
            return;
        }
        int segment = of.segment();
        var works = new ArrayList<Work>();
        for (Entry entry : group) {
            if (entry instanceof Entry.Article article && entry.segment() == segment) {
                works.add(article.work());
            }
        }
        group.removeIf(entry -> entry.segment() == segment);
        placed.removeAll(works);
        of.rollBack();
        if (!(e instanceof NoSpaceException)) {
            of.abandon();
        }
        refuse(works, e, false);
    }

    /** Looks whether a class that was down can be written again, so that nobody has to ask. */
    private void retryStorages() {
        for (Storage storage : tails.keySet()) {
            if (!storage.trouble().isEmpty() && !storage.isDown() && tail.isOpen()) {
                try {
                    publisher.requireSpace(storage.dir(), 0);
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
        dropping = dropping || record instanceof LogRecord.Dropped;
        group.add(new Entry.Note(
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

    /** If the disk has answered, makes visible what it was asked for, and asks for the next. */
    private void goOn() throws IOException {
        boolean answered = false;
        while (!underWay.isEmpty() && underWay.getFirst().answer().isThere()) {
            awaitFirst();
            answered = true;
        }
        if (answered && isGathering()) {
            commitSoon();
        }
    }

    /**
     * As {@link #commit}; but where articles stream in, more can be appended meanwhile. While the
     * disk works, it is asked for the next group, too, if that is large enough: it begins with that
     * at once, whenever this thread has its turn.
     */
    private void commitSoon() throws IOException {
        boolean streams = streaming && tails.values().stream().allMatch(LogWriter::isSettled);
        boolean enough = group.size() - askedEntries >= enough()
                || tail.unasked() >= LARGE_OCTETS;
        boolean idle = underWay.isEmpty();
        if (idle && !streams) {
            commit();
        } else if (!idle && (!streams || !enough || underWay.size() >= MOST_ASKED)) {
            tail.appender().flush(); // So that nothing is left to be done when the disk answers.
        } else if (enough || gatheringNanos() <= 0) {
            hasty = hasty > 0 ? hasty - 1 : enough ? 0 : HASTY_GROUPS;
            askDisk();
        }
    }

    private static boolean isSettled(LogTail of) {
        return !of.isOpen() || of.isSettled();
    }

    private void askDisk() throws IOException {
        if (isGathering()) {
            LogTail.Mark mark = tail.mark();
            int entries = group.size() - askedEntries;
            int works = placed.size() - askedWorks;
            lastEntries = entries;
            underWay.add(new UnderWay(forcer.ask(tail.appender().beginForce()), mark, entries,
                    works));
            askedEntries += entries;
            askedWorks += works;
        }
    }

    /** Waits for all that the disk is being asked for, and makes that visible. */
    private void awaitDisk() throws IOException {
        while (!underWay.isEmpty()) {
            awaitFirst();
        }
    }

    private void awaitFirst() throws IOException {
        UnderWay first = underWay.remove();
        try {
            forceNanos = first.answer().await();
        } catch (IOException e) {
            giveUpDisk();
            tail.rollBack();
            tail.abandon();
            throw e;
        }
        askedEntries -= first.entries();
        askedWorks -= first.works();
        lastForce = System.nanoTime();
        tail.appender().forced(first.mark().position());
        publish(first.mark(), first.entries(), first.works());
        noteStream(!group.isEmpty() || seen < round.size());
    }

    /** After a failure the disk may claim success for what it has lost: it is not believed. */
    private void giveUpDisk() {
        for (UnderWay next : underWay) {
            try {
                next.answer().await(); // Nothing may be done to the file meanwhile.
            } catch (IOException e) {
                LOG.debug("nor could the disk be asked for what followed", e);
            }
        }
        underWay.clear();
        askedEntries = 0;
        askedWorks = 0;
    }

    /** @param came whether articles were taken while the disk worked */
    private void noteStream(boolean came) {
        boolean waited = backlog.anyCame(); // Asked in any case.
        streaming = fsync instanceof FsyncMode.Group && !waited && (came || backlog.hasMore());
    }

    /** Makes the group durable, as far as the configuration asks for it, and visible. */
    private void commit() throws IOException {
        awaitDisk();
        if (reserve.mustForce() || dropping) {
            forceDefault(); // Whatever was promised: a segment must not go before the log says so.
        }
        switch (fsync) {
            case FsyncMode.Group always -> {
                long from = System.nanoTime();
                forceAll();
                forceNanos = lastForce - from;
            }
            case FsyncMode.Interval interval -> {
                if (System.nanoTime() - lastForce >= interval.every().toNanos()
                        || publisher.mustForce()) {
                    forceAll();
                } else {
                    flushAll();
                }
            }
            case FsyncMode.Off never -> {
                if (publisher.mustForce()) {
                    forceAll();
                } else {
                    flushAll();
                }
            }
        }
        lastEntries = group.size();
        publish();
        noteStream(false);
    }

    private void flushAll() throws IOException {
        tails.forEach((storage, of) -> {
            try {
                if (of.isOpen()) {
                    of.appender().flush();
                }
            } catch (IOException e) {
                takeDown(storage, e);
            }
        });
        tail.appender().flush();
    }

    private void forceAll() throws IOException {
        tails.forEach((storage, of) -> {
            try {
                force(of);
            } catch (IOException e) {
                takeDown(storage, e);
            }
        });
        forceDefault();
        lastForce = System.nanoTime();
    }

    private void forceDefault() throws IOException {
        try {
            force(tail);
        } catch (IOException e) {
            tail.rollBack();
            tail.abandon();
            throw e;
        }
    }

    private static void force(LogTail of) throws IOException {
        if (!isForced(of)) {
            of.appender().forceOnTheWay();
        }
    }

    private static boolean isForced(LogTail of) {
        return !of.isOpen() || of.appender().isForced();
    }

    private void publish() throws IOException {
        if (!group.isEmpty() || !placed.isEmpty()) {
            publish(tail.mark(), group.size(), placed.size());
        }
    }

    /** The same of what was appended up to there. */
    private void publish(LogTail.Mark mark, int entriesBefore, int worksBefore)
            throws IOException {
        tail.settle(mark);
        dropping = false;
        reserve.settle();
        notes.written();
        tails.forEach((storage, of) -> {
            if (of.isOpen() && !of.isSettled()) {
                of.settle();
                storage.recovered();
            }
        });
        List<Entry> entries = takeFirst(entriesBefore, group);
        List<Work> works = takeFirst(worksBefore, placed);
        trouble = works.isEmpty() ? trouble : "";
        if (refusing && works.stream().anyMatch(Work.Store.class::isInstance)) {
            LOG.info("articles are stored again");
            refusing = false;
        }
        try {
            publisher.publish(entries, tail.appender().isForced(mark.position())
                    && tails.values().stream().allMatch(LogWriter::isForced));
            backlog.release(works);
            teller.tell(() -> tell(entries, works));
        } catch (RuntimeException | Error e) {
            breakDown(e); // It is on the disk, and the next start will find it.
            giveUpDisk();
            refuse(works, new IOException(BROKEN, e));
            throw new IOException(BROKEN, e);
        }
    }

    private static <T> List<T> takeFirst(int n, List<T> from) {
        List<T> first = from.subList(0, n);
        List<T> taken = List.copyOf(first);
        first.clear();
        return taken;
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

    private void fail(Exception e) {
        if (e instanceof RuntimeException) {
            LOG.error("the log could not be written", e);
        } else if (!refusing) {
            LOG.warn("nothing can be stored for now: {}", e.getMessage());
            refusing = true;
        }
        trouble = String.valueOf(e.getMessage());
        try {
            awaitDisk(); // What it has been asked for before may be well.
        } catch (IOException | RuntimeException also) {
            LOG.warn("nor can the disk be asked: {}", also.getMessage());
            giveUpDisk();
        }
        tail.rollBack();
        dropping = false;
        reserve.takeBack();
        notes.takenBack();
        tails.values().forEach(LogTail::rollBack);
        group.clear();
        var works = new ArrayList<>(placed);
        works.addAll(round.subList(seen, round.size()));
        placed.clear();
        refuse(works, e);
    }

    private void refuse(List<? extends Work> works, Exception e) {
        refuse(works, e, true);
    }

    /** @param general whether it is more than one storage class that fails */
    private void refuse(List<? extends Work> works, Exception e, boolean general) {
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
}
