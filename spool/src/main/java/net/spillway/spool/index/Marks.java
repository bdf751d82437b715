package net.spillway.spool.index;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far into each segment somebody has come. Safe for use by many threads. */
public final class Marks {
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();

    /** A copy that goes its own way. */
    public Marks copy() {
        var copy = new Marks();
        copy.ends.putAll(ends);
        return copy;
    }

    /** The offset behind the last record that was read; 0 if none was. */
    public long end(int segment) {
        return ends.getOrDefault(segment, 0L);
    }

    /** Whether a record that ends there was read. */
    public boolean covers(int segment, long end) {
        return end <= end(segment);
    }

    /** Everything up to there was read. */
    public void advance(int segment, long end) {
        ends.merge(segment, end, Math::max);
    }

    /** The segment is gone. */
    public void forget(int segment) {
        ends.remove(segment);
    }

    /** The segments of which something was read. */
    public Set<Integer> segments() {
        return Set.copyOf(ends.keySet());
    }

    public boolean isEmpty() {
        return ends.isEmpty();
    }
}
