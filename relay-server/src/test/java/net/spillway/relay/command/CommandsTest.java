package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.post;
import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Retention;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.HaveBlock;
import net.spillway.protocol.MessageId;
import net.spillway.relay.session.Dialogue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command against a real spool, without sockets, as seen by different clients. */
class CommandsTest {
    @TempDir
    Path dir;

    private TestRelay relay;

    @BeforeEach
    void open() throws Exception {
        relay = new TestRelay(dir);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
    }

    private Dialogue from(String address, boolean tls) throws Exception {
        return relay.from(address, tls);
    }

    private Dialogue reader() throws Exception {
        return relay.from("127.0.0.1", false);
    }

    private Dialogue peer() throws Exception {
        return relay.from("192.0.2.1", false);
    }

    private Dialogue stranger() throws Exception {
        return relay.from("198.51.100.7", false);
    }

    private Dialogue filled() throws Exception {
        relay.fill();
        return reader();
    }

    @Test
    void anyoneMayAskWhatThereIsAndLeave() throws Exception {
        Dialogue stranger = stranger();
        assertTrue(stranger.greeting().startsWith("201 us.example "));
        assertEquals("101 capabilities follow\nVERSION 2\nIMPLEMENTATION Spillway\n"
                + "STARTTLS\n.\n",
                stranger.ask("CAPABILITIES"));
        assertTrue(stranger.ask("HELP").startsWith("100 commands follow\nCAPABILITIES\n"));
        assertEquals("201 no posting\n", stranger.ask("mode reader"));
        assertEquals("205 bye\n", stranger.ask("QUIT"));
        assertTrue(stranger.isClosed());
    }

    /** An XHAVE about these message-IDs. */
    static String have(String... ids) {
        String block = new String(HaveBlock.request(List.of(ids).stream().map(MessageId::of)
                .toList()), StandardCharsets.US_ASCII);
        return "XHAVE " + ids.length + "\n" + block.replace("\r\n", "\n").strip();
    }

    /** The answer that these of up to eight articles are here. */
    static String held(int... articles) {
        int octet = 0;
        for (int i : articles) {
            octet |= 1 << i;
        }
        return Base64.getEncoder().encodeToString(new byte[] {(byte) octet}) + "\n.\n";
    }

    @Test
    void manyArticlesAreLookedUpByHashInOneRequest() throws Exception {
        Dialogue reader = filled();
        assertTrue(reader.ask("CAPABILITIES").contains("\nXHAVE 100000\n"));
        String answer = reader.ask(have("<1@x>", "<no@x>", "<2@x>"), "DATE");
        assertTrue(answer.startsWith("290 3\n" + held(0, 2) + "111 "), answer);
        for (String n : List.of("0", "100001", "x", "-1")) {
            String text = reader.ask("XHAVE " + n + "\nAAAA\n.", "DATE");
            assertTrue(text.startsWith("501 ") && text.contains("\n111 "), text);
        }
        assertTrue(reader.ask("XHAVE 2\nAAAA\n.").startsWith("501 "));
        assertEquals("480 log in first\n", stranger().ask(have("<1@x>")), "and read over");
        for (String refused : List.of("XRECON OPEN 1 2\n*\n.", "XRECON FRAME\nAAAA\n.")) {
            String text = reader.ask(refused, "DATE");
            assertTrue(text.matches("480 no peer is configured .*\n111 .*\n"), text);
        }
    }

    @Test
    void strangersAreToldToLogInAndNothingElse() throws Exception {
        filled();
        Dialogue stranger = stranger();
        for (String command : List.of("LIST", "GROUP a.one", "LISTGROUP a.one", "ARTICLE <1@x>",
                "HEAD <1@x>", "BODY <1@x>", "STAT <1@x>", "NEXT", "LAST", "OVER <1@x>",
                "XOVER 1", "HDR Subject <1@x>", "XHDR Subject <1@x>",
                "NEWGROUPS 20200101 000000", "NEWNEWS * 20200101 000000", "POST", "IHAVE <9@x>",
                "CHECK <9@x>", "MODE STREAM", "XSPILLWAY STATUS")) {
            assertTrue(stranger.ask(command).matches("480 .*log in first\n"), command);
        }
        assertEquals("480 no peer is configured here for 198.51.100.7; log in first\n",
                stranger.ask("TAKETHIS <9@x>", wire("9@x", "a.one")));
        assertEquals("430 no such article\n", reader().ask("STAT <9@x>"));
    }

