package net.spillway.spool;

import java.util.ArrayList;
import java.util.List;
import net.spillway.spool.segment.LogRecord;

/**
 * What stands in the log and is not visible yet, in order, with the works it came of, whose senders
 * are still to be told. The disk has been asked for the first of it. Used by the log's thread.
 */
final class WrittenGroup {
    /** So many entries and works from the beginning. */
    record Part(int entries, int works) {}

    private final List<Written> entries = new ArrayList<>();
    private final List<Work> works = new ArrayList<>();
    private int askedEntries;
    private int askedWorks;
    /** Whether it says that a segment goes, which then happens at once. */
    private boolean dropping;

    void add(Written entry) {
        entries.add(entry);
        dropping = dropping || entry instanceof Written.Note note
                && note.record() instanceof LogRecord.Dropped;
    }

    /** All that this work asks for stands in the log. */
    void placed(Work work) {
        works.add(work);
    }

    boolean isEmpty() {
        return entries.isEmpty() && works.isEmpty();
    }

    boolean hasEntries() {
        return !entries.isEmpty();
    }

    boolean isDropping() {
        return dropping;
    }

    /** How many entries the disk has not been asked for. */
    int unasked() {
        return entries.size() - askedEntries;
    }

    /** Whether there is anything that it has not been asked for. */
    boolean isGathering() {
        return entries.size() > askedEntries || works.size() > askedWorks;
    }

    /** What the disk has not been asked for; it is now. */
    Part ask() {
        var part = new Part(entries.size() - askedEntries, works.size() - askedWorks);
        askedEntries = entries.size();
        askedWorks = works.size();
        return part;
    }

    /** The disk will not answer for anything. */
    void giveUpAsking() {
        askedEntries = 0;
        askedWorks = 0;
    }

    Part all() {
        return new Part(entries.size(), works.size());
    }

    /** The entries of the part that it begins with; see {@link #takeWorks}. */
    List<Written> takeEntries(Part part) {
        dropping = false;
        askedEntries = Math.max(0, askedEntries - part.entries());
        return takeFirst(part.entries(), entries);
    }

    List<Work> takeWorks(Part part) {
        askedWorks = Math.max(0, askedWorks - part.works());
        return takeFirst(part.works(), works);
    }

    private static <T> List<T> takeFirst(int n, List<T> from) {
        List<T> first = from.subList(0, n);
        List<T> taken = List.copyOf(first);
        first.clear();
        return taken;
    }

    /** Takes out what is in a segment; gives the works of its articles. */
    List<Work> takeSegment(int segment) {
        var gone = new ArrayList<Work>();
        for (Written entry : entries) {
            if (entry instanceof Written.Article article && entry.segment() == segment) {
                gone.add(article.work());
            }
        }
        entries.removeIf(entry -> entry.segment() == segment);
        works.removeAll(gone);
        return gone;
    }

    /** Takes out everything; gives the works. */
    List<Work> takeAll() {
        var all = new ArrayList<>(works);
        entries.clear();
        works.clear();
        dropping = false;
        giveUpAsking();
        return all;
    }
}
