package net.spillway.spool;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.spool.index.ArticleRow;

/**
 * Articles by a number that rises from one to the next: they come at the end, and mostly go at the
 * beginning. A ring of them in order, with holes where one was taken from between; every article
 * passes through two of these, so there is no object for each. Safe for use by many threads.
 */
final class RisingRows {
    private static final int FIRST_CAPACITY = 8;
    private static final long[] NO_KEYS = {};
    private static final ArticleRow[] NO_ROWS = {};

    /** Powers of two in length; the keys of holes stay. */
    private long[] keys = NO_KEYS;
    private ArticleRow[] rows = NO_ROWS;
    /** Where the first one is; no hole. */
    private int head;
    /** Slots from there on, the last of which is no hole either. */
    private int used;

    /** Adds an article with a higher key than any there. */
    synchronized void add(long key, ArticleRow row) {
        if (used > 0 && key <= keys[slot(used - 1)]) {
            throw new IllegalArgumentException(key + " does not rise");
        }
        if (used == keys.length) {
            grow();
        }
        int at = slot(used++);
        keys[at] = key;
        rows[at] = row;
    }

    synchronized Optional<ArticleRow> get(long key) {
        int i = ceiling(key);
        return isAt(i, key) ? Optional.ofNullable(rows[slot(i)]) : Optional.empty();
    }

    /** Takes an article out, if it is there. */
    synchronized Optional<ArticleRow> remove(long key) {
        int i = ceiling(key);
        if (!isAt(i, key)) {
            return Optional.empty();
        }
        ArticleRow row = rows[slot(i)];
        rows[slot(i)] = null;
        while (used > 0 && rows[head] == null) {
            head = slot(1);
            used--;
        }
        while (used > 0 && rows[slot(used - 1)] == null) {
            used--;
        }
        if (used == 0) {
            keys = NO_KEYS;
            rows = NO_ROWS;
            head = 0;
        }
        return Optional.ofNullable(row);
    }

    /** The one with the lowest key. */
    synchronized Optional<ArticleRow> first() {
        return used == 0 ? Optional.empty() : Optional.of(rows[head]);
    }

    /** Whether there is one, and the lowest key is not above that. */
    synchronized boolean reachesDownTo(long key) {
        return used > 0 && keys[head] <= key;
    }

    /** Those from one key to another, by rising key, so many at most. */
    synchronized List<Map.Entry<Long, ArticleRow>> range(long low, long high, int max) {
        var found = new ArrayList<Map.Entry<Long, ArticleRow>>();
        for (int i = ceiling(low); i < used && found.size() < max; i++) {
            int at = slot(i);
            if (keys[at] > high) {
                break;
            }
            if (rows[at] != null) {
                found.add(new SimpleImmutableEntry<>(keys[at], rows[at]));
            }
        }
        return found;
    }

    /** Those from a key on, so many at most. */
    synchronized List<ArticleRow> from(long low, int max) {
        var found = new ArrayList<ArticleRow>();
        for (int i = ceiling(low); i < used && found.size() < max; i++) {
            ArticleRow row = rows[slot(i)];
            if (row != null) {
                found.add(row);
            }
        }
        return found;
    }

    /** The next higher key. */
    synchronized Optional<Long> higher(long key) {
        for (int i = ceiling(key); i < used; i++) {
            if (keys[slot(i)] > key && rows[slot(i)] != null) {
                return Optional.of(keys[slot(i)]);
            }
        }
        return Optional.empty();
    }

    /** The next lower key. */
    synchronized Optional<Long> lower(long key) {
        for (int i = ceiling(key) - 1; i >= 0; i--) {
            if (rows[slot(i)] != null) {
                return Optional.of(keys[slot(i)]);
            }
        }
        return Optional.empty();
    }

    /** How many slots from the head on have lower keys. */
    private int ceiling(long key) {
        int low = 0;
        int high = used;
        while (low < high) {
            int middle = low + high >>> 1;
            if (keys[slot(middle)] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isAt(int i, long key) {
        return i < used && keys[slot(i)] == key;
    }

    private int slot(int i) {
        return head + i & keys.length - 1;
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, 2 * keys.length);
        var newKeys = new long[capacity];
        var newRows = new ArticleRow[capacity];
        int n = 0;
        for (int i = 0; i < used; i++) {
            if (rows[slot(i)] != null) {
                newKeys[n] = keys[slot(i)];
                newRows[n++] = rows[slot(i)];
            }
        }
        keys = newKeys;
        rows = newRows;
        head = 0;
        used = n;
    }
}