    @Test
    void capabilitiesShowWhatTheClientMayDo() throws Exception {
        assertEquals("""
                101 capabilities follow
                VERSION 2
                IMPLEMENTATION Spillway
                STARTTLS
                AUTHINFO USER SASL
                SASL PLAIN
                COMPRESS DEFLATE
                READER
                LIST ACTIVE ACTIVE.TIMES COUNTS HEADERS MOTD NEWSGROUPS OVERVIEW.FMT
                OVER MSGID
                HDR
                NEWNEWS
                XHAVE 100000
                POST
                .
                """, reader().ask("CAPABILITIES"));
        String peer = peer().ask("CAPABILITIES");
        assertTrue(peer.contains("\nIHAVE\nSTREAMING\n"), peer);
        assertFalse(peer.contains("READER"), peer);
        String looker = from("192.0.2.70", false).ask("CAPABILITIES");
        assertFalse(looker.contains("POST") || looker.contains("NEWNEWS"), looker);
    }

    @Test
    void badLinesAreAnsweredAndTheSessionGoesOn() throws Exception {
        Dialogue reader = reader();
        assertEquals("500 unknown command; HELP lists what there is\n", reader.ask("FROBNICATE"));
        assertTrue(reader.ask("").startsWith("500 "));
        assertTrue(reader.ask("GROUP").startsWith("501 usage: GROUP "));
        assertTrue(reader.ask("GROUP a b").startsWith("501 "));
        assertTrue(reader.ask("MODE SIDEWAYS").startsWith("501 "));
        assertTrue(reader.ask("ARTICLE one").startsWith("501 "));
        assertTrue(reader.ask("LIST NOTHING").startsWith("501 "));
        assertTrue(reader.ask("LIST ACTIVE [").startsWith("501 "));
        assertEquals("501 write NEWGROUPS yyyymmdd hhmmss [GMT]\n", reader.ask("NEWGROUPS 1 2"));
        assertEquals("501 write NEWNEWS wildmat yyyymmdd hhmmss [GMT]\n",
                reader.ask("NEWNEWS * 20261301 000000"));
        assertTrue(reader.ask("LISTGROUP a.one 9-x").startsWith("501 "));
        assertTrue(reader.ask("STAT <" + "x".repeat(5000) + ">").startsWith("501 "));
        assertEquals("501 the command holds NUL, CR or LF\n", reader.raw("GRO\0UP a.one\r\n"));
        assertEquals("503 there is no such field or metadata item\n", reader.ask("HDR :odd <1@x>"));
        assertEquals("215 list follows\n.\n", reader.ask("LIST ACTIVE no.*"));
    }

    @Test
    void groupsAreListedAndSelected() throws Exception {
        Dialogue reader = filled();
        assertEquals("215 list follows\na.mod 0 1 m\na.one 3 1 y\na.two 1 1 y\n.\n",
                sorted(reader.ask("LIST")));
        assertEquals("215 list follows\na.one 3 1 y\n.\n", reader.ask("LIST ACTIVE a.o*"));
        assertEquals("215 list follows\na.mod\tQuiet\na.one\tThe first\na.two\t\n.\n",
                sorted(reader.ask("LIST NEWSGROUPS")));
        assertTrue(reader.ask("LIST ACTIVE.TIMES a.one").matches(
                "215 list follows\na\\.one \\d+ local\n\\.\n"));
        assertEquals("215 list follows\nSubject:\nFrom:\nDate:\nMessage-ID:\nReferences:\n:bytes\n"
                + ":lines\nXref:full\n.\n", reader.ask("LIST OVERVIEW.FMT"));
        assertEquals("215 list follows\n:\n:bytes\n:lines\n.\n", reader.ask("LIST HEADERS MSGID"));
        assertEquals("412 select a group first\n", reader.ask("LISTGROUP"));
        assertEquals("411 no such group here\n", reader.ask("GROUP no.such"));
        assertEquals("211 3 1 3 a.one\n", reader.ask("GROUP a.one"));
        assertEquals("211 3 1 3 a.one\n2\n3\n.\n", reader.ask("LISTGROUP a.one 2-"));
        assertEquals("211 3 1 3 a.one\n1\n2\n3\n.\n", reader.ask("LISTGROUP"));
        assertEquals("211 3 1 3 a.one\n.\n", reader.ask("LISTGROUP a.one 3-2"));
        assertTrue(reader.ask("GROUP a.mod").startsWith("211 0 "));
        assertEquals("420 no current article\n", reader.ask("STAT"));
        assertEquals("231 new groups follow\na.mod 0 1 m\na.one 3 1 y\na.two 1 1 y\n.\n",
                sorted(reader.ask("NEWGROUPS 20200101 000000 GMT")));
        assertEquals("231 new groups follow\n.\n", reader.ask("NEWGROUPS 20990101 000000 GMT"));
    }

