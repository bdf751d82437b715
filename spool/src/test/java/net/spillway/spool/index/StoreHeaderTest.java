package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreHeaderTest {
    private static final int LIVES = 40;

    @TempDir
    Path folder;

    /** Without the header written some of the lives lose up to twenty commits. */
    @Test
    void whatWasCommittedIsFoundAfterACrashThoughRoomInTheFileIsUsedAgain() {
        var random = new Random(1);
        String file = folder.resolve("store.mv").toString();
        int last = 0;
        for (int life = 0; life < LIVES; life++) {
            MVStore store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
            store.setRetentionTime(0);
            MVMap<Integer, Integer> mark = store.openMap("mark");
            assertEquals(last, mark.getOrDefault(0, 0), "commits found by life " + life);
            MVMap<Integer, byte[]> map = store.openMap("map");
            for (int commits = 20 + random.nextInt(60); commits > 0; commits--) {
                for (int n = random.nextInt(50); n >= 0; n--) {
                    map.put(random.nextInt(10_000), new byte[200 + random.nextInt(2000)]);
                }
                mark.put(0, ++last);
                store.commit();
            }
            StoreHeader.write(store);
            store.closeImmediately();
        }
    }
}
