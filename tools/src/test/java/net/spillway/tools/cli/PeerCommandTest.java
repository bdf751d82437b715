package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.spillway.conf.ConfigLoader;
import net.spillway.relay.Relay;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spillway peer} and {@code spillway doctor} on two relays that run. */
class PeerCommandTest {
    @TempDir
    Path dir;

    private Relay one;
    private Relay other;

    private Relay start(String name, String group) throws Exception {
        Path config = Files.writeString(Files.createDirectories(dir.resolve(name))
                .resolve("relay.toml"), """
                identity = "%s.example"
                [[listen]]
                address = "127.0.0.1:0"
                """.formatted(name) + group);
        return Relay.start(ConfigLoader.load(config), () -> ConfigLoader.load(config));
    }

    @BeforeEach
    void start() throws Exception {
        one = start("one", "[[group]]\nname = \"shared.talk\"\n");
        other = start("other", "");
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    private static Run at(Relay relay, Object... args) {
        Object[] all = new Object[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--on";
        all[args.length + 1] = "127.0.0.1:" + relay.nntpAddresses().getFirst().getPort();
        return Run.spillway(all);
    }

    @Test
    void twoCommandsMakeTwoRelaysPeersAndTheOthersLookAfterThem() throws Exception {
        Run invited = at(one, "peer", "invite", "other", "--groups", "shared.*");
        assertEquals(0, invited.exitCode(), invited.err());
        Path token = Files.writeString(dir.resolve("token"), invited.out());
        Run accepted = at(other, "peer", "accept", token);
        assertEquals(0, accepted.exitCode(), accepted.err());
        assertTrue(accepted.out().contains("1 group was added here"), accepted.out());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() ->
                at(one, "peer", "list").out().contains("STREAMING")
                        && at(other, "peer", "list").out().contains("STREAMING"));
        String list = at(one, "peer", "list").out();
        assertTrue(list.matches("peer +from +state +address\\nother  [^\\n]+\\n"),
                "named as invited: " + list);
        String shown = at(other, "peer", "show", "one.example").out();
        assertTrue(shown.contains("groups sent to it") && shown.contains("shared.*"), shown);
        assertFalse(shown.contains("lackedThere") || shown.contains("null")
                || shown.matches("(?s).*:\\d\\d\\.\\d.*"), shown);
        Run test = at(one, "peer", "test", "other");
        assertEquals(0, test.exitCode(), test.out());
        assertTrue(test.out().contains("1 of the 1 groups"), test.out());
        Run compared = at(one, "peer", "compare", "other", "--json");
        assertEquals(0, compared.exitCode(), compared.err());
        assertTrue(compared.out().contains("\"lackingThere\": 0"), compared.out());
        Run doctor = at(one, "doctor");
        assertEquals(0, doctor.exitCode(), doctor.out());
        assertEquals("ok    other: nothing is wrong\n", doctor.out());
        assertTrue(at(one, "peer", "pause", "other", "--json").out().contains("\"paused\": true"));
        Run still = at(one, "peer", "compare", "other");
        assertEquals(1, still.exitCode());
        assertTrue(still.err().contains("other is paused; 'spillway peer resume other' first"),
                still.err());
        Run paused = at(one, "doctor");
        assertEquals(1, paused.exitCode());
        assertTrue(paused.out().contains("WRONG other: it is paused"), paused.out());
        assertEquals(0, at(one, "peer", "resume", "other").exitCode());
        Run backfilled = at(one, "peer", "backfill", "other", "--since", "7d", "--rate", "100K");
        assertEquals(0, backfilled.exitCode(), backfilled.err());
        Run ahead = at(one, "peer", "backfill", "other", "--since", "2100-01-01");
        assertEquals(1, ahead.exitCode());
        assertTrue(ahead.err().contains("is yet to come"), ahead.err());
        Run narrowed = at(other, "peer", "subscribe", "one.example", "--groups", "shared.t*",
                "--json");
        assertTrue(narrowed.out().contains("\"fed\": \"shared.t*\""), narrowed.out());
        Run again = at(other, "peer", "subscribe", "one.example", "--groups", "*");
        assertEquals(75, again.exitCode(), again.err());
        assertTrue(again.err().contains("one.example says: you have changed it"), again.err());
        assertEquals(0, at(one, "peer", "remove", "other").exitCode());
        assertEquals("there are no peers\n", at(one, "peer", "list").out());
    }

    @Test
    void listIsAsWideAsWhatIsInItAndHasNoBlanksAtTheEnd() {
        assertEquals("peer       from    address\nb.example  config\n"
                + "c          config  news.c.example:119", PeerCommand.ListAll.table(List.of(
                List.of("peer", "from", "address"), List.of("b.example", "config", ""),
                List.of("c", "config", "news.c.example:119")))
                .replace(System.lineSeparator(), "\n"));
    }

    @Test
    void tokensThatWereNotUsedAreListedAndCanBeWithdrawn() throws Exception {
        Run invited = at(one, "peer", "invite", "friend", "--groups", "nix.*", "--valid", "1h");
        assertTrue(invited.err().contains("warning: no group that is carried here matches nix.*"),
                invited.err());
        String list = at(one, "peer", "list").out();
        assertTrue(list.matches("(?s).*friend +token +INVITED +until 20.*"), list);
        Run withdrawn = at(one, "peer", "remove", "friend");
        assertTrue(withdrawn.out().contains("withdrew 1 token for friend"), withdrawn.out());
        assertEquals("there are no peers\n", at(one, "peer", "list").out());
        Path token = Files.writeString(dir.resolve("token"), invited.out());
        Run late = at(other, "peer", "accept", token);
        assertEquals(1, late.exitCode());
        assertTrue(late.err().contains("there is no such invitation"), late.err());
    }

    @Test
    void aTokenIsNoArgumentAndMistakesAreNamed() throws Exception {
        Run argument = at(other, "peer", "accept", "spillway-peer-1.abcdef");
        assertEquals(2, argument.exitCode());
        assertTrue(argument.err().contains("give the file that holds it"), argument.err());
        for (String secret : new String[] {"root:x:hello\n", "spillway-peer-1.hello\nhello\n",
            "spillway-peer-1.hello hello", "\n"}) {
            Path nonsense = Files.writeString(dir.resolve("token"), secret);
            Run refused = at(other, "peer", "accept", nonsense);
            assertEquals(2, refused.exitCode());
            assertTrue(refused.err().endsWith(nonsense
                    + " holds no token: one line that begins with spillway-peer-1.\n"),
                    refused.err());
            assertFalse(refused.err().contains("hello"), "what is in the file is nobody's");
        }
        Run missing = at(other, "peer", "accept", dir.resolve("nix"));
        assertEquals(2, missing.exitCode());
        assertTrue(missing.err().contains("nix: there is no such file"), missing.err());
        Path cut = Files.writeString(dir.resolve("token"), "spillway-peer-1.aWRlbnRpdHk9eA");
        assertTrue(at(other, "peer", "accept", cut).err().contains(
                "the token is not whole; copy all of its one line"));
        Run time = at(one, "peer", "backfill", "x", "--since", "yesterday");
        assertEquals(2, time.exitCode());
        assertTrue(time.err().contains("is no time"), time.err());
        Run none = at(one, "peer", "invite", "x", "--groups", "*", "--valid", "0s");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("\"0s\" is no time at all"), none.err());
        Run unknown = at(one, "peer", "show", "x");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("there is no peer x"), unknown.err());
        assertFalse(unknown.err().contains("Exception"));
        assertEquals(2, at(one, "peer").exitCode());
    }
}