    @Test
    void articlesAreReadByNumberByMessageIdAndInTurn() throws Exception {
        Dialogue reader = filled();
        assertEquals("412 select a group first\n", reader.ask("ARTICLE 1"));
        assertEquals("412 select a group first\n", reader.ask("HEAD"));
        assertEquals("412 select a group first\n", reader.ask("NEXT"));
        assertEquals("412 select a group first\n", reader.ask("LAST"));
        String head = "Path: us.example!!b.example!not-for-mail\nFrom: a@x.example\n"
                + "Newsgroups: a.one\nSubject: About 1@x\nMessage-ID: <1@x>\nDate: "
                + TestRelay.DATE
                + "\nXref: us.example a.one:1\n";
        assertEquals("220 0 <1@x>\n" + head + "\nbody\n.\n", reader.ask("ARTICLE <1@x>"));
        reader.ask("GROUP a.one");
        assertEquals("220 1 <1@x>\n" + head + "\nbody\n.\n", reader.ask("ARTICLE"));
        assertEquals("221 1 <1@x>\n" + head + ".\n", reader.ask("HEAD 1"));
        assertEquals("222 1 <1@x>\nbody\n.\n", reader.ask("BODY"));
        assertEquals("422 this is the first article\n", reader.ask("LAST"));
        assertEquals("223 2 <2@x>\n223 3 <3@x>\n421 this is the last article\n223 2 <2@x>\n",
                reader.ask("NEXT", "NEXT", "NEXT", "LAST"));
        assertEquals("223 2 <2@x>\n", reader.ask("STAT"));
        assertEquals("223 0 <1@x>\n223 2 <2@x>\n", reader.ask("STAT <1@x>", "STAT"));
        assertEquals("423 no article has that number\n", reader.ask("ARTICLE 99"));
        assertEquals("430 no such article\n", reader.ask("ARTICLE <no@x>"));
        relay.spool().remove(MessageId.of("<2@x>"));
        assertEquals("420 no article has that number\n", reader.ask("STAT"));
        assertEquals("223 3 <3@x>\n", reader.ask("NEXT"));
        assertEquals("223 1 <1@x>\n", reader.ask("LAST"));
    }

    @Test
    void overviewsAndHeadersAreGivenForRangesAndMessageIds() throws Exception {
        Dialogue reader = filled();
        assertEquals("412 select a group first\n", reader.ask("OVER 1-"));
        reader.ask("GROUP a.one");
        String overview = reader.ask("OVER 1-2");
        assertTrue(overview.startsWith("224 overview follows\n1\tAbout 1@x\ta@x.example\t"
                + TestRelay.DATE
                + "\t<1@x>\t\t"), overview);
        assertTrue(overview.endsWith("\t1\tXref: us.example a.one:2 a.two:1\n.\n"), overview);
        assertEquals(overview, reader.ask("XOVER 1-2"));
        assertTrue(reader.ask("OVER <2@x>").startsWith("224 overview follows\n0\tAbout 2@x\t"));
        assertTrue(reader.ask("OVER").startsWith("224 overview follows\n1\t"));
        assertTrue(reader.ask("XOVER <2@x>").startsWith("501 "));
        assertEquals("423 no articles there\n", reader.ask("OVER 7-"));
        assertEquals("420 no articles there\n", reader.ask("XOVER 7-"));
        assertEquals("423 no articles there\n", reader.ask("OVER 3-2"));
        assertEquals("430 no such article\n", reader.ask("OVER <no@x>"));
        assertEquals("225 headers follow\n1 About 1@x\n2 About 2@x\n3 About 3@x\n.\n",
                reader.ask("HDR subject 1-"));
        assertEquals("225 headers follow\n0 1\n.\n", reader.ask("HDR :lines <1@x>"));
        assertEquals("225 headers follow\n1 us.example!!b.example!not-for-mail\n.\n",
                reader.ask("HDR Path"));
        assertEquals("225 headers follow\n1 \n.\n", reader.ask("HDR Organization 1"));
        assertEquals("221 headers follow\n<1@x> (none)\n.\n", reader.ask("XHDR Keywords <1@x>"));
        assertEquals("430 no such article\n", reader.ask("HDR Subject <no@x>"));
        assertEquals("423 no articles there\n", reader.ask("HDR Subject 50-60"));
    }

