package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.ArticleToken;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of a spool with a damaged article. */
class SpoolCheckCommandTest {
    private static final MessageId ID = MessageId.of("<1@x.example>");

    @TempDir
    Path data;
    private RelayConfig config;
    private Path segment;

    @BeforeEach
    void damageAnArticle() throws Exception {
        config = ConfigLoader.embedded(data, ConfigLoader.DEFAULT_LISTEN);
        ArticleToken place;
        try (Spool spool = Spool.open(config.spool(), config.identity(), Clock.systemUTC())) {
            spool.createGroup("spill.a", 'y', "");
            place = store(spool, ID);
            store(spool, MessageId.of("<2@x.example>"));
        }
        segment = config.spool().dir().resolve("segments")
                .resolve(String.format("%08d.seg", place.segment()));
        byte[] octets = Files.readAllBytes(segment);
        octets[Math.toIntExact(place.offset()) + 130] ^= 1;
        Files.write(segment, octets);
    }

    private static ArticleToken store(Spool spool, MessageId id) throws Exception {
        byte[] head = ("Message-ID: " + id.value() + "\r\nSubject: " + "x".repeat(100) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var article = new NewArticle(id, head, new byte[0], 0, 0, 0, head.length + 2L,
                List.of("spill.a"), Instant.now(), Optional.empty(), "");
        return ((StoreOutcome.Stored) spool.store(article).get(20, TimeUnit.SECONDS)).token();
    }

    @Test
    void rebuildNamesWhatIsDamagedAndEndsWithOne() {
        Run run = Run.spillway("spool", "rebuild", "--json", "--data", data);
        assertEquals(1, run.exitCode(), run::err);
        assertTrue(run.err().contains("spillway spool rebuild: " + segment + " is damaged from "),
                run::err);
        assertTrue(run.out().contains("\"articles\": 1"), run::out);
        assertTrue(run.out().contains(segment + " is damaged from "), run::out);
    }

    @Test
    void whatIsBesideARunningRelayIsToldToAskTheRelay() throws Exception {
        RelayConfig config = ConfigLoader.embedded(data, ConfigLoader.DEFAULT_LISTEN);
        try (Spool running = Spool.open(config.spool(), config.identity(), Clock.systemUTC())) {
            Run stats = Run.spillway("spool", "stats", "--data", data);
            assertEquals(75, stats.exitCode(), stats::out);
            assertEquals(1, running.groups().size());
            assertTrue(stats.err().contains("is in use by ")
                    && stats.err().contains("; 'spillway status --on HOST:PORT'"), stats::err);
        }
        Run stopped = Run.spillway("spool", "stats", "--data", data);
        assertTrue(stopped.out().contains("ends at number "), stopped::out);
    }

    @Test
    void checkSaysWhatItTookOutAndThenThatNothingIsLeftToTakeOut() {
        Run first = Run.spillway("spool", "check", "--data", data);
        assertTrue(first.err().contains("1 article taken out of service; peers"), first::err);
        Run second = Run.spillway("spool", "check", "--data", data);
        assertTrue(second.err().contains("none of what is damaged was in service any more"),
                second::err);
    }

    @Test
    void rebuildGoesOnWithClassesAloneWhenItIsAskedTo() {
        Run help = Run.spillway("spool", "rebuild", "--help");
        assertTrue(help.out().contains("--adopt"), help::out);
        Run run = Run.spillway("spool", "rebuild", "--adopt", "--data", data);
        assertEquals(1, run.exitCode(), run::err);
        assertTrue(run.out().contains("rebuilt the index of 1 article from"), run::out);
    }

    @Test
    void scrubFindsWhatCheckFinds() {
        for (String command : List.of("check", "scrub")) {
            Run run = Run.spillway("spool", command, "--only-report", "--data", data);
            assertEquals(1, run.exitCode(), run::err);
            assertTrue(run.err().contains("spillway spool " + command + ": " + segment), run::err);
            assertTrue(run.err().contains(ID.value()), run::err);
        }
        assertEquals(0, Run.spillway("spool", "scrub", "--help").exitCode());
    }

    @Test
    void whatCameAgainIsDamagedAndNoFailure() throws Exception {
        assertEquals(1, Run.spillway("spool", "check", "--data", data).exitCode());
        try (Spool spool = Spool.open(config.spool(), config.identity(), Clock.systemUTC())) {
            store(spool, ID);
        }
        Run run = Run.spillway("spool", "check", "--data", data);
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains(": 1 damaged place, whose article is here again"), run::out);
        Run json = Run.spillway("spool", "check", "--json", "--data", data);
        assertTrue(json.out().contains("\"damaged\": []") && json.out().contains(ID.value()),
                json::out);
    }
}
