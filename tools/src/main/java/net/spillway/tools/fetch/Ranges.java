package net.spillway.tools.fetch;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A set of octet positions, kept as disjoint ranges. Not thread-safe. */
final class Ranges {
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    /** Adds {@code from} to {@code to}, the latter excluded. */
    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long start = from;
        long end = to;
        Map.Entry<Long, Long> before = ends.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            start = before.getKey();
            end = Math.max(end, before.getValue());
        }
        Map.Entry<Long, Long> next = ends.ceilingEntry(start);
        while (next != null && next.getKey() <= end) {
            end = Math.max(end, next.getValue());
            ends.remove(next.getKey());
            next = ends.ceilingEntry(start);
        }
        ends.put(start, end);
    }

    boolean covers(long from, long to) {
        Map.Entry<Long, Long> before = ends.floorEntry(from);
        return from >= to || before != null && before.getValue() >= to;
    }

    boolean touches(long from, long to) {
        Map.Entry<Long, Long> before = ends.lowerEntry(to);
        return before != null && before.getValue() > from;
    }

    /** The first position behind all ranges. */
    long end() {
        return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
    }

    /** Gives each range to {@code each}. */
    void forEach(BiConsumer<Long, Long> each) {
        ends.forEach(each);
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }
}
