package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.post;
import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.spillway.conf.AccessRule;
import net.spillway.conf.Cidr;
import net.spillway.conf.RuleLimits;
import net.spillway.conf.Wildmat;
import net.spillway.relay.session.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules of access do to a conversation. */
class AccessTest {
    private static final String INVITATION = "340 send the article; a dot ends it\n";

    @TempDir
    Path dir;

    private static AccessRule rule(String from, String feed, String approve, RuleLimits limits) {
        return new AccessRule("test rule", List.of(Cidr.parse(from)), Set.of(), Set.of(), false,
                Wildmat.ALL, Wildmat.ALL, Wildmat.parse(feed), Wildmat.parse(approve),
                Wildmat.NONE, true, false, limits);
    }

    @Test
    void onlyModeratorsPostToModeratedGroups() throws Exception {
        try (TestRelay relay = new TestRelay(dir,
                List.of(rule("192.0.2.9", "!*", "a.mod", RuleLimits.NONE)))) {
            String plain = post("1@x.example", "a.mod", "x\n");
            String approved = plain.replace("POST\n", "POST\nApproved: me@x.example\n");
            Dialogue reader = relay.from("127.0.0.1", false);
            assertEquals(INVITATION + "441 a.mod is moderated, and the article is not Approved\n",
                    reader.ask(plain));
            assertEquals(INVITATION + "441 a.mod is moderated, and you may not approve articles"
                    + " for it\n", reader.ask(approved));
            Dialogue moderator = relay.from("192.0.2.9", false);
            assertEquals(INVITATION + "441 a.mod is moderated, and the article is not Approved\n",
                    moderator.ask(plain));
            assertEquals(INVITATION + "240 <1@x.example> posted\n", moderator.ask(approved));
        }
    }

    @Test
    void whomARuleGivesFeedSendsArticlesInThoseGroups() throws Exception {
        try (TestRelay relay = new TestRelay(dir,
                List.of(rule("192.0.2.9", "a.one", "!*", RuleLimits.NONE)))) {
            Dialogue feeder = relay.from("192.0.2.9", false);
            assertTrue(feeder.ask("CAPABILITIES").contains("\nIHAVE\nSTREAMING\n"));
            assertEquals("239 <1@x>\n439 <2@x> none of its groups is taken from test rule\n",
                    feeder.ask("TAKETHIS <1@x>", wire("1@x", "a.one"),
                            "TAKETHIS <2@x>", wire("2@x", "a.two")));
            assertEquals("438 <2@x>\n", feeder.ask("CHECK <2@x>"), "it need not send it again");
            assertEquals("435 not wanted\n", feeder.ask("IHAVE <2@x>"));
            assertEquals("238 <2@x>\n", relay.from("192.0.2.1", false).ask("CHECK <2@x>"),
                    "others may");
            assertTrue(feeder.ask("HEAD <1@x>").contains(
                    "Path: us.example!.SEEN.192.0.2.9!b.example!not-for-mail\n"));
        }
    }

    @Test
    void connectionsPostsAndOctetsHaveLimits() throws Exception {
        try (TestRelay relay = new TestRelay(dir, List.of(rule("192.0.2.9", "!*", "!*",
                new RuleLimits(2, Long.MAX_VALUE, 2, 20_000))))) {
            Dialogue one = relay.from("192.0.2.9", false);
            try (Dialogue two = relay.from("192.0.2.9", false)) {
                Dialogue three = relay.from("192.0.2.9", false);
                assertEquals("400 too many connections of yours; try again later\r\n",
                        three.greeting());
                assertTrue(three.isClosed());
                assertTrue(two.ask(post("1@x.example", "a.one", "x\n")).contains("\n240 "));
            }
            assertTrue(relay.from("192.0.2.9", false).greeting().startsWith("200 "));
            assertTrue(one.ask(post("2@x.example", "a.one", "x".repeat(5000) + "\n"))
                    .contains("\n240 "));
            assertEquals("440 no more than 2 articles an hour may be posted; try again later\n",
                    one.ask("POST"));
            for (int i = 0; i < 2; i++) {
                assertTrue(one.ask("BODY <2@x.example>").startsWith("222 "));
            }
            one.ask("BODY <2@x.example>");
            assertEquals("403 the 20000 octets of this hour are used up; try again later\n",
                    one.ask("BODY <2@x.example>"));
            assertEquals("403 the 20000 octets of this hour are used up; try again later\n",
                    one.ask("LIST"));
            assertTrue(relay.from("127.0.0.1", false).ask("BODY <2@x.example>").startsWith("222 "));
        }
    }

    @Test
    void aSlowLineStillDeliversEverything() throws Exception {
        try (TestRelay relay = new TestRelay(dir, List.of(rule("192.0.2.9", "!*", "!*",
                new RuleLimits(2, 1 << 20, 2, Long.MAX_VALUE))))) {
            Dialogue slow = relay.from("192.0.2.9", false);
            slow.ask(post("1@x.example", "a.one", ("x".repeat(998) + "\n").repeat(100)));
            String four = "BODY <1@x.example>\n".repeat(4).strip();
            assertEquals(4 * (100 * 999 + 22), slow.ask(four).length());
        }
    }

