package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Retention;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.StorageConfig.IfDown;
import net.spillway.conf.Wildmat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A storage class's folder alone makes no spool: the disk of the rest may not be mounted, or the
 * folder may be another relay's. Numbers would be given twice.
 */
class OrphanedClassTest {
    private static final String PLAIN = "spill.plain";
    private static final String APART = "spill.apart";

    @TempDir
    Path temp;
    private Path disk;
    private Path elsewhere;
    private SpoolHarness it;

    @BeforeEach
    void fill() throws Exception {
        disk = temp.resolve("disk2");
        elsewhere = temp.resolve("unmounted");
        it = new SpoolHarness(temp.resolve("spool")).with(5000, null, 0);
        it.config = it.config.with(List.of(storage(disk)));
        it.open();
        it.spool.createGroup(PLAIN, 'y', "");
        it.spool.createGroup(APART, 'y', "");
        for (int n = 0; n < 60; n++) {
            it.mustStore(article(n, group(n)));
        }
        it.close();
    }

    @AfterEach
    void close() throws IOException {
        it.close();
    }

    private static StorageConfig storage(Path dir) {
        return new StorageConfig("apart", dir, Wildmat.parse(APART), 0, Long.MAX_VALUE,
                Optional.empty(), Retention.FOREVER, IfDown.LATER);
    }

    private static String group(int n) {
        return n % 2 == 0 ? PLAIN : APART;
    }

    private void requireRefused() {
        for (boolean rebuild : new boolean[] {false, true}) {
            IOException refusal = assertThrows(IOException.class, () -> {
                if (rebuild) {
                    SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock);
                } else {
                    it.open();
                }
            });
            assertTrue(refusal.getMessage().contains(disk.resolve("segments").toString()),
                    refusal::getMessage);
            assertTrue(refusal.getMessage().contains("mounted? If they are another relay's"),
                    refusal::getMessage);
            assertTrue(refusal.getMessage().contains("spool rebuild --adopt"),
                    refusal::getMessage);
        }
    }

    @Test
    void mainFolderThatIsNotMountedIsWaitedFor() throws Exception {
        Files.move(it.dir, elsewhere);
        List<Path> before = Folders.segments(disk);
        requireRefused();
        requireRefused();
        assertEquals(before, Folders.segments(disk));
        Folders.delete(it.dir);
        Files.move(elsewhere, it.dir);
        it.open();
        for (int n = 0; n < 60; n++) {
            it.spool.open(id(n)).orElseThrow().close();
        }
        assertEquals(31, it.mustStore(article(100, APART)).numbers().get(APART));
    }

    @Test
    void newRelayDoesNotTakeAnOthersFolderForItsOwn() throws Exception {
        var other = new SpoolHarness(temp.resolve("other"));
        other.config = other.config.with(List.of(storage(disk)));
        IOException refusal = assertThrows(IOException.class, other::open);
        assertTrue(refusal.getMessage().contains("give the class a folder of its own"),
                refusal::getMessage);
        other.config = other.config.with(List.of(storage(temp.resolve("disk3"))));
        other.open();
        other.close();
        it.open();
        it.spool.open(id(1)).orElseThrow().close();
    }

    @Test
    void whoSaysSoGoesOnWithWhatTheClassesHave() throws Exception {
        Folders.delete(it.dir);
        SpoolRebuild.rebuild(it.config, true, ProgressCallback.NONE);
        for (int round = 0; round < 3; round++) {
            it.open();
            for (int n = 0; n < 60; n++) {
                assertEquals(n % 2 == 1, it.spool.open(id(n)).isPresent(), "article " + n);
            }
            assertEquals(List.of(30L + round, 0L + round), it.spool.stats().storage().stream()
                    .map(StorageStats::articles).toList());
            assertEquals(List.of(), it.spool.stats().damage());
            assertEquals(31L + round, it.mustStore(article(100 + round, APART)).numbers()
                    .get(APART));
            it.spool.createGroup(PLAIN, 'y', "");
            it.mustStore(article(200 + round, PLAIN));
            it.close();
            if (round == 1) {
                Folders.delete(it.config.index());
            }
        }
    }
}
