package net.spillway.relay.peering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.OwnCertificate;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.feed.reconcile.ReconcileReport;
import net.spillway.protocol.MessageId;
import net.spillway.relay.access.SelfSigned;
import net.spillway.spool.MemorySpool;
import net.spillway.spool.Spool;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor finds, of a peer whose part is a script. */
class DoctorTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration TEN_YEARS = Duration.ofDays(3650);

    private static final String NOT_NOW = "not now";

    @TempDir
    Path data;
    private Duration skew = Duration.ZERO;
    private List<String> active = List.of("ours.one", "ours.two");
    private List<FeedStatus> feeds = List.of();
    private Optional<ReconcileReport> report = Optional.empty();
    private int stillLacking;
    private String send = "*";
    /** What the peer takes from us; empty: it does not tell. */
    private String takes = "";
    private String trouble = "";
    private Optional<LostArticles.Example> lost = Optional.empty();
    private Optional<Instant> theirCertificate = Optional.empty();

    /** What a peer with that clock and these groups says. */
    private List<String> answer(String line) {
        return switch (line) {
            case "DATE" -> List.of("111 " + DateTimeFormatter.ofPattern(
                    "yyyyMMddHHmmss").withZone(ZoneOffset.UTC).format(NOW.plus(skew)));
            case "LIST ACTIVE" -> ScriptedPeer.listing(active);
            case "CAPABILITIES" -> takes.isEmpty() ? List.of("500 what?")
                    : List.of("101 follows", "VERSION 2", "XRECON", ".");
            case "XRECON CLOSE" -> List.of("290 closed");
            case "." -> takes.equals(NOT_NOW) ? List.of("490 too many comparisons at once")
                    : List.of("291 1 2 3 is compared", takes, ".");
            case "*", "XRECON OPEN 99999999998 99999999999" -> List.of();
            default -> List.of("205 bye");
        };
    }

    private PeerTalk call(PeerConfig peer) throws IOException {
        return ScriptedPeer.talk("200 hello", this::answer, theirCertificate, Optional.empty());
    }

    private List<Map<String, Object>> examine(Optional<TlsConfig> tls) throws Exception {
        RelayConfig embedded = ConfigLoader.embedded(data, HostPort.of("127.0.0.1", 0));
        RelayConfig config = embedded.with(List.of(sendingTo("bee", send)), List.of());
        try (MemorySpool spool = new MemorySpool(config.spool(), config.identity(), CLOCK)) {
            spool.createGroup("ours.one", 'y', "");
            spool.createGroup("ours.two", 'y', "");
            return new Doctor(tls.map(config::with).orElse(config), withClass(spool), feeds,
                    peer -> report, peer -> stillLacking, () -> lost, this::call, CLOCK)
                    .examine();
        }
    }

    private Spool withClass(Spool spool) {
        SpoolStats s = spool.stats();
        SpoolStats stats = new SpoolStats(s.articles(), s.groups(), s.segments(), s.bytes(),
                s.committed(), s.historyEntries(), s.backlogBytes(), s.indexLag(), s.damage(),
                s.missing(), s.trouble(), List.of(new StorageStats("big", data.toString(), 1, 2, 3,
                        Optional.empty(), trouble)));
        return (Spool) Proxy.newProxyInstance(Spool.class.getClassLoader(),
                new Class<?>[] {Spool.class}, (proxy, method, arguments) ->
                        method.getName().equals("stats") ? stats
                                : method.invoke(spool, arguments));
    }

    private static PeerConfig sendingTo(String name, String send) {
        PeerConfig all = PeerConfig.sendingTo(name, HostPort.of("127.0.0.1", 1));
        return new PeerConfig(name, all.identity(), all.address(), all.from(), all.user(),
                all.certificates(), all.accept(), all.maxArticle(), FeedConfig.ALL
                        .narrowedTo(Wildmat.parse(send)), all.link());
    }

    private String findings() throws Exception {
        return what(examine(Optional.empty()));
    }

    private static String what(List<Map<String, Object>> findings) {
        return findings.stream().map(f -> f.get("about") + ": " + f.get("what"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aPeerThatIsWellIsSaidToBe() throws Exception {
        skew = Duration.ofSeconds(20);
        List<Map<String, Object>> findings = examine(Optional.empty());
        assertEquals("bee: nothing is wrong", what(findings));
        assertEquals(true, findings.getFirst().get("well"));
    }

    @Test
    void articlesThatWereDamagedAndHaveNotComeBackAreSeen() throws Exception {
        lost = Optional.of(new LostArticles.Example(2, MessageId.of("<1@x.example>"),
                "bee could not be reached (refused); cee says: it is not here"));
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("spool", finding.get("about"));
        assertEquals(false, finding.get("well"));
        assertEquals("2 articles were damaged here and have not come back, such as <1@x.example>:"
                + " bee could not be reached (refused); cee says: it is not here",
                finding.get("what"));
        lost = Optional.of(new LostArticles.Example(1, MessageId.of("<1@x.example>"),
                "cee says: it is not here"));
        assertEquals("1 article was damaged here and has not come back, <1@x.example>:"
                + " cee says: it is not here", examine(Optional.empty()).getFirst().get("what"));
    }

    @Test
    void aStorageClassThatTakesNothingIsSeen() throws Exception {
        trouble = "no space left in /disk2";
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("storage class big", finding.get("about"));
        assertEquals("no space left in /disk2", finding.get("what"));
        assertEquals(false, finding.get("well"));
    }

    @Test
    void aClockThatIsWrongIsSeen() throws Exception {
        skew = Duration.ofMinutes(5);
        assertEquals("bee: its clock is 300 s ahead of ours", findings());
        skew = Duration.ofSeconds(-31);
        assertEquals("bee: its clock is 31 s behind ours", findings());
    }

    @Test
    void groupsThatOnlyOneSideCarriesAreSeen() throws Exception {
        active = List.of("ours.one", "theirs.x");
        assertEquals("bee: it carries no ours.two, or does not let us see that\n"
                + "bee: it carries theirs.x, and we do not", findings());
        assertTrue(examine(Optional.empty()).stream().allMatch(f -> (boolean) f.get("well")
                && (boolean) f.get("note")), "nobody asked for them by more than *");
        send = "*,ours.*";
        assertEquals(List.of(false, true), examine(Optional.empty()).stream()
                .map(f -> f.get("well")).toList(), "ours are asked for");
    }

    @Test
    void groupsThatThePeerDoesNotTakeNeedNotBeThere() throws Exception {
        active = List.of("ours.one");
        takes = "*,!ours.two";
        assertEquals("bee: nothing is wrong", findings());
        takes = "ours.*";
        assertEquals("bee: it carries no ours.two, or does not let us see that", findings());
        takes = NOT_NOW;
        send = "*,ours.*";
        assertEquals("bee: it carries no ours.two, and does not say just now whether it takes that"
                + " from us", findings());
        assertEquals(true, examine(Optional.empty()).getFirst().get("well"));
    }

    @Test
    void aPeerThatIsSentNoGroupThereIsIsNotWell() throws Exception {
        send = "exampel.*";
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("no group that is carried here goes to it; its send is *; exampel.*",
                finding.get("what"));
        assertEquals(false, finding.get("well"));
        send = "exampel.*,ours.one";
        assertEquals("bee: nothing is wrong", findings());
    }

    private String aboutCertificateMade(Duration ago) throws Exception {
        TlsConfig files = OwnCertificate.files(data);
        Files.createDirectories(files.key().getParent());
        Files.writeString(files.certificate(),
                SelfSigned.make("relay.example", NOW.minus(ago)).certificate());
        return what(examine(Optional.of(files)));
    }

    @Test
    void aCertificateThatIsAboutToExpireIsSeen() throws Exception {
        assertEquals("bee: nothing is wrong", aboutCertificateMade(Duration.ZERO));
        assertEquals("bee: nothing is wrong",
                aboutCertificateMade(TEN_YEARS.minus(Duration.ofDays(22))));
        String soon = aboutCertificateMade(TEN_YEARS.minus(Duration.ofDays(20)));
        assertTrue(soon.contains("certificate.pem) expires on 2026-03-21T12:00:00Z"), soon);
        String late = aboutCertificateMade(TEN_YEARS.plus(Duration.ofDays(1)));
        assertTrue(late.contains("has expired, on 2026-02-28T12:00:00Z"), late);
        assertFalse(SelfSigned.make("relay.example", NOW).toString().contains("KEY"));
    }

    @Test
    void aCertificateOfThePeerThatIsAboutToExpireIsSeen() throws Exception {
        theirCertificate = Optional.of(NOW.plus(Duration.ofDays(22)));
        assertEquals("bee: nothing is wrong", findings());
        theirCertificate = Optional.of(NOW.plus(Duration.ofDays(20)));
        assertEquals("bee: its certificate expires on 2026-03-21T12:00:00Z", findings());
    }

    private static FeedStatus feed(FeedState state, int again, Optional<Instant> down) {
        return new FeedStatus("bee", "nntp://b.example", state, 1, 0, 0, 0, 0, 0, 0, 0, 0, again,
                0, Optional.of("reset"), Optional.of(NOW), Optional.empty(), down);
    }

    private static FeedStatus putOff(int waiting) {
        return new FeedStatus("bee", "nntp://b.example", FeedState.STREAMING, 1, 0, 0, 0, 0, 0, 0,
                0, waiting, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    @Test
    void aFeedThatIsDownIsSaidToBeSinceWhen() throws Exception {
        Instant since = NOW.minusSeconds(300);
        feeds = List.of(feed(FeedState.BACKING_OFF, 0, Optional.of(since)));
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("no connection (backing off): reset", finding.get("what"));
        assertEquals(since, finding.get("since"));
    }

    @Test
    void whatAPeerLackedIsWellAgainOnceItHasBeenOffered() throws Exception {
        report = Optional.of(new ReconcileReport("bee", NOW, NOW, NOW, 100, 7, 0, 0, 1, 1,
                Optional.empty()));
        feeds = List.of(feed(FeedState.STREAMING, 7, Optional.empty()));
        assertEquals(false, examine(Optional.empty()).getFirst().get("well"));
        feeds = List.of(putOff(7));
        assertTrue(examine(Optional.empty()).stream().noneMatch(f -> (boolean) f.get("well")));
        feeds = List.of(feed(FeedState.STREAMING, 0, Optional.empty()));
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("it lacked 7 articles", finding.get("what"));
        assertEquals(true, finding.get("well"));
    }

    @Test
    void oneArticleIsOne() throws Exception {
        report = Optional.of(new ReconcileReport("bee", NOW, NOW, NOW, 100, 1, 1, 0, 1, 1,
                Optional.empty()));
        stillLacking = 1;
        feeds = List.of(putOff(1));
        assertEquals("bee: 0 articles have yet to be offered, 1 was put off by the peer\n"
                + "bee: it lacked 1 article\nbee: it has 1 article that we lack", findings());
    }

    @Test
    void whatWeLackedIsWellAgainOnceItHasComeWithoutAnotherComparison() throws Exception {
        report = Optional.of(new ReconcileReport("bee", NOW, NOW, NOW, 100, 0, 7, 0, 1, 1,
                Optional.empty()));
        stillLacking = 2;
        Map<String, Object> finding = examine(Optional.empty()).getFirst();
        assertEquals("it has 2 articles that we lack", finding.get("what"));
        assertEquals(false, finding.get("well"));
        stillLacking = 0;
        finding = examine(Optional.empty()).getFirst();
        assertEquals("it had 7 articles that we lacked", finding.get("what"));
        assertEquals(true, finding.get("well"));
    }
}
