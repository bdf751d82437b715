package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.LoggedArticle;
import net.spillway.spool.index.NumberEntry;
import net.spillway.spool.index.OverviewEntry;
import net.spillway.spool.index.OverviewOctets;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.segment.Location;

/**
 * Articles by sequence and by number: the newest from memory, the others from the index, without
 * those that were removed but are still in it. Memory is always asked first, see {@link Recent}.
 */
final class Catalog {
    /** Where an article lies. */
    record Place(long sequence, long location) {
        static Place of(ArticleRow row) {
            return new Place(row.sequence(), row.location());
        }
    }

    /** What the index has of a group in [low, high]. */
    private interface Source<T> {
        List<T> find(long low, long high, int max) throws IOException;
    }

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

    Optional<Place> bySequence(long sequence) throws IOException {
        Optional<Place> place = recent.bySequence(sequence).map(Place::of);
        if (place.isEmpty()) {
            place = index.get().bySequence(sequence).map(article ->
                    new Place(article.sequence(), article.location()));
        }
        return place.filter(this::isVisible);
    }

    Optional<Place> byNumber(String group, long number) throws IOException {
        Optional<Place> place = recent.byNumber(group, number).map(Place::of);
        if (place.isEmpty()) {
            place = index.get().byNumber(group, number).map(Catalog::place);
        }
        return place.filter(this::isVisible);
    }

    private static Place place(NumberEntry entry) {
        return new Place(entry.sequence(), entry.location());
    }

    List<OverviewLine> overview(String group, long low, long high, int max) throws IOException {
        return range(group, low, high, max, OverviewLine::of,
                (from, to, some) -> index.get().lines(group, from, to, some),
                OverviewEntry::number, entry -> new Place(entry.sequence(), entry.location()),
                OverviewLine::of);
    }

    List<OverviewText> overviewTexts(String group, long low, long high, int max)
            throws IOException {
        return range(group, low, high, max,
                (number, row) -> OverviewText.of(OverviewLine.of(number, row)),
                (from, to, some) -> index.get().texts(group, from, to, some),
                OverviewOctets::number,
                text -> new Place(text.sequence(), text.location()),
                text -> new OverviewText(text.number(), text.line()));
    }

    long[] numbers(String group, long low, long high, int max) throws IOException {
        return range(group, low, high, max, (number, row) -> number,
                (from, to, some) -> index.get().numbers(group, from, to, some),
                NumberEntry::number, Catalog::place, NumberEntry::number)
                .stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * What is visible of a group, by rising number. Memory has the end of it without a gap, so the
     * index is asked for what comes before that.
     */
    private <T, R> List<R> range(String group, long low, long high, int max,
            BiFunction<Long, ArticleRow, R> young, Source<T> old, ToLongFunction<T> number,
            Function<T, Place> place, Function<T, R> result) throws IOException {
        var found = new ArrayList<R>();
        long at = low;
        while (found.size() < max && at <= high) {
            int wanted = max - found.size();
            List<Map.Entry<Long, ArticleRow>> newest = newest(group, at, high, wanted);
            long until = newest.isEmpty() ? high : newest.getFirst().getKey() - 1;
            List<T> before = at > until || recent.isCompleteFrom(group, at) ? List.of()
                    : old.find(at, until, wanted);
            for (T one : before) {
                if (isVisible(place.apply(one))) {
                    found.add(result.apply(one));
                }
            }
            if (before.size() < wanted) {
                newest.stream().limit(max - found.size())
                        .forEach(e -> found.add(young.apply(e.getKey(), e.getValue())));
                break;
            }
            at = number.applyAsLong(before.getLast()) + 1;
        }
        return found;
    }

    /** From memory, without a gap: if some leave while it is read, it is read again. */
    private List<Map.Entry<Long, ArticleRow>> newest(String group, long low, long high, int max) {
        while (true) {
            List<Map.Entry<Long, ArticleRow>> found = recent.range(group, low, high, max);
            if (found.isEmpty() || recent.isCompleteFrom(group, found.getFirst().getKey())) {
                return found;
            }
        }
    }

    OptionalLong next(String group, long number) throws IOException {
        long best = recent.next(group, number).orElse(Long.MAX_VALUE);
        long at = number;
        int step = 1; // The very next one, nearly always.
        while (at < best - 1 && !recent.isCompleteFrom(group, at + 1)) {
            List<NumberEntry> found = index.get().numbers(group, at + 1, best - 1, step);
            for (NumberEntry entry : found) {
                if (isVisible(place(entry))) {
                    return OptionalLong.of(entry.number());
                }
            }
            if (found.size() < step) {
                break;
            }
            at = found.getLast().number();
            step = STEP;
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
            List<NumberEntry> found = index.get().numbersDown(group, 1, at - 1);
            for (NumberEntry entry : found) {
                if (isVisible(place(entry))) {
                    return OptionalLong.of(entry.number());
                }
            }
            if (found.isEmpty()) {
                break;
            }
            at = found.getLast().number();
        }
        return OptionalLong.empty();
    }

    /** Articles after that sequence in order, up to {@code last}. */
    List<LogEntry> log(long after, int max, long last) throws IOException {
        List<ArticleRow> young = recent.after(after, max);
        var found = new ArrayList<LogEntry>();
        long at = after;
        while (found.size() < max && !recent.isComplete(at)) {
            List<LoggedArticle> some = index.get().log(at, max);
            for (LoggedArticle article : some) {
                if (found.size() < max && isVisible(
                        new Place(article.sequence(), article.location()))) {
                    found.add(LogEntry.of(article));
                }
            }
            if (some.isEmpty()) {
                break;
            }
            at = some.getLast().sequence();
        }
        for (ArticleRow row : young) {
            if (found.size() < max && row.sequence() > at) {
                found.add(LogEntry.of(LoggedArticle.of(row)));
            }
        }
        return found.stream().filter(entry -> entry.sequence() <= last).toList();
    }

    private boolean isVisible(Place place) {
        return !removed.contains(place.sequence)
                && isHere.test(Location.segment(place.location));
    }
}
