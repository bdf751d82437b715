package net.spillway.spool.index;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;

/**
 * The tables of articles: by sequence, by number, and their lines of overview. What comes in order
 * is gathered until {@link #flush}; everything else is done at once, and asks for a flush before.
 */
final class ArticleTables {
    /** Blocks of articles looked through in one transaction: new articles wait meanwhile. */
    private static final int CLEANED_AT_ONCE = 32;
    /** Blocks looked through at once for the lowest number of a group. */
    private static final int STEP = 8;

    /** What comes to a group in one transaction. */
    private static final class Filings {
        private final List<NumberEntry> numbers = new ArrayList<>();
        private final List<OverviewEntry> lines = new ArrayList<>();
        private long high;
    }

    /** Numbers of a group that went. */
    private static final class Span {
        private long low = Long.MAX_VALUE;
        private long high;
        private int count;

        void add(long number) {
            count++;
            low = Math.min(low, number);
            high = Math.max(high, number);
        }
    }

    private final GroupTable groups;
    private final BlockTable<LoggedArticle> articles;
    private final BlockTable<NumberEntry> numbers;
    private final BlockTable<OverviewEntry> lines;
    private final List<LoggedArticle> newArticles = new ArrayList<>();
    private final Map<String, Filings> newFilings = new LinkedHashMap<>();

    ArticleTables(GroupTable groups, Statements sql) {
        this.groups = groups;
        articles = new BlockTable<>("art", new LoggedArticle.Codec(groups::key, groups::name),
                512, 64 << 10, sql);
        numbers = new BlockTable<>("num", NumberEntry.CODEC, 512, 8 << 10, sql);
        lines = new BlockTable<>("line", OverviewEntry.CODEC, 128, 32 << 10, sql);
    }

    /** Adds an article that comes after all others. Its groups must be there. */
    void add(ArticleRow row) {
        newArticles.add(LoggedArticle.of(row));
        for (LogRecord.Filed filed : row.filed()) {
            GroupRow group = groups.find(filed.group()).orElseThrow();
            Filings filings = newFilings.computeIfAbsent(filed.group(), name -> new Filings());
            if (filed.number() > Math.max(filings.high, group.high())) {
                long key = Schema.key(group.key(), filed.number());
                filings.numbers.add(new NumberEntry(key, row.sequence(), row.location()));
                filings.lines.add(OverviewEntry.of(key, row));
                filings.high = filed.number();
            }
        }
    }

    void flush() throws SQLException {
        if (!newArticles.isEmpty()) {
            articles.append(newArticles);
        }
        for (var entry : newFilings.entrySet()) {
            Filings filings = entry.getValue();
            if (!filings.numbers.isEmpty()) {
                numbers.append(filings.numbers);
                lines.append(filings.lines);
                groups.put(groups.find(entry.getKey()).orElseThrow().plus(filings.numbers.size(),
                        Schema.number(filings.numbers.getFirst().key()), filings.high));
            }
        }
        newArticles.clear();
        newFilings.clear();
        articles.flush();
        numbers.flush();
        lines.flush();
    }

    /** Adds an article that comes after later ones; false if it is there already. */
    boolean insert(ArticleRow row) throws SQLException {
        if (!articles.insert(LoggedArticle.of(row))) {
            return false;
        }
        for (LogRecord.Filed filed : row.filed()) {
            GroupRow group = groups.find(filed.group()).orElseThrow();
            long key = Schema.key(group.key(), filed.number());
            if (numbers.insert(new NumberEntry(key, row.sequence(), row.location()))) {
                lines.insert(OverviewEntry.of(key, row));
                groups.put(group.plus(1, filed.number(), filed.number()));
            }
        }
        return true;
    }

