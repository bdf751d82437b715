package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.relay.Relay;
import net.spillway.tools.client.Nobody;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code health}, {@code list} and {@code cat}, of a relay with one post and a server without. */
class LookingAtRelaysTest {
    private static final int PART = 10_000;
    private static final byte[] DATA = new byte[30 * PART];

    @TempDir static Path folder;
    private static Relay relay;
    private static Nobody nobody;
    private static String at;
    private static Path nzb;
    private static List<String> ids;

    @BeforeAll
    static void post() throws Exception {
        nobody = new Nobody();
        relay = Relay.start(ConfigLoader.embedded(
                folder.resolve("spool"), HostPort.parse("127.0.0.1:0")));
        at = "127.0.0.1:" + relay.nntpAddresses().getFirst().getPort();
        new Random(1).nextBytes(DATA);
        nzb = folder.resolve("a.nzb");
        Run posted = Run.spillway("post", Files.write(folder.resolve("a.bin"), DATA), "--to", at,
                "--group", "spill.test", "--part-size", PART, "--nzb", nzb, "-q");
        assertEquals(0, posted.exitCode(), posted.err());
        ids = NzbReader.read(nzb).entries().stream().filter(e -> !e.isParity())
                .flatMap(e -> e.segments().stream()).map(NzbFile.Segment::id)
                .map(id -> id.value()).toList();
    }

    @AfterAll
    static void stop() throws Exception {
        nobody.close();
        relay.close();
    }

    /** A server that has some of the articles, which nobody will ask for. */
    private static ScriptedServer having(List<String> some) throws Exception {
        Map<String, byte[]> articles = new HashMap<>();
        some.forEach(id -> articles.put(id, new byte[0]));
        return new ScriptedServer(articles);
    }

    private static String hostPort(ScriptedServer server) {
        return "127.0.0.1:" + server.address().port();
    }

    // --- health ---------------------------------------------------------------------------------

