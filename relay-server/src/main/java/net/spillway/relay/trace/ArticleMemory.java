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
    private static final int PARTS = 16;
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
        private final List<Decision> decisions = new ArrayList<>(1);
        private final List<Said> said = new ArrayList<>(2);

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

    private Part part(MessageId id) {
        int hash = id.hashCode();
        return parts[(hash ^ hash >>> 16) & PARTS - 1];
    }

    void decided(MessageId id, Decision decision) {
        note(id, decision.at(), entry -> add(entry.decisions, decision, MAX_DECISIONS));
    }

    void said(MessageId id, Said said) {
        note(id, said.at(), entry -> add(entry.said, said, MAX_SAID));
    }

    private void note(MessageId id, Instant at, Consumer<Entry> what) {
        Part part = part(id);
        synchronized (part) {
            what.accept(part.computeIfAbsent(id, i -> new Entry(at)));
        }
    }

    private static <T> void add(List<T> list, T item, int max) {
        if (list.size() == max) {
            list.removeLast();
        }
        list.add(item);
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