    /** Takes out an article, if it is there; tells how many each group lost. */
    Optional<Map<String, Integer>> remove(long sequence, IntPredicate isHere)
            throws SQLException {
        Optional<LoggedArticle> article = articles.find(sequence);
        if (article.isEmpty()) {
            return Optional.empty();
        }
        long location = article.get().location();
        articles.remove(sequence, location);
        var shrunk = new HashMap<String, Integer>();
        for (LogRecord.Filed filed : article.get().filed()) {
            GroupRow group = groups.find(filed.group()).orElseThrow();
            long key = Schema.key(group.key(), filed.number());
            if (numbers.find(key).filter(e -> e.location() == location).isPresent()) {
                numbers.remove(key, location);
                lines.remove(key, location);
                shrink(group, 1, isHere);
                shrunk.put(group.name(), 1);
            }
        }
        return Optional.of(shrunk);
    }

    /**
     * What was taken out of a dropped segment.
     *
     * @param upTo sequence up to which nothing is left of it
     */
    record Cleaned(int articles, Map<String, Integer> shrunk, long upTo) {}

    /**
     * Takes out some of the articles of a dropped segment.
     *
     * @param isKnown whether the articles of a segment are still counted
     * @param isHere  whether a segment was not dropped
     */
    Cleaned clean(IndexedSegment segment, IntPredicate isKnown, IntPredicate isHere)
            throws SQLException {
        List<Block> blocks = articles.blocks(segment.first(), segment.last(), CLEANED_AT_ONCE);
        var spans = new HashMap<String, Span>();
        int gone = 0;
        LongPredicate isGone = location -> Location.segment(location) == segment.id()
                || !isKnown.test(Location.segment(location));
        for (Block block : blocks) {
            for (LoggedArticle article : block.read(articles.codec())) {
                if (Location.segment(article.location()) == segment.id()) {
                    gone++;
                    article.filed().forEach(filed -> spans.computeIfAbsent(filed.group(),
                            name -> new Span()).add(filed.number()));
                }
            }
            articles.keep(block, article -> !isGone.test(article.location()));
        }
        var shrunk = new HashMap<String, Integer>();
        for (var entry : spans.entrySet()) {
            GroupRow group = groups.find(entry.getKey()).orElseThrow();
            keep(numbers, group, entry.getValue(), isGone);
            keep(lines, group, entry.getValue(), isGone);
            shrink(group, entry.getValue().count, isHere);
            shrunk.put(group.name(), entry.getValue().count);
        }
        return new Cleaned(gone, shrunk, blocks.size() < CLEANED_AT_ONCE ? segment.last()
                : blocks.getLast().highest());
    }

    private static <T> void keep(BlockTable<T> table, GroupRow group, Span span,
            LongPredicate isGone) throws SQLException {
        for (Block block : table.blocks(Schema.key(group.key(), span.low),
                Schema.key(group.key(), span.high), Integer.MAX_VALUE)) {
            table.keep(block, entry -> !isGone.test(table.codec().location(entry)));
        }
    }

    private void shrink(GroupRow group, int lost, IntPredicate isHere) throws SQLException {
        groups.put(group.minus(lost, lowest(group, isHere)));
    }

    /** The lowest number in a group whose article is here; high + 1 if there is none. */
    private long lowest(GroupRow group, IntPredicate isHere) throws SQLException {
        long at = Schema.key(group.key(), group.low());
        long end = Schema.key(group.key(), group.high());
        while (at <= end) {
            List<Block> some = numbers.blocks(at, end, STEP);
            for (Block block : some) {
                for (NumberEntry entry : block.read(numbers.codec())) {
                    if (isHere.test(Location.segment(entry.location()))) {
                        return Schema.number(entry.key());
                    }
                }
            }
            if (some.size() < STEP) {
                break;
            }
            at = some.getLast().highest() + 1;
        }
        return group.high() + 1;
    }

    /** The first article by sequence. */
    Optional<LoggedArticle> first() throws SQLException {
        List<Block> some = articles.blocks(0, Schema.lastKey(0), 1);
        return some.isEmpty() ? Optional.empty()
                : Optional.of(some.getFirst().read(articles.codec()).getFirst());
    }
}
