package net.spillway.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageConfigTest {
    @TempDir
    Path temp;
    private ConfigFolder folder;

    @BeforeEach
    void useTemp() {
        folder = new ConfigFolder(temp);
    }

    @Test
    void everyDefaultOfAClassIsPinned() throws Exception {
        SpoolConfig spool = folder.load("""
                [[storage]]
                name = "a"
                dir = "disk"
                """).spool();
        assertEquals(List.of(new StorageConfig("a", temp.resolve("disk"), Wildmat.ALL, 0,
                Long.MAX_VALUE, Optional.empty(), Retention.FOREVER,
                StorageConfig.IfDown.LATER)), spool.storage());
        assertEquals(Retention.FOREVER, spool.keep());
    }

    @Test
    void everyKeyOfAClassIsRead() throws Exception {
        SpoolConfig spool = folder.load("""
                [spool]
                min_age = "2d"
                [[storage]]
                name = "big"
                dir = "/no/such/disk"
                groups = "a.*,!a.b"
                min_size = "64K"
                max_size = "1M"
                approved = false
                max_age = "9d"
                max_bytes = "10G"
                min_age = "1d"
                if_down = "next"
                """).spool();
        assertEquals(new StorageConfig("big", Path.of("/no/such/disk"),
                Wildmat.parse("a.*,!a.b"), 64 << 10, 1 << 20, Optional.of(false),
                new Retention(Optional.of(Duration.ofDays(9)), OptionalLong.of(10L << 30),
                        Duration.ofDays(1)), StorageConfig.IfDown.NEXT),
                spool.storage().getFirst());
        assertEquals(Duration.ofDays(2), spool.keep().minAge());
    }

    @Test
    void classTakesByGroupSizeAndApproval() {
        var big = new StorageConfig("big", temp, Wildmat.parse("a.*"), 100, 200,
                Optional.of(true), Retention.FOREVER, StorageConfig.IfDown.LATER);
        assertTrue(big.takes("a.b", 100, true));
        assertTrue(big.takes("a.b", 200, true));
        assertFalse(big.takes("b.a", 100, true));
        assertFalse(big.takes("a.b", 99, true));
        assertFalse(big.takes("a.b", 201, true));
        assertFalse(big.takes("a.b", 100, false));
    }

    @Test
    void whoKeepsLongerComesLater() {
        var short1 = new Retention(Optional.of(Duration.ofDays(3)), OptionalLong.empty(),
                Duration.ZERO);
        var short2 = new Retention(Optional.of(Duration.ofDays(3)), OptionalLong.of(5),
                Duration.ZERO);
        var kept = new Retention(Optional.empty(), OptionalLong.of(9), Duration.ZERO);
        var all = new ArrayList<>(List.of(Retention.FOREVER, short1, kept, short2));
        all.sort(Retention.BY_LENGTH);
        assertEquals(List.of(short2, short1, kept, Retention.FOREVER), all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dir='d'                                | storage[1].name     | is missing
            name='a b'; dir='d'                    | storage[1].name     | cannot be
            name='default'; dir='d'                | storage[1].name     | [spool] itself
            name='a'                               | storage[1].dir      | is missing
            name='a'; dir='relay.toml'             | storage[1].dir      | is not a folder
            name='a'; dir='data/spool'             | storage[1].dir      | of the spool already
            name='a'; dir='d'; groups='[x]'        | storage[1].groups   | [x]
            name='a'; dir='d'; max_size=0          | storage[1].max_size | out of bounds
            name='a'; dir='d'; max_bytes='1K'      | storage[1].max_bytes | out of bounds
            name='a'; dir='d'; min_size=9; max_size=8 | storage[1].min_size | more than max_size
            name='a'; dir='d'; max_age='1d'; min_age='2d' | storage[1].min_age | longer than max_age
            name='a'; dir='d'; max_age='long'      | storage[1].max_age  | not a length of time
            name='a'; dir='d'; approved='yes'      | storage[1].approved | true or false
            name='a'; dir='d'; if_down='never'     | storage[1].if_down  | later
            name='a'; dir='d'; max_aeg='1d'        | storage[1].max_aeg  | not a key
            """)
    void mistakeAboutAClassIsNamedByItsKey(String toml, String key, String what) {
        ConfigProblem problem = problem("[[storage]]\n"
                + toml.replace('\'', '"').replace("; ", "\n"));
        assertEquals(key, problem.key());
        assertTrue((problem.what() + problem.whatToDo()).contains(what), problem::toString);
        assertTrue(problem.line() > 0, problem::toString);
    }

    @Test
    void classesShareNeitherNamesNorFolders() {
        String toml = "[[storage]]\nname='a'\ndir='d'\n[[storage]]\nname='%s'\ndir='%s'\n";
        assertEquals("storage[2].name", problem(toml.formatted("a", "e")).key());
        ConfigProblem folder = problem(toml.formatted("b", "./d"));
        assertEquals(6, folder.line());
        assertTrue(folder.what().contains("folder of \"a\" already"), folder::toString);
    }

    private ConfigProblem problem(String toml) {
        List<ConfigProblem> problems = assertThrows(ConfigException.class,
                () -> folder.load(toml)).problems();
        assertEquals(1, problems.size(), problems::toString);
        return problems.getFirst();
    }
}
