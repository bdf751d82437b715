package net.spillway.spool.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.BiConsumer;
import net.spillway.spool.segment.IdHash;

/**
 * Entries of the history in flat arrays, without an object each. One thread puts, any thread looks
 * up.
 *
 * <p>An entry is four numbers, written behind all others and never changed. A table of slots, open
 * addressing with linear probes, holds for each message-ID one more than the index of its newest
 * entry, or 0; it is set last, so that who sees the slot sees the entry.
 */
final class YoungEntries {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int FIRST_CAPACITY = 1024;
    private static final int LONGS = 4;

    private final long[] entries;
    private final int[] slots;
    private int used;
    private volatile int size;

    YoungEntries() {
        this(FIRST_CAPACITY);
    }

    private YoungEntries(int capacity) {
        entries = new long[capacity * LONGS];
        slots = new int[2 * capacity];
    }

    /** Message-IDs in it. */
    int size() {
        return size;
    }

    /** Whether nothing more can be put; then {@link #larger} can take its place. */
    boolean isFull() {
        return used * LONGS == entries.length;
    }

    /** Twice as large, with the same entries. */
    YoungEntries larger() {
        var larger = new YoungEntries(2 * entries.length / LONGS);
        forEach(larger::put);
        return larger;
    }

    void put(IdHash id, HistoryEntry entry) {
        put(id.high(), id.low(), entry.location(), entry.time());
    }

    private void put(long high, long low, long location, long time) {
        int at = used * LONGS;
        entries[at] = high;
        entries[at + 1] = low;
        entries[at + 2] = location;
        entries[at + 3] = time;
        used++;
        int slot = slot(high, low);
        boolean isNew = slots[slot] == 0;
        SLOT.setRelease(slots, slot, used);
        if (isNew) {
            size = size + 1;
        }
    }

    /** What is known of it, or null. */
    HistoryEntry find(IdHash id) {
        int entry = (int) SLOT.getAcquire(slots, slot(id.high(), id.low()));
        // A slot that was free a moment ago may have been taken by another message-ID since.
        if (entry == 0 || !isOf(entry, id.high(), id.low())) {
            return null;
        }
        int at = (entry - 1) * LONGS;
        return new HistoryEntry(entries[at + 2], entries[at + 3]);
    }

    private boolean isOf(int entry, long high, long low) {
        int at = (entry - 1) * LONGS;
        return entries[at] == high && entries[at + 1] == low;
    }

    /** Where that message-ID stands, or would stand. */
    private int slot(long high, long low) {
        int mask = slots.length - 1;
        int slot = (int) low & mask;
        while (true) {
            int entry = (int) SLOT.getAcquire(slots, slot);
            if (entry == 0 || isOf(entry, high, low)) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
    }

    private interface EntryConsumer {
        void accept(long high, long low, long location, long time);
    }

    private void forEach(EntryConsumer use) {
        for (int entry : slots) {
            if (entry != 0) {
                int at = (entry - 1) * LONGS;
                use.accept(entries[at], entries[at + 1], entries[at + 2], entries[at + 3]);
            }
        }
    }

    /** Hands out the newest entry of each message-ID, by rising hash, once nothing is put any more. */
    void forEachSorted(BiConsumer<IdHash, HistoryEntry> use) {
        for (int entry : sorted()) {
            int at = (entry - 1) * LONGS;
            use.accept(new IdHash(entries[at], entries[at + 1]),
                    new HistoryEntry(entries[at + 2], entries[at + 3]));
        }
    }

    /** Dealt out by the highest bits first, in which hashes are scattered evenly; then few are left. */
    private int[] sorted() {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
        int[] begins = new int[(1 << bits) + 1];
        for (int entry : slots) {
            if (entry != 0) {
                begins[bucket(entry, bits) + 1]++;
            }
        }
        Arrays.parallelPrefix(begins, Integer::sum);
        int[] sorted = new int[size];
        int[] next = Arrays.copyOf(begins, begins.length - 1);
        for (int entry : slots) {
            if (entry != 0) {
                int bucket = bucket(entry, bits);
                sink(sorted, begins[bucket], next[bucket]++, entry);
            }
        }
        return sorted;
    }

    private int bucket(int entry, int bits) {
        return (int) (entries[(entry - 1) * LONGS] >>> Long.SIZE - bits);
    }

    /** Puts an entry where it belongs among those from {@code from} to {@code end}. */
    private void sink(int[] sorted, int from, int end, int entry) {
        int at = end;
        while (at > from && isLess(entry, sorted[at - 1])) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = entry;
    }

    private boolean isLess(int one, int other) {
        int a = (one - 1) * LONGS;
        int b = (other - 1) * LONGS;
        int order = Long.compareUnsigned(entries[a], entries[b]);
        return order < 0 || order == 0 && Long.compareUnsigned(entries[a + 1], entries[b + 1]) < 0;
    }
}