    @Test
    void headersAreSearchedWithPatterns() throws Exception {
        Dialogue reader = filled();
        reader.ask("GROUP a.one");
        assertEquals("221 headers follow\n2 About 2@x\n3 About 3@x\n.\n",
                reader.ask("XPAT subject 1- About [23]*"));
        assertEquals("221 headers follow\n<1@x> About 1@x\n.\n",
                reader.ask("XPAT Subject <1@x> *1@x"));
        assertEquals("221 headers follow\n.\n", reader.ask("XPAT Subject <1@x> about*"));
        assertEquals("221 headers follow\n2 a.one,a.two\n.\n",
                reader.ask("XPAT Newsgroups 1- *two"));
    }

    @Test
    void listsFromTheConfigurationAreShown() throws Exception {
        assertEquals("215 list follows\nHello\n..dot\n.\n", reader().ask("LIST MOTD"));
        assertEquals("215 list follows\na.one 3 1 3 y\na.two 1 1 1 y\n.\n",
                filled().ask("LIST COUNTS *,!*.mod"));
        assertEquals("503 this list is not kept here\n", reader().ask("LIST MODERATORS"));
    }

    @Test
    void newArticlesAreTold() throws Exception {
        Dialogue reader = filled();
        assertEquals("230 new articles follow\n<2@x>\n.\n",
                reader.ask("NEWNEWS a.two 20200101 000000 GMT"));
        assertEquals("230 new articles follow\n.\n",
                reader.ask("NEWNEWS * 20990101 000000 GMT"));
    }

    @Test
    void rightsHoldOnEveryPath() throws Exception {
        filled();
        peer().ask("TAKETHIS <4@x>", wire("4@x", "a.secret"));
        Dialogue reader = reader();
        assertFalse(reader.ask("LIST").contains("a.secret"));
        assertFalse(reader.ask("NEWGROUPS 20200101 000000").contains("a.secret"));
        assertEquals("411 no such group here\n", reader.ask("GROUP a.secret"));
        assertEquals("411 no such group here\n", reader.ask("LISTGROUP a.secret"));
        for (String command : List.of("ARTICLE", "HEAD", "BODY", "STAT", "OVER", "HDR Subject",
                "XHDR Subject")) {
            assertEquals("430 no such article\n", reader.ask(command + " <4@x>"), command);
        }
        assertFalse(reader.ask("NEWNEWS * 20200101 000000").contains("<4@x>"));
        assertEquals("223 0 <3@x>\n", reader.ask("STAT <3@x>"), "a.one is enough");
        assertEquals("441 no such group here: a.secret\n",
                reader.ask(post("5@x", "a.secret", "")).replace("340 send the article; a dot ends"
                        + " it\n", ""));
        Dialogue looker = from("192.0.2.70", false);
        assertEquals("430 no such article\n", from("192.0.2.71", false).ask("STAT <4@x>"));
        assertEquals("480 log in first\n", looker.ask("POST"));
        assertEquals("223 0 <2@x>\n", looker.ask("STAT <2@x>"));
    }

