package net.spillway.spool.index;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Sees to it that what a store has committed is found when it is opened after a crash.
 *
 * <p>H2 writes where its newest chunk lies into the file's header with every twenty-first chunk at
 * the latest; from there on it follows a chain of guesses where the next chunk would go. Once room
 * in the file is used again a guess can be wrong and the header old: then an older state is opened,
 * though the newer one is on the disk. As many small chunks as that make it write the header.
 */
final class StoreHeader {
    /** One more than what H2 does without. */
    private static final int CHUNKS = 22;
    private static final String MAP = "header";

    private StoreHeader() {
    }

    /** After a commit whose loss would cost much. The caller syncs. */
    static void write(MVStore store) {
        MVMap<Integer, Integer> map = store.openMap(MAP);
        for (int i = 0; i < CHUNKS; i++) {
            map.put(0, i);
            store.commit();
        }
    }
}