    @Test
    void healthOfWhatIsAllThereIsWhole() {
        Run run = Run.spillway("health", nzb, "--on", at);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("whole: nothing is missing; 3 spare recovery slices"),
                run.out());
        assertEquals(run.out(), Run.spillway("fetch", nzb, "--from", at, "--health").out());
    }

    @Test
    void healthTellsWhatEachMirrorLacksAndThatItIsNotEnough() throws Exception {
        try (ScriptedServer server = having(ids.subList(0, 20))) {
            Run poor = Run.spillway("health", nzb, "--on", hostPort(server), "--json");
            assertEquals(3, poor.exitCode(), poor.out());
            assertTrue(poor.out().contains("\"verdict\": \"not_recoverable\""), poor.out());
            assertTrue(poor.out().contains("\"missingArticles\": 10"), poor.out());
            assertTrue(poor.out().contains("\"margin\": -10"), poor.out());
            Run both = Run.spillway("health", nzb, "--on", hostPort(server) + "," + at);
            assertEquals(0, both.exitCode(), both.out());
            assertTrue(both.out().contains("mirror 1") && both.out().contains("mirror 2"),
                    both.out());
            assertEquals(0, server.requests(), "nothing is fetched");
        }
    }

    @Test
    void healthOfMirrorsThatCannotBeAskedIsUnknownForNow() throws Exception {
        Run run = Run.spillway("health", nzb, "--on", nobody.hostPort());
        assertEquals(75, run.exitCode(), run.out());
        assertTrue(run.out().contains("no mirror could be asked"), run.out());
    }

    // --- list -----------------------------------------------------------------------------------

    @Test
    void groupsAreListedWithWhatIsInThem() {
        Run all = Run.spillway("list", "--on", at);
        assertEquals(0, all.exitCode(), all.err());
        assertTrue(all.out().lines().anyMatch(line -> line.matches(" *[1-9][0-9]+ y  spill.test(  .*[^ ])?")),
                all.out());
        assertEquals("", Run.spillway("list", "--on", at, "no.*").out(), "no line of a listing");
    }

    @Test
    void articlesThatAreGoneAreNotCounted() throws Exception {
        Path data = folder.resolve("counted");
        long before;
        try (Relay other = Relay.start(ConfigLoader.embedded(data, HostPort.parse("127.0.0.1:0")))) {
            String there = "127.0.0.1:" + other.nntpAddresses().getFirst().getPort();
            Run posted = Run.spillway("post", folder.resolve("a.bin"), "--to", there, "--group",
                    "spill.test", "--part-size", PART, "--connections", 1, "--nzb",
                    folder.resolve("b.nzb"), "-q");
            assertEquals(0, posted.exitCode(), posted.err());
            before = listed(there);
            assertTrue(before > 30, "with parity: " + before);
        }
        String middle = NzbReader.read(folder.resolve("b.nzb")).entries().getFirst().segments()
                .get(1).id().value();
        assertEquals(0, Run.spillway("spool", "remove", "--data", data, middle).exitCode());
        try (Relay other = Relay.start(ConfigLoader.embedded(data, HostPort.parse("127.0.0.1:0")))) {
            String there = "127.0.0.1:" + other.nntpAddresses().getFirst().getPort();
            assertEquals(before - 1, listed(there));
        }
    }

    private static long listed(String there) {
        String out = Run.spillway("list", "--on", there).out();
        return Long.parseLong(out.strip().split(" ")[0]);
    }

    @Test
    void articlesOfAGroupAreListedTheNewestLast() {
        Run run = Run.spillway("list", "--on", at, "spill.test", "-n", 5);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(5, run.out().lines().count(), run.out());
        List<Long> numbers = run.out().lines()
                .map(line -> Long.parseLong(line.strip().split(" ")[0])).toList();
        assertEquals(numbers.stream().sorted().toList(), numbers);
        Run json = Run.spillway("list", "--on", at, "spill.test", "-n", 100_000, "--json");
        assertTrue(json.out().contains(ids.getFirst()), json.out());
    }

    @Test
    void listSaysWhatIsWrong() throws Exception {
        Run group = Run.spillway("list", "--on", at, "no.such.group");
        assertEquals(1, group.exitCode());
        assertTrue(group.err().contains("411"), group.err());
        assertEquals(75, Run.spillway("list", "--on", nobody.hostPort()).exitCode());
        assertEquals(2, Run.spillway("list", "--on", at, "a b").exitCode());
        assertEquals(2, Run.spillway("list", "--on", at, "-n", 0).exitCode());
    }

    // --- cat ------------------------------------------------------------------------------------

    @Test
    void articlesArePrintedAsTheyAreAndDecoded() throws Exception {
        String id = ids.get(2);
        String whole = text(printed("cat", id, "--on", at));
        String head = text(printed("cat", id, "--on", at, "--head"));
        String body = text(printed("cat", id.substring(1, id.length() - 1), "--on", at, "--body"));
        assertTrue(head.contains("\r\nMessage-ID: " + id), head);
        assertTrue(body.startsWith("=ybegin part=3 "), body.substring(0, 40));
        assertEquals(whole, head + "\r\n" + body);
        byte[] decoded = printed("cat", id, "--on", at, "--decode");
        assertArrayEquals(java.util.Arrays.copyOfRange(DATA, 2 * PART, 3 * PART), decoded);
    }

    @Test
    void relaysAreAskedInTurn() throws Exception {
        try (ScriptedServer empty = having(List.of())) {
            assertTrue(text(printed("cat", ids.getFirst(), "--on",
                    nobody.hostPort() + "," + hostPort(empty) + "," + at)).contains(ids.getFirst()));
            Run run = Run.spillway("cat", "<no@such.article>", "--on", hostPort(empty) + "," + at);
            assertEquals(1, run.exitCode());
            assertTrue(run.err().contains("430") && run.err().contains(at), run.err());
        }
        assertEquals(75, Run.spillway("cat", "<a@b>", "--on", nobody.hostPort()).exitCode());
        assertEquals(2, Run.spillway("cat", "a b", "--on", at).exitCode());
    }

    /** Octets go past what a command line prints its text to. */
    private static byte[] printed(Object... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        System.setOut(new PrintStream(octets, true, StandardCharsets.ISO_8859_1));
        try {
            Run run = Run.spillway(args);
            assertEquals(0, run.exitCode(), run.err());
        } finally {
            System.setOut(before);
        }
        return octets.toByteArray();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
