package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.Numbered;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.segment.Location;

/**
 * Articles by sequence and by number: the newest from memory, the others from the index, without
 * those that were removed but are still in it. Memory is always asked first, see {@link Recent}.
 */
final class Catalog {
    private static final int STEP = 1000;

    private final Recent recent;
    private final Supplier<SqlIndex> index;
    private final IntPredicate isHere;
    private final Set<Long> removed = ConcurrentHashMap.newKeySet();

    /** @param isHere whether that segment was not dropped */
    Catalog(Recent recent, Supplier<SqlIndex> index, IntPredicate isHere) {
        this.recent = recent;
        this.index = index;
        this.isHere = isHere;
    }

    /** Hides an article at once. */
    void hide(long sequence) {
        removed.add(sequence);
        recent.remove(sequence);
    }

    /** The index has taken it out. */
    void forgetHidden(long sequence) {
        removed.remove(sequence);
    }

    Optional<ArticleRow> bySequence(long sequence) throws IOException {
        Optional<ArticleRow> row = recent.bySequence(sequence);
        if (row.isEmpty()) {
            row = index.get().bySequence(sequence);
        }
        return row.filter(this::isVisible);
    }

    Optional<ArticleRow> byNumber(String group, long number) throws IOException {
        Optional<ArticleRow> row = recent.byNumber(group, number);
        if (row.isEmpty()) {
            row = index.get().byNumber(group, number);
        }
        return row.filter(this::isVisible);
    }

    List<Numbered> range(String group, long low, long high, int max) throws IOException {
        var found = new ArrayList<Numbered>();
        long at = low;
        while (found.size() < max && at <= high) {
            List<Numbered> page = page(group, at, high, max);
            page.stream().filter(n -> isVisible(n.row())).limit(max - found.size())
                    .forEach(found::add);
            if (page.size() < max) {
                break;
            }
            at = page.getLast().number() + 1;
        }
        return found;
    }

    private List<Numbered> page(String group, long low, long high, int max) throws IOException {
        List<Numbered> young = recent.range(group, low, high, max);
        if (recent.isCompleteFrom(group, low)) {
            return young;
        }
        var all = new TreeMap<Long, Numbered>();
        index.get().range(group, low, high, max).forEach(n -> all.put(n.number(), n));
        young.forEach(n -> all.put(n.number(), n));
        return all.values().stream().limit(max).toList();
    }

    long[] numbers(String group, long low, long high, int max) throws IOException {
        var found = new ArrayList<Long>();
        long at = low;
        while (found.size() < max && at <= high) {
            List<long[]> page = numbersPage(group, at, high, max);
            page.stream().filter(this::isVisible)
                    .limit(max - found.size()).forEach(pair -> found.add(pair[0]));
            if (page.size() < max) {
                break;
            }
            at = page.getLast()[0] + 1;
        }
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private List<long[]> numbersPage(String group, long low, long high, int max)
            throws IOException {
        var all = new TreeMap<Long, long[]>();
        for (Numbered young : recent.range(group, low, high, max)) {
            all.put(young.number(), new long[] {young.number(), young.row().sequence(),
                    young.row().location()});
        }
        if (!recent.isCompleteFrom(group, low)) {
            for (long[] entry : index.get().numbers(group, low, high, max)) {
                all.put(entry[0], entry);
            }
        }
        return all.values().stream().limit(max).toList();
    }

    OptionalLong next(String group, long number) throws IOException {
        long best = recent.next(group, number).orElse(Long.MAX_VALUE);
        long at = number;
        while (at < best - 1 && !recent.isCompleteFrom(group, at + 1)) {
            List<long[]> found = index.get().numbers(group, at + 1, best - 1, STEP);
            for (long[] pair : found) {
                if (isVisible(pair)) {
                    return OptionalLong.of(pair[0]);
                }
            }
            if (found.size() < STEP) {
                break;
            }
            at = found.getLast()[0];
        }
        return best == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(best);
    }

    OptionalLong previous(String group, long number) throws IOException {
        Optional<Long> young = recent.previous(group, number);
        if (young.isPresent()) {
            return OptionalLong.of(young.get());
        }
        long at = number;
        while (at > 1) {
            List<long[]> found = index.get().numbersDown(group, 1, at - 1, STEP);
            for (long[] pair : found) {
                if (isVisible(pair)) {
                    return OptionalLong.of(pair[0]);
                }
            }
            if (found.size() < STEP) {
                break;
            }
            at = found.getLast()[0];
        }
        return OptionalLong.empty();
    }

    /** Articles after that sequence in order, up to {@code last}. */
    List<ArticleRow> log(long after, int max, long last) throws IOException {
        List<ArticleRow> found = recent.after(after, max);
        if (!recent.isComplete(after)) {
            found = fromIndex(after, max, found);
        }
        return found.stream().filter(row -> row.sequence() <= last).toList();
    }

    private List<ArticleRow> fromIndex(long after, int max, List<ArticleRow> young)
            throws IOException {
        var found = new ArrayList<ArticleRow>();
        long at = after;
        while (found.size() < max) {
            List<ArticleRow> rows = index.get().log(at, max);
            rows.stream().filter(this::isVisible).limit(max - found.size()).forEach(found::add);
            if (rows.size() < max) {
                young.stream().filter(r -> found.isEmpty()
                        || r.sequence() > found.getLast().sequence()).toList()
                        .stream().limit(max - found.size()).forEach(found::add);
                break;
            }
            at = rows.getLast().sequence();
        }
        return found;
    }

    /** @param entry number, sequence, and location if that has to be looked at */
    private boolean isVisible(long[] entry) {
        return !removed.contains(entry[1]) && (entry.length == 2
                || isHere.test(Location.segment(entry[2])));
    }

    private boolean isVisible(ArticleRow row) {
        return !removed.contains(row.sequence()) && isHere.test(Location.segment(row.location()));
    }
}