    @Test
    void postsAreStoredAndDuplicatesAndFaultsRefused() throws Exception {
        Dialogue reader = reader();
        String invitation = "340 send the article; a dot ends it\n";
        assertEquals(invitation + "240 <p1@x.example> posted\n",
                reader.ask(post("p1@x.example", "a.one", "..dot\nline\n")));
        assertEquals("222 0 <p1@x.example>\n..dot\nline\n.\n", reader.ask("BODY <p1@x.example>"));
        assertTrue(reader.ask("HEAD <p1@x.example>").contains(
                "\nPath: us.example!.POSTED.127.0.0.1!not-for-mail\n"));
        assertEquals(invitation + "441 duplicate: <p1@x.example> is here already\n",
                reader.ask(post("p1@x.example", "a.one", "again\n")));
        assertEquals(invitation + "441 no such group here: b.none\n",
                reader.ask(post("p2@x.example", "b.none", "")));
        assertEquals(invitation + "240 <p5@x.example> posted\n",
                reader.ask(post("p5@x.example", "a.one,b.none", "")), "other relays may carry it");
        assertTrue(reader.ask("HEAD <p5@x.example>").contains("\nNewsgroups: a.one,b.none\n"));
        String bare = post("p3@x.example", "a.one", "").replace("\n", "\r\n");
        for (String bad : List.of("a\rb\r\n", "a\nb\r\n", "a\0b\r\n", "a\n.\nb\r\n")) {
            String said = reader.raw(bare.replace("\r\n\r\n.", "\r\n\r\n" + bad + ".") + "\r\n");
            assertTrue(said.startsWith(invitation + "441 line "), said);
            String sent = peer().raw("TAKETHIS <bad@x>\r\n" + wire("bad@x", "a.one")
                    .replace("\n", "\r\n").replace("body\r\n", bad) + "\r\n");
            assertTrue(sent.startsWith("439 <bad@x> line 8 holds a "), sent);
        }
        assertEquals(invitation + "441 line 7 is longer than 16384 octets\n",
                reader.ask(post("p3@x.example", "a.one", "y".repeat(16385) + "\n")));
        assertTrue(reader.ask("POST\nnonsense\n.").contains("441 "));
        assertEquals("430 no such article\n", reader.ask("STAT <p3@x.example>"));
        String huge = "x".repeat(900) + "\n";
        assertTrue(reader.ask(post("p4@x.example", "a.one", huge.repeat(3000)))
                .contains("441 too large: the article has "));
        assertEquals("430 no such article\n", reader.ask("STAT <p4@x.example>"));
    }

    @Test
    void peersOfferAndSendWithIhave() throws Exception {
        Dialogue peer = peer();
        assertTrue(peer.greeting().startsWith("200 "));
        String invitation = "335 send it; a dot ends it\n";
        assertEquals(invitation + "235 thank you\n",
                peer.ask("IHAVE <i1@x>", wire("i1@x", "a.one")));
        assertEquals("435 not wanted\n", peer.ask("IHAVE <i1@x>"));
        assertEquals(invitation + "437 its Message-ID is not the one that was offered\n",
                peer.ask("IHAVE <i2@x>", wire("other@x", "a.one")));
        assertEquals(invitation + "437 no such group here: no.such\n",
                peer.ask("IHAVE <i3@x>", wire("i3@x", "no.such")));
        assertEquals("435 not wanted\n", peer.ask("IHAVE <i3@x>"));
        assertEquals("501 not a message-ID\n", peer.ask("IHAVE i4"));
        assertEquals("335 send it; a dot ends it\n437 line 8 holds a bare LF\n", peer.raw(
                "IHAVE <i5@x>\r\n" + wire("i5@x", "a.one").replace("\n", "\r\n")
                        .replace("body\r\n", "bo\ndy\r\n") + "\r\n"));
        assertEquals("480 no peer is configured here for 127.0.0.1; log in first\n",
                reader().ask("IHAVE <i6@x>"));
    }

    @Test
    void whatWasRefusedForItsGroupIsTakenOnceThereIsTheGroup() throws Exception {
        Dialogue peer = peer();
        Dialogue rival = from("192.0.2.2", false);
        assertTrue(peer.ask("TAKETHIS <g1@x>", wire("g1@x", "late.one")).startsWith("439 "));
        assertTrue(peer.ask("TAKETHIS <g2@x>", wire("g2@x", "late.two")).startsWith("439 "));
        assertEquals("438 <g1@x>\n", rival.ask("CHECK <g1@x>"), "nobody need send it in vain");
        assertEquals("435 not wanted\n", rival.ask("IHAVE <g1@x>"));
        relay.spool().createGroup("late.one", 'm', "");
        assertEquals("238 <g1@x>\n", rival.ask("CHECK <g1@x>"));
        assertEquals("439 <g1@x> late.one is moderated, and it is not Approved\n",
                rival.ask("TAKETHIS <g1@x>", wire("g1@x", "late.one")));
        assertEquals("438 <g1@x>\n", peer.ask("CHECK <g1@x>"));
        relay.spool().createGroup("late.one", 'y', "");
        assertEquals("238 <g1@x>\n", peer.ask("CHECK <g1@x>"));
        assertEquals("239 <g1@x>\n", peer.ask("TAKETHIS <g1@x>", wire("g1@x", "late.one")));
        assertTrue(peer.ask("TAKETHIS <g2@x>", wire("g2@x", "late.two")).startsWith("439 "));
        assertEquals("438 <g2@x>\n", rival.ask("CHECK <g2@x>"), "that one is still unwanted");
    }

