package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was written to the disk, many works at once, as far as the configuration asks for it;
 * then makes it visible through the {@link Publisher}, and has the senders told.
 *
 * <p>Where articles stream in, the disk is asked on a thread of its own ({@link Forcer}), and the
 * next group is appended meanwhile: as soon as that is large enough, the disk goes on with it right
 * behind the other; if it was not when the disk had answered, it is asked when it is, or a
 * millisecond is over. Where that came first, it is for a while asked for groups as large as the
 * last, and after no longer than the disk took. Visible is what was appended before it was asked.
 * What goes to other storage classes, and what ends a segment, waits for the answer first.
 *
 * <p>Used by the log's thread.
 */
final class GroupCommit implements AutoCloseable {
    /** Who appends. */
    interface Appender {
        /** Whether more of what was taken at once is still to be appended. */
        boolean hasMore();

        /** These are done. */
        void stored(List<Work> works);

        /** The memory of the spool may be half changed. */
        IOException breakDown(Throwable e);
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final long MAX_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** So much is worth asking the disk for, however few articles it is. */
    private static final long LARGE_OCTETS = 256 << 10;
    /** So many articles are, too: what the disk costs besides is then little for each. */
    private static final int MANY = 24;
    /** So many groups in a row are not waited for where so many did not come in time. */
    private static final int HASTY_GROUPS = 16;
    /** So many groups: one that it works for, and one that it goes on with. */
    private static final int MOST_ASKED = 2;

    private final LogTails tails;
    private final WrittenGroup group;
    private final Backlog backlog;
    private final NumberReserve reserve;
    private final ClassNotes notes;
    private final Publisher publisher;
    private final Outcomes outcomes;
    private final FsyncMode fsync;
    private final Appender appender;
    private final Forcer forcer;
    /** What the disk has been asked for, the first of it at this moment. */
    private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
    /** Articles came while the disk was asked last, of senders that do not wait for each. */
    private boolean streaming;
    /** How many entries the disk was asked for last. */
    private int lastEntries;
    /** For so many more groups of a stream {@link #MANY} are not waited for. */
    private int hasty;
    private long lastForce = System.nanoTime();
    /** What each group waits for; 0 if none does. */
    private long forceNanos;

    /** @param group what was written, and is taken out when it is visible */
    GroupCommit(LogTails tails, WrittenGroup group, Backlog backlog, NumberReserve reserve,
            ClassNotes notes, Publisher publisher, Outcomes outcomes, FsyncMode fsync,
            Appender appender) {
        this.tails = tails;
        this.group = group;
        this.backlog = backlog;
        this.reserve = reserve;
        this.notes = notes;
        this.publisher = publisher;
        this.outcomes = outcomes;
        this.fsync = fsync;
        this.appender = appender;
        this.forcer = new Forcer(backlog::nudge);
    }

    /** A part of the group behind those asked for before, up to a mark. */
    private record UnderWay(Forcer.Answer answer, LogTail.Mark mark, WrittenGroup.Part part) {}

    /** Since when the disk has been working, by the system's clock of nanoseconds; 0: it is not. */
    long askedSince() {
        if (underWay.isEmpty()) {
            return 0;
        }
        long since = underWay.getFirst().answer().since();
        return lastForce - since > 0 ? lastForce | 1 : since; // It did what was asked before first.
    }

    boolean isAsking() {
        return !underWay.isEmpty();
    }

    /** How long what was written may wait for more, while the disk is idle. */
    long gatheringNanos() {
        return lastForce + (hasty > 0 ? patienceNanos() : MAX_PATIENCE_NANOS) - System.nanoTime();
    }

    /** How many more works are worth asking the disk. */
    int lacking() {
        return Math.max(1, enough() - group.unasked());
    }

    /** How long those that are coming are worth being waited for. */
    long patienceNanos() {
        return Math.min(forceNanos, MAX_PATIENCE_NANOS);
    }

    /** Of a stream; as many are worth asking the disk. */
    private int enough() {
        return hasty > 0 ? Math.clamp(lastEntries, 1, MANY) : MANY;
    }

    /** If the disk has answered, makes visible what it was asked for, and asks for the next. */
    void goOn() throws IOException {
        boolean answered = false;
        while (!underWay.isEmpty() && underWay.getFirst().answer().isThere()) {
            awaitFirst();
            answered = true;
        }
        if (answered && group.isGathering()) {
            commitSoon();
        }
    }

