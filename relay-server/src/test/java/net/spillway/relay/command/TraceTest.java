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
import net.spillway.conf.Wildmat;
import net.spillway.relay.session.Dialogue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** XSPILLWAY TRACE, and what XSPILLWAY STATUS tells besides the relay. */
class TraceTest {
    @TempDir
    Path dir;

    private static Dialogue admin(TestRelay relay) throws Exception {
        Dialogue admin = relay.from("127.0.0.1", false);
        admin.ask("AUTHINFO USER bob", "AUTHINFO PASS " + TestRelay.PASSWORD);
        return admin;
    }

    private static void assertHas(String answer, String... parts) {
        List.of(parts).forEach(part -> assertTrue(answer.contains(part), part + " in " + answer));
    }

    @Test
    void traceTellsWhereAnArticleCameFromWhatItPassedAndWhereItLies() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.fill();
            String trace = admin(relay).ask("XSPILLWAY TRACE <2@x>");
            assertHas(trace, "215 trace follows\n{\"trace\":\"<2@x>\",\"presence\":\"stored\",",
                    "\"forgotten\":false}\n{\"decision\":\"stored\",",
                    "\"from\":\"b.example\",\"host\":\"192.0.2.1\",\"user\":null,",
                    "\"passed\":\"size,format,headers,message_id,loop,age,source,groups,"
                            + "moderation,history,disk\",\"failed\":null,",
                    "{\"storage\":\"default\",\"segment\":1,\"offset\":",
                    "\"source\":\"b.example\"", "{\"group\":\"a.one\",\"number\":2}\n",
                    "{\"group\":\"a.two\",\"number\":1}\n");
        }
    }

    @Test
    void traceTellsWhatAnArticleDidNotPass() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.from("192.0.2.1", false).ask("TAKETHIS <9@x>", wire("9@x", "no.such"),
                    "TAKETHIS <8@x>", wire("7@x", "a.one"),
                    "TAKETHIS <1@x>", wire("1@x", "a.one"),
                    "TAKETHIS <1@x>", wire("1@x", "a.one"));
            Dialogue admin = admin(relay);
            assertHas(admin.ask("XSPILLWAY TRACE <9@x>"), "\"presence\":\"unknown\"",
                    "\"decision\":\"refused\"", "\"passed\":\"size,format,headers,message_id,"
                            + "loop,age,source\",\"failed\":\"groups\","
                            + "\"reason\":\"no such group here: no.such\"");
            assertHas(admin.ask("XSPILLWAY TRACE <8@x>"), "\"failed\":\"message_id\"");
            assertHas(admin.ask("XSPILLWAY TRACE <1@x>"), "\"decision\":\"stored\"",
                    "\"decision\":\"duplicate\"", "\"failed\":\"history\"");
            assertHas(admin.ask("XSPILLWAY TRACE <6@x>"), "\"presence\":\"unknown\"",
                    "\"forgotten\":false}\n.\n");
            assertEquals("501 not a message-ID\n", admin.ask("XSPILLWAY TRACE 6@x"));
        }
    }

    @Test
    void traceTellsOfACancelThatShowsNoKey() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.from("192.0.2.1", false).ask("TAKETHIS <1@x>", wire("1@x", "a.one"),
                    "TAKETHIS <c@x>", wire("c@x", "a.one").replace("Path:",
                            "Control: cancel <1@x>\nPath:"),
                    "TAKETHIS <s@x>", wire("s@x", "a.one").replace("Path:",
                            "Supersedes: <1@x>\nPath:"));
            Dialogue admin = admin(relay);
            Awaitility.await().untilAsserted(() -> {
                for (String by : List.of("c@x", "s@x")) {
                    assertHas(admin.ask("XSPILLWAY TRACE <" + by + ">"),
                            "takes nothing back: it shows no key to <1@x>");
                    assertHas(admin.ask("XSPILLWAY TRACE <1@x>"), "\"presence\":\"stored\"",
                            "not removed by <" + by + ">: it shows no key");
                }
            });
        }
    }

    @Test
    void traceIsForWhoMaySeeTheStatus() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            assertEquals("480 log in first\n",
                    relay.from("127.0.0.1", false).ask("XSPILLWAY TRACE <2@x>"));
        }
    }

    @Test
    void neitherTraceNorStatusTellsOfGroupsThatMayNotBeRead() throws Exception {
        AccessRule lookers = new AccessRule("lookers", List.of(Cidr.parse("192.0.2.80")), Set.of(),
                false, Wildmat.parse("*,!*.secret"), Wildmat.NONE, false, true);
        try (TestRelay relay = new TestRelay(dir, List.of(lookers))) {
            relay.fill();
            relay.from("192.0.2.1", false).ask("TAKETHIS <4@x>", wire("4@x", "a.secret"),
                    "TAKETHIS <5@x>", wire("5@x", "no.secret"));
            relay.from("127.0.0.1", false).ask(post("6@x.example", "a.secret", "x\n"));
            Dialogue looker = relay.from("192.0.2.80", false);
            for (String told : List.of(looker.ask("XSPILLWAY STATUS"),
                    looker.ask("XSPILLWAY TRACE <3@x>"), looker.ask("XSPILLWAY TRACE <4@x>"),
                    looker.ask("XSPILLWAY TRACE <5@x>"))) {
                assertTrue(told.startsWith("215 ") && !told.contains(".secret"), told);
            }
            assertHas(looker.ask("XSPILLWAY STATUS"), "{\"group\":\"a.one\",");
            assertHas(looker.ask("XSPILLWAY TRACE <3@x>"), "\"presence\":\"stored\"",
                    "{\"group\":\"a.one\",\"number\":3}\n.\n");
            String unknown = looker.ask("XSPILLWAY TRACE <none@x>");
            for (String id : List.of("4@x", "5@x", "6@x.example")) {
                assertEquals(unknown.replace("none@x", id),
                        looker.ask("XSPILLWAY TRACE <" + id + ">"));
            }
            assertHas(admin(relay).ask("XSPILLWAY TRACE <4@x>"), "\"a.secret\"");
        }
    }

    @Test
    void statusTellsOfStorageSourcesConnectionsAndGroups() throws Exception {
        try (TestRelay relay = new TestRelay(dir)) {
            relay.fill();
            Dialogue poster = relay.from("127.0.0.1", false);
            poster.ask("GROUP a.one", post("5@x.example", "no.such", "x\n"));
            String status = admin(relay).ask("XSPILLWAY STATUS");
            assertHas(status, "{\"storage\":\"default\",", "\"free\":",
                    "{\"source\":\"b.example\",\"offered\":0,\"unwanted\":0,\"stored\":3,",
                    "{\"source\":\"posts\",", "\"lastRefusal\":\"no such group here: no.such\"}",
                    "{\"connection\":\"127.0.0.1#1\",", "\"lastCommand\":\"DATE\"",
                    "\"peer\":\"b.example\"", "\"user\":\"bob\"",
                    "{\"group\":\"a.one\",\"status\":\"y\",\"articles\":3,\"low\":1,\"high\":3}");
            assertTrue(!status.contains(TestRelay.PASSWORD));
        }
    }
}
