package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.StorageConfig.IfDown;
import net.spillway.conf.Wildmat;
import org.junit.jupiter.api.Test;

/** Which class an article belongs to. */
class StoragesTest {
    private static final Path DIR = Path.of("/nowhere");

    private static StorageConfig big(String groups, int days, IfDown ifDown) {
        return new StorageConfig("big" + days, DIR.resolve("big" + days), Wildmat.parse(groups),
                1000, Long.MAX_VALUE, Optional.empty(), days(days), ifDown);
    }

    private static StorageConfig any(String name, String groups, Optional<Boolean> approved,
            Retention keep) {
        return new StorageConfig(name, DIR.resolve(name), Wildmat.parse(groups), 0,
                Long.MAX_VALUE, approved, keep, IfDown.LATER);
    }

    private static Retention days(int days) {
        return new Retention(Optional.of(Duration.ofDays(days)), OptionalLong.empty(),
                Duration.ZERO);
    }

    private static Storages storages(StorageConfig... classes) {
        return Storages.of(SpoolConfig.at(DIR).with(List.of(classes)));
    }

    private static String choose(Storages storages, long size, boolean approved,
            String... groups) {
        return storages.choose(List.of(groups), size, approved).name();
    }

    @Test
    void firstClassThatTakesTheGroupSizeAndApprovalHasTheArticle() {
        Storages storages = storages(big("a.*", 5, IfDown.LATER),
                any("checked", "a.*", Optional.of(true), days(9)),
                any("rest", "a.*,b", Optional.empty(), days(2)));
        assertEquals("big5", choose(storages, 1000, true, "a.x"));
        assertEquals("checked", choose(storages, 999, true, "a.x"));
        assertEquals("rest", choose(storages, 999, false, "a.x"));
        assertEquals("rest", choose(storages, 1000, true, "b"));
        assertEquals("default", choose(storages, 1000, true, "c"));
        assertEquals("default", choose(storages, 1000, true));
    }

    @Test
    void crossPostedArticleBelongsToTheClassThatKeepsLongest() {
        Storages storages = storages(any("short", "a", Optional.empty(), days(1)),
                any("long", "b", Optional.empty(), days(30)),
                any("same", "c", Optional.empty(), days(30)));
        assertEquals("long", choose(storages, 1, false, "a", "b"));
        assertEquals("long", choose(storages, 1, false, "b", "a"));
        assertEquals("long", choose(storages, 1, false, "c", "b"));
        assertEquals("default", choose(storages, 1, false, "a", "elsewhere"));
    }

    @Test
    void classThatIsDownIsPassedOverOnlyIfItSaysSo() {
        Storages storages = storages(big("a", 5, IfDown.NEXT), big("a", 6, IfDown.LATER));
        storages.find("big5").orElseThrow().failed(new java.io.IOException("dead"));
        assertEquals("big6", choose(storages, 2000, false, "a"));
        storages.find("big6").orElseThrow().failed(new java.io.IOException("dead"));
        assertEquals("big6", choose(storages, 2000, false, "a"));
        storages.find("big5").orElseThrow().recovered();
        assertEquals("big5", choose(storages, 2000, false, "a"));
    }
}