    /**
     * As {@link #commit}; but where articles stream in, more can be appended meanwhile. While the
     * disk works, it is asked for the next group, too, if that is large enough: it begins with that
     * at once, whenever this thread has its turn.
     */
    void commitSoon() throws IOException {
        LogTail tail = tails.standard();
        boolean streams = streaming && tails.areOthersSettled();
        boolean enough = group.unasked() >= enough() || tail.unasked() >= LARGE_OCTETS;
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

    private void askDisk() throws IOException {
        if (group.isGathering()) {
            LogTail tail = tails.standard();
            LogTail.Mark mark = tail.mark();
            Forcer.Answer answer = forcer.ask(tail.appender().beginForce());
            WrittenGroup.Part part = group.ask();
            lastEntries = part.entries();
            underWay.add(new UnderWay(answer, mark, part));
        }
    }

    /** Waits for all that the disk is being asked for, and makes that visible. */
    void awaitDisk() throws IOException {
        while (!underWay.isEmpty()) {
            awaitFirst();
        }
    }

    private void awaitFirst() throws IOException {
        UnderWay first = underWay.remove();
        LogTail tail = tails.standard();
        try {
            forceNanos = first.answer().await();
        } catch (IOException e) {
            giveUpDisk();
            tail.rollBack();
            tail.abandon();
            throw e;
        }
        lastForce = System.nanoTime();
        tail.appender().forced(first.mark().position());
        publish(first.mark(), first.part());
        noteStream(group.hasEntries() || appender.hasMore());
    }

    /** After a failure the disk may claim success for what it has lost: it is not believed. */
    void giveUpDisk() {
        for (UnderWay next : underWay) {
            try {
                next.answer().await(); // Nothing may be done to the file meanwhile.
            } catch (IOException e) {
                LOG.debug("nor could the disk be asked for what followed", e);
            }
        }
        underWay.clear();
        group.giveUpAsking();
    }

    /** @param came whether articles were taken while the disk worked */
    private void noteStream(boolean came) {
        boolean waited = backlog.anyCame(); // Asked in any case.
        streaming = fsync instanceof FsyncMode.Group && !waited && (came || backlog.hasMore());
    }

    /** Makes the group durable, as far as the configuration asks for it, and visible. */
    void commit() throws IOException {
        awaitDisk();
        if (reserve.mustForce() || group.isDropping()) {
            // Whatever was promised: a segment must not go before the log says so.
            tails.forceStandard();
        }
        switch (fsync) {
            case FsyncMode.Group always -> {
                long from = System.nanoTime();
                force();
                forceNanos = lastForce - from;
            }
            case FsyncMode.Interval interval ->
                    forceOrFlush(System.nanoTime() - lastForce >= interval.every().toNanos());
            case FsyncMode.Off never -> forceOrFlush(false);
        }
        lastEntries = group.all().entries();
        publish();
        noteStream(false);
    }

    private void forceOrFlush(boolean due) throws IOException {
        if (due || publisher.mustForce()) {
            force();
        } else {
            tails.flush();
        }
    }

    private void force() throws IOException {
        tails.force();
        lastForce = System.nanoTime();
    }

    /** Makes everything durable, whatever the configuration asks for, and visible. */
    void commitForGood() throws IOException {
        force();
        publish();
    }

    private void publish() throws IOException {
        if (!group.isEmpty()) {
            publish(tails.standard().mark(), group.all());
        }
    }

    /** The same of what was appended up to there. */
    private void publish(LogTail.Mark mark, WrittenGroup.Part part) throws IOException {
        tails.standard().settle(mark);
        reserve.settle();
        notes.written();
        tails.settleOthers();
        List<Written> entries = group.takeEntries(part);
        List<Work> works = group.takeWorks(part);
        appender.stored(works);
        try {
            publisher.publish(entries, tails.areForced(mark.position()));
            outcomes.done(entries, works);
        } catch (RuntimeException | Error e) {
            IOException broken = appender.breakDown(e); // The next start will find it on the disk.
            outcomes.refuse(works, broken, true);
            giveUpDisk();
            throw broken;
        }
    }

    /** Returns when the disk has answered. */
    @Override
    public void close() {
        forcer.close();
    }
}
