package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spillway spool} where there is a class that keeps articles for a day. */
class SpoolExpireCommandTest {
    @TempDir
    Path temp;
    private Path file;
    private RelayConfig config;

    @BeforeEach
    void storeOldAndNewArticles() throws Exception {
        file = Files.writeString(temp.resolve("relay.toml"), """
                identity = "us.example"
                [[storage]]
                name = "brief"
                dir = "disk2"
                groups = "spill.brief"
                max_age = "1d"
                """);
        config = ConfigLoader.load(file);
        try (Spool spool = open()) {
            spool.createGroup("spill.brief", 'y', "");
            spool.createGroup("spill.kept", 'y', "");
            for (int n = 0; n < 3; n++) {
                store(spool, n, "spill.brief");
                store(spool, 10 + n, "spill.kept");
            }
        }
    }

    private Spool open() throws Exception {
        return Spool.open(config.spool(), config.identity(), Clock.systemUTC());
    }

    private static void store(Spool spool, int n, String group) throws Exception {
        byte[] head = ("Message-ID: <" + n + "@x.example>\r\n").getBytes(StandardCharsets.US_ASCII);
        var article = new NewArticle(MessageId.of("<" + n + "@x.example>"), head, new byte[0], 0,
                0, 0, head.length + 2L, List.of(group),
                Instant.now().minus(Duration.ofDays(2)), Optional.empty(), "");
        assertTrue(spool.store(article).get(20, TimeUnit.SECONDS)
                instanceof StoreOutcome.Stored);
    }

    @Test
    void dryRunSaysWhatGoesEvenBesideARunningRelay() throws Exception {
        try (Spool running = open()) {
            Run run = Run.spillway("spool", "expire", "--dry-run", "--config", file);
            assertEquals(0, run.exitCode(), run::err);
            assertTrue(run.out().startsWith("would drop 1 segment with 3 articles"), run::out);
            assertTrue(run.out().contains("default  nothing"), run::out);
            assertTrue(run.out().contains("brief    1 segment"), run::out);
            assertTrue(running.open(MessageId.of("<0@x.example>")).isPresent());
        }
    }

    @Test
    void expireDropsWhatTheDryRunSaid() throws Exception {
        Run run = Run.spillway("spool", "expire", "--json", "--config", file);
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains("\"articles\": 3"), run::out);
        try (Spool spool = open()) {
            assertTrue(spool.open(MessageId.of("<0@x.example>")).isEmpty());
            spool.open(MessageId.of("<10@x.example>")).orElseThrow().close();
        }
        assertTrue(Run.spillway("spool", "expire", "--dry-run", "--config", file).out()
                .startsWith("would drop nothing"));
    }

    @Test
    void runningRelayExpiresByItself() throws Exception {
        try (Spool running = open()) {
            Run run = Run.spillway("spool", "expire", "--config", file);
            assertEquals(75, run.exitCode(), run::out);
            assertTrue(run.err().contains("; a running relay drops by itself what is due, every"
                    + " minute") && !run.err().contains("give this one another folder"), run::err);
            assertEquals(2, running.groups().size());
        }
    }

    @Test
    void whoNamesOnlyTheFolderIsToldOfTheClassesElsewhere() throws Exception {
        for (String command : List.of("expire", "stats", "check", "rebuild")) {
            Run run = Run.spillway("spool", command, "--data", temp.resolve("data"));
            assertEquals(2, run.exitCode(), run::out);
            assertTrue(run.err().contains("brief " + temp.resolve("disk2"))
                    && run.err().contains("--config"), run::err);
        }
        try (Spool spool = open()) {
            spool.open(MessageId.of("<0@x.example>")).orElseThrow().close();
        }
    }

    @Test
    void aClassIsGivenUpOnlyIfItIsNotThere() throws Exception {
        Run here = Run.spillway("spool", "forget", "brief", "--config", file);
        assertEquals(2, here.exitCode(), here::out);
        assertTrue(here.err().contains("brief is here"), here::err);
        Files.move(temp.resolve("disk2"), temp.resolve("lost"));
        Run run = Run.spillway("spool", "forget", "brief", "--config", file);
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().startsWith("gave up 1 segment with 3 articles"), run::out);
        try (Spool spool = open()) {
            assertTrue(spool.open(MessageId.of("<0@x.example>")).isEmpty());
            spool.open(MessageId.of("<10@x.example>")).orElseThrow().close();
        }
    }
}
