package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.post;
import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import net.spillway.relay.session.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that may not be read is not there, by whatever way one comes; nor are its articles. */
class RightsTest {
    @TempDir
    Path dir;

    @Test
    void noListShowsAGroupThatMayNotBeReadNorDoesASearchFindItsArticles() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.fill();
            relay.from("192.0.2.1", false).ask("TAKETHIS <4@x>", wire("4@x", "a.secret"));
            Dialogue reader = relay.from("127.0.0.1", false);
            assertFalse(reader.ask("XPAT Subject <4@x> *").contains("About"));
            for (String command : List.of("LIST", "LIST ACTIVE *", "LIST ACTIVE a.secret",
                    "LIST NEWSGROUPS", "LIST COUNTS", "LIST ACTIVE.TIMES",
                    "NEWGROUPS 20000101 000000 GMT")) {
                assertFalse(reader.ask(command).contains("a.secret"), command);
            }
        }
    }

    @Test
    void anArticleInAGroupThatMayBeReadIsReadWhereverElseItIs() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.fill();
            Dialogue reader = relay.from("127.0.0.1", false);
            assertEquals("223 0 <3@x>\n", reader.ask("STAT <3@x>"));
            assertTrue(reader.ask("OVER <3@x>").contains("About 3@x"));
            Dialogue looker = relay.from("192.0.2.65", false);
            assertEquals("223 0 <1@x>\n", looker.ask("STAT <1@x>"));
            assertTrue(looker.ask("NEWNEWS * 20000101 000000 GMT").startsWith("480 "));
        }
    }

    @Test
    void aCrossPostNeedsTheRightToPostToEachOfItsGroups() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            Dialogue reader = relay.from("127.0.0.1", false);
            assertTrue(reader.ask(post("5@x.example", "a.one,a.secret", "x\n"))
                    .endsWith("441 no such group here: a.secret\n"));
            assertTrue(reader.ask(post("5@x.example", "a.one,a.mod", "x\n"))
                    .endsWith("441 a.mod is moderated, and the article is not Approved\n"));
            assertTrue(reader.ask("GROUP a.one").startsWith("211 0 "));
        }
    }

    @Test
    void aModeratedGroupTakesNothingFromPeersThatIsNotApproved() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            String approved = wire("7@x", "a.mod").replace("Subject",
                    "Approved: m@x.example\nSubject");
            assertEquals("439 <6@x> a.mod is moderated, and it is not Approved\n239 <7@x>\n",
                    relay.from("192.0.2.1", false).ask("TAKETHIS <6@x>", wire("6@x", "a.one,a.mod"),
                            "TAKETHIS <7@x>", approved));
        }
    }

    @Test
    void controlMessagesOtherThanAProperCancelAreStoredAndDoNothing() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.fill();
            Dialogue peer = relay.from("192.0.2.1", false);
            List<String> controls = List.of("newgroup a.new moderated", "rmgroup a.one",
                    "checkgroups", "sendsys", "version", "cancel <1@x>", "ihave <1@x> evil",
                    "newgroup $(touch${IFS}/tmp/x)", "senduuname");
            for (int n = 0; n < controls.size(); n++) {
                String control = wire("c" + n + "@x", "a.one").replace("Subject",
                        "Control: " + controls.get(n) + "\nApproved: boss@x.example\nSubject");
                assertEquals("239 <c" + n + "@x>\n", peer.ask("TAKETHIS <c" + n + "@x>", control));
            }
            Dialogue reader = relay.from("127.0.0.1", false);
            assertEquals("411 no such group here\n", reader.ask("GROUP a.new"));
            assertTrue(reader.ask("GROUP a.one").startsWith("211 "));
            assertEquals("223 0 <1@x>\n", reader.ask("STAT <1@x>"), "no key, no cancel");
            assertEquals("438 <c0@x>\n", peer.ask("CHECK <c0@x>"), "it is here");
            assertEquals("430 no such article\n", reader.ask("STAT <c0@x>"),
                    "it is in no group that may be read");
        }
    }
}