    @Test
    void whatWasRefusedUnderAConfigurationThatHoldsNoMoreIsTakenUnderTheNext() throws Exception {
        relay.take("*,!a.one");
        Dialogue peer = peer();
        String article = "TAKETHIS <c1@x>\n" + wire("c1@x", "a.one");
        assertTrue(peer.ask(article).startsWith("439 "));
        assertEquals("438 <c1@x>\n", peer.ask("CHECK <c1@x>"));
        String half = article.replace("c1@x", "c2@x");
        peer.lines(0, half.substring(0, half.indexOf("\nbody")));
        relay.take("*");
        assertTrue(peer.ask("body\n.").startsWith("439 "), "by what held when it began to come");
        assertEquals("238 <c1@x>\n", peer.ask("CHECK <c1@x>"));
        assertEquals("238 <c2@x>\n", peer.ask("CHECK <c2@x>"));
        assertEquals("239 <c2@x>\n", peer.ask(half));
    }

    @Test
    void peersStreamAndTheFirstOfferWins() throws Exception {
        Dialogue peer = peer();
        Dialogue rival = from("192.0.2.2", false);
        assertEquals("203 streaming allowed\n", peer.ask("MODE STREAM"));
        assertEquals("238 <s1@x>\n", peer.ask("CHECK <s1@x>"));
        assertEquals("431 <s1@x>\n", rival.ask("CHECK <s1@x>"));
        assertEquals("436 not now, try again later\n", rival.ask("IHAVE <s1@x>"));
        assertEquals("239 <s1@x>\n", peer.ask("TAKETHIS <s1@x>", wire("s1@x", "a.one")));
        assertEquals("438 <s1@x>\n", rival.ask("CHECK <s1@x>"));
        assertEquals("439 <s1@x> duplicate\n",
                rival.ask("TAKETHIS <s1@x>", wire("s1@x", "a.one")));
        assertEquals("238 <s2@x>\n", peer.ask("CHECK <s2@x>"));
        peer.close();
        assertEquals("238 <s2@x>\n", rival.ask("CHECK <s2@x>"), "whoever leaves lets others");
        assertEquals("439 <s2@x> the header field From is missing\n", rival.ask("TAKETHIS <s2@x>",
                wire("s2@x", "a.one").replace("From: a@x.example\n", "")));
        assertEquals("501 not a message-ID\n", rival.ask("TAKETHIS s3", wire("s3@x", "a.one")));
        assertEquals("501 not a message-ID\n", rival.ask("CHECK s3"));
        assertEquals("439 <s4@x> it has been here: us.example is in its Path\n",
                rival.ask("TAKETHIS <s4@x>", wire("s4@x", "a.one").replace(
                        "Path: ", "Path: us.example!")));
    }

