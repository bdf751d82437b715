package net.spillway.relay.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.spillway.protocol.MessageId;

/**
 * Remembers what happened to the last articles, so many and no more. Safe for use by many threads,
 * which seldom meet: articles are spread over a few maps, each with a lock of its own.
 */
final class ArticleMemory {
    private static final int PARTS_BITS = 4;
    private static final int PARTS = 1 << PARTS_BITS;
    private static final int GOLDEN = 0x9E3779B9;
    /** Of one article; what comes beyond that takes the place of the last. */
    private static final int MAX_DECISIONS = 8;
    private static final int MAX_SAID = 64;

    private final Part[] parts = new Part[PARTS];

    /** @param capacity how many articles are remembered */
    ArticleMemory(int capacity, Instant now) {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(Math.max(1, capacity / PARTS), now);
        }
    }

    /** What is known of one article. Guarded by its part. */
    private static final class Entry {
        private final Instant first;
        private List<Decision> decisions = List.of();
        private List<Said> said = List.of();

        Entry(Instant first) {
            this.first = first;
        }
    }

    /** A part of the articles, in the order in which they were heard of. Guarded by itself. */
    private static final class Part extends LinkedHashMap<MessageId, Entry> {
        private static final long serialVersionUID = 1L;
        private final int capacity;
        private transient Instant reachesBackTo;

        Part(int capacity, Instant now) {
            this.capacity = capacity;
            this.reachesBackTo = now;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Entry> eldest) {
            if (size() <= capacity) {
                return false;
            }
            Instant forgotten = eldest.getValue().first;
            if (forgotten.isAfter(reachesBackTo)) {
                reachesBackTo = forgotten;
            }
            return true;
        }
    }

    /** By other bits than those by which a map of a part spreads what is in it. */
    private Part part(MessageId id) {
        return parts[id.hashCode() * GOLDEN >>> Integer.SIZE - PARTS_BITS];
    }

    void decided(MessageId id, Decision decision) {
        note(id, decision.at(), entry ->
                entry.decisions = with(entry.decisions, decision, MAX_DECISIONS));
    }

    void said(MessageId id, Said said) {
        note(id, said.at(), entry -> entry.said = with(entry.said, said, MAX_SAID));
    }

    private void note(MessageId id, Instant at, Consumer<Entry> what) {
        Part part = part(id);
        synchronized (part) {
            what.accept(part.computeIfAbsent(id, i -> new Entry(at)));
        }
    }

    /** The list of the only thing that ever happens to most articles takes little. */
    private static <T> List<T> with(List<T> list, T item, int max) {
        if (list.isEmpty()) {
            return List.of(item);
        }
        List<T> larger = list.size() == 1 ? new ArrayList<>(list) : list;
        if (larger.size() == max) {
            larger.removeLast();
        }
        larger.add(item);
        return larger;
    }

    Memory of(MessageId id) {
        Part part = part(id);
        synchronized (part) {
            Entry entry = part.get(id);
            return entry == null ? new Memory(List.of(), List.of(), part.reachesBackTo)
                    : new Memory(List.copyOf(entry.decisions), List.copyOf(entry.said),
                            part.reachesBackTo);
        }
    }
}