    @Test
    void rightsOfALoginHoldFromThereOn() throws Exception {
        AccessRule bobs = new AccessRule("bobs", List.of(), Set.of("bob"), Set.of(), false,
                Wildmat.parse("a.two"), Wildmat.NONE, Wildmat.NONE, Wildmat.NONE, Wildmat.NONE,
                false, false, new RuleLimits(1, Long.MAX_VALUE, 1, Long.MAX_VALUE));
        try (TestRelay relay = new TestRelay(dir, List.of(bobs))) {
            relay.fill();
            Dialogue bob = relay.from("127.0.0.1", false);
            assertTrue(bob.ask("GROUP a.one").startsWith("211 "));
            bob.ask("AUTHINFO USER bob", "AUTHINFO PASS " + TestRelay.PASSWORD);
            assertEquals("412 select a group first\n", bob.ask("STAT"), "it may not be read now");
            assertEquals("430 no such article\n", bob.ask("STAT <1@x>"));
            assertEquals("223 0 <2@x>\n", bob.ask("STAT <2@x>"));
            // Nothing more can be learnt by hash than by message-ID.
            assertEquals("290 2\n" + CommandsTest.held(1), bob.ask(CommandsTest.have("<1@x>", "<2@x>")));
            assertEquals("440 you may not post here\n", bob.ask("POST"));
            Dialogue again = relay.from("127.0.0.1", false);
            assertEquals("381 now the password\n"
                    + "400 too many connections of yours; try again later\n",
                    again.ask("AUTHINFO USER bob", "AUTHINFO PASS " + TestRelay.PASSWORD));
            assertTrue(again.isClosed());
        }
    }

    @Test
    void whoLooksAfterGroupsAddsChangesAndRemovesThem() throws Exception {
        AccessRule keepers = new AccessRule("keepers", List.of(Cidr.parse("192.0.2.9")), Set.of(),
                Set.of(), false, Wildmat.ALL, Wildmat.ALL, Wildmat.NONE, Wildmat.NONE,
                Wildmat.parse("live.*,a.*"), true, false, RuleLimits.NONE);
        try (TestRelay relay = new TestRelay(dir, List.of(keepers))) {
            Dialogue keeper = relay.from("192.0.2.9", false);
            assertTrue(keeper.ask("CAPABILITIES").contains("\nXSPILLWAY GROUP\n"));
            assertEquals("290 added live.one\n",
                    keeper.ask("XSPILLWAY GROUP ADD live.one y What  it is"));
            assertEquals("215 list follows\nlive.one\tWhat  it is\n.\n",
                    keeper.ask("LIST NEWSGROUPS live.*"));
            assertTrue(keeper.ask(post("1@x.example", "live.one", "x\n")).contains("\n240 "));
            assertEquals("290 changed live.one\n", keeper.ask("XSPILLWAY GROUP SET live.one n"));
            assertEquals("215 list follows\nlive.one 1 1 n\n.\n",
                    keeper.ask("LIST ACTIVE live.*"));
            assertTrue(keeper.ask("LIST NEWSGROUPS live.*").contains("What  it is"));
            assertEquals(INVITATION + "441 posting to live.one is not allowed\n",
                    keeper.ask(post("2@x.example", "live.one", "x\n")));
            Dialogue reader = relay.from("127.0.0.1", false);
            assertTrue(reader.ask("GROUP live.one").startsWith("211 1 "));
            assertEquals("290 removed live.one\n", keeper.ask("XSPILLWAY GROUP REMOVE live.one"));
            assertEquals("411 no such group here\n", reader.ask("GROUP live.one"));
            assertEquals("223 0 <1@x.example>\n", reader.ask("STAT <1@x.example>"));
            assertEquals("490 there is no group live.one\n",
                    keeper.ask("XSPILLWAY GROUP REMOVE live.one"));
            assertEquals("490 there is no group live.two\n",
                    keeper.ask("XSPILLWAY GROUP SET live.two y"));
            assertEquals("490 a.one stands in the configuration: change it there, and reload\n",
                    keeper.ask("XSPILLWAY GROUP SET a.one n"));
            assertEquals("502 you may not look after other\n",
                    keeper.ask("XSPILLWAY GROUP ADD other y"));
            assertEquals("501 the status is y, n or m\n",
                    keeper.ask("XSPILLWAY GROUP ADD live.two x"));
            assertEquals("501 that is not a newsgroup name\n",
                    keeper.ask("XSPILLWAY GROUP ADD live..two y"));
            assertTrue(keeper.ask("XSPILLWAY GROUP ADD live.two").startsWith("501 usage: "));
            assertEquals("502 only who looks after all groups may\n",
                    keeper.ask("XSPILLWAY RELOAD"));
        }
    }

    @Test
    void whoLooksAfterAllGroupsReloads() throws Exception {
        AccessRule admin = new AccessRule("admin", List.of(Cidr.parse("192.0.2.9")), Set.of(),
                Set.of(), false, Wildmat.ALL, Wildmat.NONE, Wildmat.NONE, Wildmat.NONE,
                Wildmat.ALL, true, true, RuleLimits.NONE);
        try (TestRelay relay = new TestRelay(dir, List.of(admin))) {
            Dialogue client = relay.from("192.0.2.9", false);
            assertTrue(client.ask("CAPABILITIES").contains(
                    "\nXSPILLWAY STATUS TRACE GROUP RELOAD PEER DOCTOR\n"));
            assertEquals("290 the configuration was loaded anew\n",
                    client.ask("XSPILLWAY RELOAD"));
            relay.reloadFinds(List.of("a.toml:1:1: x: is odd", "more"));
            assertEquals("490 nothing was changed: a.toml:1:1: x: is odd (and 1 more)\n",
                    client.ask("XSPILLWAY RELOAD"));
        }
    }
}