    @Test
    void aStreamOfOffersArticlesAndReadingIsAnsweredInOrder() throws Exception {
        Dialogue both = from("192.0.2.1", true);
        assertEquals("381 now the password\n281 welcome\n",
                both.ask("AUTHINFO USER bob", "AUTHINFO PASS open sesame"));
        StringBuilder script = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            script.append("CHECK <n" + i + "@x>\nTAKETHIS <n" + i + "@x>\n")
                    .append(wire("n" + i + "@x", "a.two")).append('\n');
            expected.append("238 <n" + i + "@x>\n239 <n" + i + "@x>\n");
            if (i % 50 == 49) {
                script.append("STAT <n" + i + "@x>\nBODY <n" + i + "@x>\n");
                expected.append("223 0 <n" + i + "@x>\n222 0 <n" + i + "@x>\nbody\n.\n");
            }
        }
        assertEquals(expected.toString(), both.ask(script.toString().stripTrailing()));
        assertEquals("211 300 1 300 a.two\n", both.ask("GROUP a.two"));
    }

    @Test
    void loginsGiveTheirRightsUnderTlsOnly() throws Exception {
        Dialogue plain = stranger();
        assertEquals("483 passwords are taken under TLS only\n", plain.ask("AUTHINFO USER bob"));
        Dialogue tls = from("198.51.100.7", true);
        assertTrue(tls.ask("CAPABILITIES").contains("\nAUTHINFO USER SASL\nSASL PLAIN\n"));
        assertEquals("482 AUTHINFO USER comes first\n", tls.ask("AUTHINFO PASS x"));
        assertEquals("503 only PLAIN is known here\n", tls.ask("AUTHINFO SASL X"));
        assertEquals("501 AUTHINFO USER, AUTHINFO PASS and AUTHINFO SASL are known\n",
                tls.ask("AUTHINFO GENERIC X"));
        assertEquals("381 now the password\n481 no such user, or not the password\n",
                tls.ask("AUTHINFO USER bob", "AUTHINFO PASS wrong"));
        assertEquals("381 now the password\n481 no such user, or not the password\n",
                tls.ask("AUTHINFO USER nobody", "AUTHINFO PASS open sesame"));
        assertEquals("480 log in first\n", tls.ask("GROUP a.secret"));
        assertEquals("381 now the password\n281 welcome\n",
                tls.ask("AUTHINFO USER bob", "AUTHINFO PASS open sesame"));
        assertTrue(tls.ask("GROUP a.secret").startsWith("211 "));
        assertEquals("502 you are logged in already\n", tls.ask("AUTHINFO USER bob"));
        String capabilities = tls.ask("CAPABILITIES");
        assertTrue(capabilities.contains("\nXSPILLWAY STATUS TRACE\n"), capabilities);
        assertFalse(capabilities.contains("AUTHINFO"), capabilities);
        assertEquals("502 no peer is configured here for 198.51.100.7\n", tls.ask("MODE STREAM"));
    }

    @Test
    void saslPlainLogsIn() throws Exception {
        String right = sasl("\0bob\0open sesame");
        assertEquals("483 passwords are taken under TLS only\n",
                stranger().ask("AUTHINFO SASL PLAIN " + right));
        assertEquals("281 welcome\n", reader().ask("AUTHINFO SASL PLAIN " + right));
        assertEquals("383 =\n281 welcome\n", from("198.51.100.7", true)
                .ask("AUTHINFO SASL PLAIN", sasl("bob\0bob\0open sesame")));
        Dialogue tls = from("198.51.100.7", true);
        assertEquals("504 that is not base64\n", tls.ask("AUTHINFO SASL PLAIN !"));
        assertEquals("383 =\n481 as you like\n", tls.ask("AUTHINFO SASL PLAIN", "*"));
        assertEquals("482 PLAIN has three parts with NUL between them\n",
                tls.ask("AUTHINFO SASL PLAIN " + sasl("bob")));
        assertEquals("481 nobody may act for another here\n",
                tls.ask("AUTHINFO SASL PLAIN " + sasl("eve\0bob\0open sesame")));
        assertEquals("481 no such user, or not the password\n",
                tls.ask("AUTHINFO SASL PLAIN " + sasl("\0bob\0wrong")));
        assertEquals("501 one response at most\n",
                tls.ask("AUTHINFO SASL PLAIN " + right + " " + right));
        assertEquals("281 welcome\n", tls.ask("AUTHINFO SASL PLAIN " + right));
        assertEquals("502 TLS is on already\n", tls.ask("STARTTLS"));
    }

    @Test
    void onlyWhoPostedAnArticleCanTakeItBack() throws Exception {
        Dialogue bob = from("198.51.100.7", true);
        bob.ask("AUTHINFO USER bob", "AUTHINFO PASS open sesame");
        bob.ask(post("own@x.example", "a.one", "x\n"));
        bob.ask(post("kept@x.example", "a.one", "x\n"));
        String cancel = post("c1@x.example", "a.one", "x\n")
                .replace("POST\n", "POST\nControl: cancel <own@x.example>\n");
        assertTrue(reader().ask(cancel).endsWith("240 <c1@x.example> posted\n"));
        assertTrue(peer().ask("TAKETHIS <c2@x>", wire("c2@x", "a.one")
                .replace("Path:", "Control: cancel <own@x.example>\n"
                        + "Cancel-Key: sha256:guess\nPath:"))
                .startsWith("239 "));
        assertTrue(bob.ask(cancel.replace("c1@", "c3@")).endsWith("240 <c3@x.example> posted\n"));
        Awaitility.await().untilAsserted(() ->
                assertEquals("430 no such article\n", reader().ask("STAT <own@x.example>")));
        assertEquals("223 0 <kept@x.example>\n", reader().ask("STAT <kept@x.example>"));
        assertEquals("435 not wanted\n", peer().ask("IHAVE <own@x.example>"));
        bob.ask(post("new@x.example", "a.one", "x\n")
                .replace("POST\n", "POST\nSupersedes: <kept@x.example>\n"));
        Awaitility.await().untilAsserted(() ->
                assertEquals("430 no such article\n", reader().ask("STAT <kept@x.example>")));
        assertEquals("223 0 <new@x.example>\n", reader().ask("STAT <new@x.example>"));
    }

    @Test
    void aCancelThatComesBeforeItsArticleIsRemembered() throws Exception {
        // The key is "key", its hash the lock.
        String lock = "Cancel-Lock: sha256:LHDhK3oGRvkiefQnx7OOczTY5Tic/xZ6HcMOc/gmtoM=\nPath:";
        peer().ask("TAKETHIS <c@x>", wire("c@x", "a.one").replace("Path:",
                "Control: cancel <late@x>\nCancel-Key: sha256:key\nPath:"));
        assertEquals("239 <late@x>\n239 <other@x>\n", peer().ask(
                "TAKETHIS <late@x>", wire("late@x", "a.one").replace("Path:", lock),
                "TAKETHIS <other@x>", wire("other@x", "a.one").replace("Path:", lock)));
        Awaitility.await().untilAsserted(() ->
                assertEquals("430 no such article\n", reader().ask("STAT <late@x>")));
        assertEquals("223 0 <other@x>\n", reader().ask("STAT <other@x>"));
    }

    private static String sasl(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFullDiskMeansLaterAndNeverNo() throws Exception {
        Dialogue reader = filled();
        relay.disk().setFull(true);
        assertTrue(reader.ask(post("f1@x.example", "a.one", "")).contains(
                "\n441 cannot be stored now, try again later: "));
        Dialogue peer = peer();
        assertEquals("431 <f2@x>\n", peer.ask("CHECK <f2@x>"), "it has just failed");
        assertEquals("436 not now, try again later\n", peer.ask("IHAVE <f2@x>"));
        assertTrue(peer.ask("TAKETHIS <f2@x>", wire("f2@x", "a.one"), "CHECK <f3@x>")
                .startsWith("400 cannot store now: "));
        assertTrue(peer.isClosed());
        assertEquals("222 0 <1@x>\nbody\n.\n", reader.ask("BODY <1@x>"), "reading goes on");
        relay.disk().setFull(false);
        assertEquals("239 <f2@x>\n", from("192.0.2.2", false)
                .ask("TAKETHIS <f2@x>", wire("f2@x", "a.one")));
        assertTrue(reader.ask(post("f1@x.example", "a.one", "")).endsWith("240 <f1@x.example>"
                + " posted\n"));
    }

    @Test
    void aFullDiskOfOneStorageClassIsNoReasonToPutOffTheOthersArticles() throws Exception {
        Path other = dir.resolve("other");
        var ofTwo = new StorageConfig("two", other, Wildmat.parse("a.two"), 0, Long.MAX_VALUE,
                Optional.empty(), Retention.FOREVER, StorageConfig.IfDown.LATER);
        relay.close();
        relay = new TestRelay(Files.createDirectory(dir.resolve("second")), List.of(),
                List.of(ofTwo));
        relay.disk().setFull(other);
        Dialogue reader = reader();
        assertTrue(reader.ask(post("f1@x.example", "a.two", "")).contains(
                "\n441 cannot be stored now, try again later: "));
        assertEquals("238 <f2@x>\n", peer().ask("CHECK <f2@x>"));
        assertEquals("239 <f2@x>\n", peer().ask("TAKETHIS <f2@x>", wire("f2@x", "a.one")));
    }

    @Test
    void theRelayTellsHowItIsToThoseWhoMayKnow() throws Exception {
        filled();
        Dialogue admin = from("127.0.0.1", false);
        admin.ask("AUTHINFO USER bob", "AUTHINFO PASS open sesame");
        String status = admin.ask("XSPILLWAY STATUS");
        assertTrue(status.startsWith("215 status follows\n{\"relay\":\"us.example\","), status);
        assertTrue(status.contains("\"received\":3,"), status);
        assertTrue(status.contains("\"articles\":3,"), status);
        assertTrue(status.contains("\"served\":0,"), status);
        reader().ask("HEAD <1@x>", "BODY <1@x>", "STAT <1@x>");
        assertTrue(admin.ask("XSPILLWAY STATUS").contains("\"served\":2,"));
        assertEquals("480 log in first\n", reader().ask("XSPILLWAY STATUS"));
    }

    private static String sorted(String block) {
        List<String> lines = new ArrayList<>(block.lines().toList());
        lines.subList(1, lines.size() - 1).sort(null);
        return String.join("\n", lines) + "\n";
    }
}
