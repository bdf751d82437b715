package net.spillway.relay.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.conf.Cidr;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.WireArticle;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Newsgroup;
import org.junit.jupiter.api.Test;

class AgentsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Map<String, Newsgroup> GROUPS = Map.of(
            "a.open", group("a.open", 'y'), "a.other", group("a.other", 'y'),
            "a.closed", group("a.closed", 'n'), "a.moderated", group("a.moderated", 'm'),
            "b.hidden", group("b.hidden", 'y'));
    private static final Function<String, Optional<Newsgroup>> KNOWN =
            name -> Optional.ofNullable(GROUPS.get(name));
    private static final Poster POSTER =
            new Poster("192.0.2.9", Optional.empty(), Wildmat.parse("*,!b.*"), Wildmat.parse("a.*,!a.other"),
                    Wildmat.parse("a.moderated"));
    private static final Sender SENDER = new Sender(
            PeerConfig.receivingFrom("b.example", List.of(Cidr.parse("192.0.2.1"))), "192.0.2.1",
            Wildmat.ALL, 0);
    private static final MessageId ID = MessageId.of("<1@x.example>");

    private static final CancelSecret SECRET = CancelSecret.random();

    private final InjectingAgent injecting =
            new InjectingAgent("us.example", Duration.ofDays(10), KNOWN,
                    group -> Optional.of("mods@x.example").filter(to -> group.contains("mod")),
                    SECRET);
    private final RelayingAgent relaying =
            new RelayingAgent("us.example", Duration.ofDays(10), KNOWN);

    private static Newsgroup group(String name, char status) {
        return new Newsgroup(name, status, "", 1, 0, 0, Instant.EPOCH);
    }

    private static WireArticle article(String head, String body) throws Exception {
        return WireArticle.parse((head.replace("\n", "\r\n") + "\r\n" + body + ".\r\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static final String PROTO = "From: A <a@x.example>\nNewsgroups: a.open\nSubject: Hi\n";
    private static final String RELAYED = "Path: b.example!.POSTED!not-for-mail\n" + PROTO
            + "Message-ID: <1@x.example>\nDate: Sun, 1 Mar 2026 11:00:00 +0000\n";

    private String posted(String head) throws Exception {
        Verdict verdict = injecting.judge(article(head, "x\r\n"), POSTER, NOW);
        return new String(assertInstanceOf(Verdict.Accept.class, verdict).article().head(),
                StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private String notPosted(String head) throws Exception {
        return assertInstanceOf(Verdict.Refuse.class,
                injecting.judge(article(head, "x\r\n"), POSTER, NOW)).why();
    }

    private NewArticle taken(String head) throws Exception {
        return assertInstanceOf(Verdict.Accept.class,
                relaying.judge(article(head, "x\r\n"), ID, SENDER, NOW)).article();
    }

    private Verdict.Refuse notTaken(String head) throws Exception {
        return assertInstanceOf(Verdict.Refuse.class,
                relaying.judge(article(head, "x\r\n"), ID, SENDER, NOW));
    }

    @Test
    void aPostGetsWhatItLacks() throws Exception {
        String head = posted(PROTO);
        assertTrue(head.startsWith("Path: us.example!.POSTED.192.0.2.9!not-for-mail\n" + PROTO),
                head);
        assertTrue(head.matches("(?s).*\nMessage-ID: <[a-z0-9]+@us.example>\n.*"), head);
        assertTrue(head.contains("\nDate: Sun, 01 Mar 2026 12:00:00 +0000\n"), head);
        assertTrue(head.contains("\nInjection-Date: Sun, 01 Mar 2026 12:00:00 +0000\n"), head);
        assertTrue(head.contains("\nInjection-Info: us.example; posting-host=\"192.0.2.9\"\n"),
                head);
    }

    @Test
    void aPostKeepsWhatItBrings() throws Exception {
        String head = posted(PROTO + "Message-ID: <own@x.example>\nX-Odd:  kept  \n folded\n"
                + "Date: Sun, 1 Mar 2026 09:00:00 +0000\nPath: me!not-for-mail\nX-Trace: gone\n");
        assertTrue(head.contains("\nMessage-ID: <own@x.example>\nX-Odd:  kept  \n folded\n"), head);
        assertTrue(head.startsWith("Path: us.example!.POSTED.192.0.2.9!me!not-for-mail\n"), head);
        assertFalse(head.contains("Injection-Date"), "RFC 5537 3.5: it may be multiply injected");
        assertFalse(head.contains("X-Trace"), head);
    }

    @Test
    void injectorAndNextRelayGiveAnArticleTheSameDate() throws Exception {
        Instant date = Instant.parse("2026-03-01T09:00:00Z");
        String dated = PROTO + "Date: Sun, 1 Mar 2026 09:00:00 +0000\n";
        for (Map.Entry<String, Instant> post : Map.of(PROTO, NOW, dated, NOW,
                dated + "Message-ID: <1@x.example>\n", date,
                dated + "Injection-Date: Sun, 1 Mar 2026 10:00:00 +0000\n",
                Instant.parse("2026-03-01T10:00:00Z")).entrySet()) {
            NewArticle injected = assertInstanceOf(Verdict.Accept.class, injecting.judge(
                    article(post.getKey(), "x\r\n"), POSTER, NOW.plusMillis(300))).article();
            assertEquals(Optional.of(post.getValue()), injected.posted(), post.getKey());
            WireArticle onTheWay = WireArticle.parse((new String(injected.head(),
                    StandardCharsets.UTF_8) + "\r\nx\r\n.\r\n").getBytes(StandardCharsets.UTF_8));
            RelayingAgent next = new RelayingAgent("next.example", Duration.ofDays(10), KNOWN);
            assertEquals(Optional.of(post.getValue()), assertInstanceOf(Verdict.Accept.class,
                    next.judge(onTheWay, injected.id(), SENDER, NOW)).article().posted());
        }
    }

    @Test
    void sizeAndLinesAreThoseOfTheArticleWithoutDotStuffing() throws Exception {
        Verdict verdict = injecting.judge(article(PROTO, "..one\r\ntwo\r\n"), POSTER, NOW);
        NewArticle article = assertInstanceOf(Verdict.Accept.class, verdict).article();
        assertEquals(article.head().length + 2 + ".one\r\ntwo\r\n".length(), article.size());
        assertEquals(2, article.bodyLines());
        assertEquals("..one\r\ntwo\r\n", new String(article.body(), article.bodyFrom(),
                article.bodyTo() - article.bodyFrom(), StandardCharsets.US_ASCII));
    }

    @Test
    void theAccountIsNamedToOthersWithoutBreakingTheField() throws Exception {
        Poster named = new Poster("192.0.2.9", Optional.of("a\"b\\c"), Wildmat.ALL, Wildmat.ALL,
                Wildmat.NONE);
        Verdict verdict = injecting.judge(article(PROTO, ""), named, NOW);
        String head = new String(assertInstanceOf(Verdict.Accept.class, verdict).article().head(),
                StandardCharsets.UTF_8);
        assertTrue(head.contains("; posting-account=\"a_b_c\"\r\n"), head);
    }

    @Test
    void postsThatMayNotBeAreRefusedWithTheReason() throws Exception {
        assertTrue(notPosted("From: a@x\nSubject: s\n").contains("Newsgroups is missing"));
        assertTrue(notPosted(PROTO + "From: b@x\n").contains("From stands there more than once"));
        assertEquals("no such group here: no.such, nor.this", notPosted(
                PROTO.replace("a.open", "no.such,a.open,nor.this")));
        assertEquals("no such group here: a.none, a.neither",
                notPosted(PROTO.replace("a.open", "a.none,a.neither")));
        assertEquals(List.of("a.open"), assertInstanceOf(Verdict.Accept.class, injecting.judge(
                article(PROTO.replace("a.open", "a.none,a.open"), "x\r\n"), POSTER, NOW))
                .article().groups());
        assertEquals("no such group here: b.none", notPosted(
                PROTO.replace("a.open", "a.open,b.none")), "or b.hidden would be told to be there");
        assertEquals("posting to a.other is not allowed",
                notPosted(PROTO.replace("a.open", "a.open, a.other")));
        assertEquals("posting to a.closed is not allowed",
                notPosted(PROTO.replace("a.open", "a.closed")));
        assertEquals("no such group here: b.hidden",
                notPosted(PROTO.replace("a.open", "a.open,b.hidden")), "it is not told to be there");
        assertEquals("a.moderated is moderated, and the article is not Approved;"
                        + " mail it to mods@x.example",
                notPosted(PROTO.replace("a.open", "a.moderated")));
        posted(PROTO.replace("a.open", "a.moderated") + "Approved: mod@x.example\n");
        posted(PROTO.replace("a.open", "a.open,a.moderated") + "Approved: mod@x.example\n");
        assertEquals("you may not approve articles for any of its groups; leave out Approved",
                notPosted(PROTO + "Approved: mod@x.example\n"));
        assertTrue(notPosted(PROTO + "Injection-Info: x\n").contains("Injection-Info"));
        assertTrue(notPosted(PROTO + "Xref: x a.open:1\n").contains("Xref"));
        assertTrue(notPosted(PROTO + "Path: x!.POSTED!y\n").contains("posted already"));
        posted(PROTO + "Sender: nobody\n"); // So inews writes it on a machine without a name.
        assertTrue(notPosted(PROTO + "Message-ID: <no at>\n").contains("Message-ID"));
        assertTrue(notPosted(PROTO + "Date: yesterday\n").contains("Date"));
        assertTrue(notPosted(PROTO + "Date: Tue, 3 Mar 2026 09:00:00 +0000\n").contains("future"));
        assertTrue(notPosted(PROTO + "Date: Thu, 1 Jan 2026 09:00:00 +0000\n").contains("10 days"));
    }

    @Test
    void whoFeedsWithAnEmptyPathPostedItThere() throws Exception {
        NewArticle article = taken(RELAYED.replaceFirst("Path: .*", "Path: "));
        String path = new String(article.head(), StandardCharsets.UTF_8).lines().findFirst()
                .orElseThrow();
        assertTrue(path.startsWith("Path: us.example!") && path.endsWith("!not-for-mail"), path);
    }

    @Test
    void aRelayedArticleChangesInPathAndXrefOnly() throws Exception {
        NewArticle article = taken(RELAYED + "Xref: b.example a.open:77\nX-Odd:  kept \n");
        assertEquals(RELAYED.replace("Path: ", "Path: us.example!!") + "X-Odd:  kept \n",
                new String(article.head(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
        assertEquals(List.of("a.open"), article.groups());
        assertEquals("b.example", article.source());
    }

    @Test
    void aPeerThatIsNotFirstInPathIsNamedThere() throws Exception {
        NewArticle article = taken(RELAYED.replace("b.example!", "other.example!"));
        assertTrue(new String(article.head(), StandardCharsets.UTF_8).startsWith(
                "Path: us.example!.MISMATCH.b.example!other.example!.POSTED!not-for-mail\r\n"));
    }

    @Test
    void aRelayedArticleIsFiledInTheGroupsWeHave() throws Exception {
        assertEquals(List.of("a.open", "a.closed"), taken(
                RELAYED.replace("a.open", "no.such,a.open,a.closed")).groups());
    }

    @Test
    void articlesThatMayNotBeRelayedAreRefusedSomeForGoodAndSomeWhileGroupsStay() throws Exception {
        for (String name : List.of("Path", "From", "Newsgroups", "Subject", "Message-ID", "Date")) {
            Verdict.Refuse refuse = notTaken(RELAYED.replaceFirst("(?m)^" + name + ": .*\n", ""));
            assertEquals("the header field " + name + " is missing", refuse.why());
            assertEquals(Verdict.Standing.ONCE, refuse.standing());
        }
        assertEquals(Verdict.Standing.ONCE,
                notTaken(RELAYED.replace("<1@", "<2@")).standing());
        assertTrue(notTaken(RELAYED.replace("b.example!", "b.example!US.example!")).why()
                .contains("has been here"));
        assertEquals(Verdict.Standing.FOR_GOOD,
                notTaken(RELAYED.replace("1 Mar", "1 Feb")).standing());
        assertEquals(Verdict.Standing.ONCE,
                notTaken(RELAYED.replace("1 Mar", "3 Mar")).standing());
        assertEquals(Verdict.Standing.BY_GROUPS,
                notTaken(RELAYED.replace("a.open", "no.such")).standing());
        assertEquals(Verdict.Standing.BY_GROUPS,
                notTaken(RELAYED.replace("a.open", "a.moderated")).standing());
        taken(RELAYED.replace("a.open", "a.moderated") + "Approved: mod@x.example\n");
    }

    @Test
    void theDateOfInjectionCountsWhereThereIsOne() throws Exception {
        taken(RELAYED.replace("1 Mar", "1 Jan")
                + "Injection-Date: Sun, 1 Mar 2026 11:00:00 +0000\n");
    }

    @Test
    void whatThePeerMayNotSendIsRefused() throws Exception {
        PeerConfig peer = SENDER.peer();
        PeerConfig strict = new PeerConfig(peer.name(), peer.identity(), peer.address(),
                peer.from(), peer.user(), peer.certificates(), Wildmat.parse("a.*,@a.other"),
                1000, peer.feed(), peer.link());
        Verdict verdict = relaying.judge(article(RELAYED.replace("a.open", "a.open,a.other"), ""),
                ID, new Sender(strict, "192.0.2.1", Wildmat.ALL, 0), NOW);
        assertEquals("none of its groups is taken from b.example",
                assertInstanceOf(Verdict.Refuse.class, verdict).why());
    }

    @Test
    void whomOnlyARuleLetsFeedWritesIntoTheGroupsOfTheRuleAlone() throws Exception {
        PeerConfig peer = SENDER.peer();
        Sender sender = new Sender(new PeerConfig(peer.name(), peer.identity(), peer.address(),
                peer.from(), peer.user(), peer.certificates(), Wildmat.parse("a.open,no.*"), 1000,
                peer.feed(), peer.link()), "192.0.2.1",
                Wildmat.parse("a.open,no.*"), 0);
        assertEquals(List.of("a.open"), assertInstanceOf(Verdict.Accept.class, relaying.judge(
                article(RELAYED.replace("a.open", "a.other,a.open"), ""), ID, sender, NOW))
                .article().groups());
        Verdict.Refuse refuse = assertInstanceOf(Verdict.Refuse.class, relaying.judge(
                article(RELAYED.replace("a.open", "a.other,no.such"), ""), ID, sender, NOW));
        assertEquals("none of its groups that exist here is taken from b.example", refuse.why());
        assertEquals(Verdict.Standing.BY_SOURCE, refuse.standing(), "others may send it");
    }

    @Test
    void onlyUsersWhoLoggedInGetLocksAndKeysAndTheirsFit() throws Exception {
        assertFalse(posted(PROTO).contains("Cancel-"));
        Poster ann = new Poster("192.0.2.9", Optional.of("ann"), Wildmat.ALL, Wildmat.ALL,
                Wildmat.NONE);
        String first = postedBy(ann, PROTO + "Message-ID: <1@x.example>\n");
        String cancel = postedBy(ann, PROTO + "Control: cancel <1@x.example>\nCancel-Key: md5:x\n");
        List<CancelLock> locks = CancelLock.parse(field(first, "Cancel-Lock"));
        List<CancelLock> keys = CancelLock.parse(field(cancel, "Cancel-Key"));
        assertEquals(2, keys.size());
        assertTrue(CancelLock.opens(keys, locks));
        Poster eve = new Poster("192.0.2.9", Optional.of("eve"), Wildmat.ALL, Wildmat.ALL,
                Wildmat.NONE);
        assertFalse(CancelLock.opens(CancelLock.parse(field(postedBy(eve, PROTO
                + "Supersedes: <1@x.example>\n"), "Cancel-Key")), locks));
        assertTrue(postedBy(ann, PROTO + "Cancel-Lock: sha1:own\n")
                .contains("\nCancel-Lock: sha1:own sha256:"));
    }

    @Test
    void locksAreTheHashesOfTheirKeys() {
        // printf sha256key | openssl dgst -sha256 -binary | base64
        CancelLock key = new CancelLock("sha256", "sha256key");
        assertEquals("sha256:TtEgR2BKxUtSVHfapIPjOTiKu5a+Ud7IUXnrfMztQ9o=",
                key.lock().orElseThrow().toString());
        assertEquals(Optional.empty(), new CancelLock("md5", "x").lock());
        assertEquals(List.of(new CancelLock("sha1", "a"), new CancelLock("x", "b:c")),
                CancelLock.parse(" SHA1:a  none x:b:c : y:"));
    }

    @Test
    void whatWasInjectedTooLongAgoIsNotPosted() throws Exception {
        Verdict verdict = injecting.judge(article("From: a@b.example\nNewsgroups: a.open\n"
                + "Subject: x\nInjection-Date: Thu, 1 Jan 2026 10:00:00 +0000\n", "x\r\n"),
                POSTER, NOW);
        assertEquals("the Injection-Date is more than 10 days ago",
                assertInstanceOf(Verdict.Refuse.class, verdict).why());
    }

    @Test
    void controlMessagesAreFiledApartWhereThereIsAGroupForThem() throws Exception {
        Map<String, Newsgroup> all = new HashMap<>(GROUPS);
        all.put("control.cancel", group("control.cancel", 'n'));
        RelayingAgent agent = new RelayingAgent("us.example", Duration.ofDays(10),
                name -> Optional.ofNullable(all.get(name)));
        WireArticle cancel = article(RELAYED + "Control: cancel <2@x.example>\n", "x\r\n");
        assertEquals(List.of("control.cancel"), assertInstanceOf(Verdict.Accept.class,
                agent.judge(cancel, ID, SENDER, NOW)).article().groups());
        assertEquals(List.of(), taken(RELAYED + "Control: newgroup a.new\n").groups(),
                "where there is none it has no number anywhere");
    }

    private String postedBy(Poster poster, String head) throws Exception {
        Verdict verdict = injecting.judge(article(head, "x\r\n"), poster, NOW);
        return new String(assertInstanceOf(Verdict.Accept.class, verdict).article().head(),
                StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static String field(String head, String name) {
        return head.lines().filter(line -> line.startsWith(name + ": ")).findFirst().orElseThrow()
                .substring(name.length() + 2);
    }
}
