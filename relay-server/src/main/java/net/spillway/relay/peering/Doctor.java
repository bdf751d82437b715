package net.spillway.relay.peering;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.spillway.conf.JoinedPeers;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.feed.reconcile.ReconcileReport;
import net.spillway.feed.reconcile.Taken;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.spool.Newsgroup;
import net.spillway.spool.Spool;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;

/** Examines the relay and asks its peers; gives findings, the relay's own first. */
final class Doctor {
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration EXPIRES_SOON = Duration.ofDays(21);
    private static final int LARGE_LAG = 1000;
    private static final int SHOWN = 5;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private final RelayConfig config;
    private final Spool spool;
    private final List<FeedStatus> feeds;
    private final Function<String, Optional<ReconcileReport>> reports;
    private final ToIntFunction<String> stillLacking;
    private final Supplier<Optional<LostArticles.Example>> lost;
    private final Joining.Caller caller;
    private final Clock clock;
    private final List<Map<String, Object>> findings = new ArrayList<>();

    /**
     * @param reports of the last comparison with each peer
     * @param stillLacking how much of what that found lacking here has not come since
     * @param lost an article that was damaged and has not come back
     */
    Doctor(RelayConfig config, Spool spool, List<FeedStatus> feeds,
            Function<String, Optional<ReconcileReport>> reports,
            ToIntFunction<String> stillLacking, Supplier<Optional<LostArticles.Example>> lost,
            Joining.Caller caller, Clock clock) {
        this.config = config;
        this.spool = spool;
        this.feeds = feeds;
        this.reports = reports;
        this.stillLacking = stillLacking;
        this.lost = lost;
        this.caller = caller;
        this.clock = clock;
    }

    List<Map<String, Object>> examine() {
        spool();
        config.tls().ifPresent(this::certificate);
        config.peers().forEach(this::peer);
        return findings;
    }

    /** @param doing what the relay does about it by itself, or what somebody has to do */
    private void found(String about, boolean well, Optional<Instant> since, String what,
            String doing) {
        Map<String, Object> finding = new LinkedHashMap<>();
        finding.put("about", about);
        finding.put("well", well);
        finding.put("since", since.orElse(null));
        finding.put("what", what);
        finding.put("doing", doing);
        findings.add(finding);
    }

    private static boolean isConnected(FeedStatus feed) {
        return feed.state() == FeedState.STREAMING || feed.state() == FeedState.IHAVE;
    }

    /** What may be meant so: it is told, and is well. */
    private void note(String about, String what, String doing) {
        found(about, true, Optional.empty(), what, doing);
        findings.getLast().put("note", true);
    }

    private void wrong(String about, String what, String doing) {
        found(about, false, Optional.empty(), what, doing);
    }

    private void spool() {
        SpoolStats stats = spool.stats();
        if (!stats.trouble().isEmpty()) {
            wrong("spool", stats.trouble(), "it is tried again every few seconds");
        }
        for (StorageStats storage : stats.storage()) {
            if (!storage.trouble().isEmpty()) {
                wrong("storage class " + storage.name(), storage.trouble(),
                        "its articles are asked for again later, or go to the next class");
            }
        }
        for (String damage : stats.damage()) {
            wrong("spool", damage, "peers are asked for what was lost");
        }
        lost.get().ifPresent(this::missing);
    }

    private void missing(LostArticles.Example one) {
        boolean only = one.all() == 1;
        found("spool", false, spool.lostSince(one.id()), articles(one.all())
                + (only ? " was damaged here and has" : " were damaged here and have")
                + " not come back" + (only ? ", " : ", such as ") + one.id() + ": "
                + one.answers(), "peers are asked when they connect, and every hour at least");
    }

    private void certificate(TlsConfig tls) {
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            X509Certificate own = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificates(in).iterator().next();
            Instant end = own.getNotAfter().toInstant();
            if (isSoon(end)) {
                wrong("certificate", "ours (" + tls.certificate() + ") "
                        + (end.isBefore(clock.instant()) ? "has expired, on " : "expires on ")
                        + end, "put a new one in its place and reload; peers that know it by its"
                        + " fingerprint have to be told the new one");
            }
        } catch (IOException | GeneralSecurityException e) {
            wrong("certificate", "ours cannot be read: " + e.getMessage(), "correct [tls]");
        }
    }

    private boolean isSoon(Instant end) {
        return end.isBefore(clock.instant().plus(EXPIRES_SOON));
    }

    private void peer(PeerConfig peer) {
        int before = findings.size();
        if (JoinedPeers.isPaused(config, peer.name())) {
            wrong(peer.name(), "it is paused", "'spillway peer resume " + peer.name() + "'");
        }
        Optional<FeedStatus> feed =
                feeds.stream().filter(f -> f.peer().equals(peer.name())).findFirst();
        feed.ifPresent(f -> feed(peer, f));
        if (peer.address().isPresent()) {
            goesThere(peer);
        }
        boolean offersOpen = feed.map(f -> !isConnected(f) || f.again() > 0 || f.waiting() > 0)
                .orElse(true);
        reports.apply(peer.name()).ifPresent(report -> comparison(report, offersOpen));
        // What keeps the feed from connecting has been said; it would be the same again.
        if (peer.address().isPresent() && feed.map(Doctor::isConnected).orElse(true)) {
            ask(peer);
        }
        if (findings.size() == before) {
            found(peer.name(), true, Optional.empty(), "nothing is wrong", "");
        }
    }

    private void feed(PeerConfig peer, FeedStatus feed) {
        long late = late(peer, feed);
        if (!isConnected(feed)) {
            found(feed.peer(), false, feed.disconnectedSince(), "no connection ("
                    + feed.state().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")"
                    + feed.lastError().map(e -> ": " + e).orElse(""), "it is tried again and again;"
                    + " 'spillway peer test " + feed.peer() + "' says what fails. "
                    + articles(feed.lag()) + (feed.lag() == 1 ? " waits" : " wait"));
        } else if (late > LARGE_LAG || feed.waiting() > 0) {
            wrong(feed.peer(), articles(late) + (late == 1 ? " has" : " have")
                    + " yet to be offered, "
                    + feed.waiting() + (feed.waiting() == 1 ? " was" : " were")
                    + " put off by the peer", "they go on being offered");
        }
    }

    private static String articles(long count) {
        return count + (count == 1 ? " article" : " articles");
    }

    /** How many articles should have been offered by now: with a delay the newest should not. */
    private long late(PeerConfig peer, FeedStatus feed) {
        if (peer.feed().delay().isZero()) {
            return feed.lag();
        }
        try {
            return Math.max(0, spool.sequenceBefore(clock.instant().minus(peer.feed().delay()))
                    - feed.cursor());
        } catch (IOException e) {
            return feed.lag();
        }
    }

    /** @param offersOpen whether what was found lacking may not have been offered yet */
    private void comparison(ReconcileReport report, boolean offersOpen) {
        if (report.problem().isPresent()) {
            found(report.peer(), false, Optional.of(report.at()), "comparing failed: "
                    + report.problem().get(), "it is tried again in a few minutes");
        }
        if (report.lackingThere() > 0) {
            found(report.peer(), !offersOpen, Optional.of(report.at()), "it lacked "
                    + articles(report.lackingThere()), offersOpen ? "they are on its feed"
                    : "they have been offered to it");
        }
        if (report.lackingHere() > 0) {
            int left = stillLacking.applyAsInt(report.peer());
            found(report.peer(), left == 0, Optional.of(report.at()), left == 0
                    ? "it had " + articles(report.lackingHere()) + " that we lacked"
                    : "it has " + articles(left) + " that we lack", left == 0
                    ? "they have come since"
                    : "it offers them when it compares with us, if it feeds us");
        }
    }

    private void ask(PeerConfig peer) {
        try (PeerTalk talk = caller.call(peer)) {
            Optional<Instant> end = talk.certificateEnds();
            if (end.isPresent() && isSoon(end.get())) {
                wrong(peer.name(), "its certificate expires on " + end.get(), "its admin has to put"
                        + " a new one in its place; if it is known here by its fingerprint, change"
                        + " that too");
            }
            clock(peer, talk.ask("DATE"));
            Reply active = talk.ask("LIST ACTIVE");
            if (active.code() == ReplyCode.LIST) {
                Set<String> theirs = talk.block().stream().map(line -> line.split(" ")[0])
                        .collect(Collectors.toSet());
                groups(peer, theirs, Taken.by(talk));
            }
        } catch (IOException e) {
            wrong(peer.name(), String.valueOf(e.getMessage()), "'spillway peer test "
                    + peer.name() + "' says where it fails");
        }
    }

    private void clock(PeerConfig peer, Reply date) {
        try {
            Instant theirs = LocalDateTime.parse(date.text().strip(), DATE)
                    .toInstant(ZoneOffset.UTC);
            Duration skew = Duration.between(clock.instant(), theirs);
            if (skew.abs().compareTo(SKEW) > 0) {
                wrong(peer.name(), "its clock is " + skew.abs().toSeconds() + " s "
                        + (skew.isNegative() ? "behind ours" : "ahead of ours"),
                        "set both by NTP: articles dated far in the future are refused");
            }
        } catch (DateTimeParseException e) {
            // Some servers do not tell the time; that is no illness.
        }
    }

    private void goesThere(PeerConfig peer) {
        Wildmat send = peer.feed().send();
        if (!send.equals(Wildmat.NONE) && !spool.groups().isEmpty()
                && spool.groups().stream().noneMatch(group -> send.matches(group.name()))) {
            wrong(peer.name(), "no group that is carried here goes to it; its send is " + send,
                    "correct send, or have it ask for other groups by 'spillway peer subscribe'"
                            + " there");
        }
    }

    /**
     * Groups that only one side carries. Where the admin asked for them that is wrong; where they
     * are among all groups only because nothing else was said it is worth knowing.
     */
    private void groups(PeerConfig peer, Set<String> theirs, Taken taken) {
        Set<String> ours = spool.groups().stream().map(Newsgroup::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> notThere = difference(ours, theirs, peer.feed().send());
        if (taken.tells() && taken.groups().isEmpty()) {
            if (!notThere.isEmpty()) {
                note(peer.name(), "it carries no " + shown(notThere) + ", and does not say just"
                        + " now whether it takes that from us", "ask again in a few minutes");
            }
        } else {
            notThere.removeIf(name -> !taken.groups().orElse(Wildmat.ALL).matches(name));
            tell(peer, notThere, peer.feed().send(), names -> "it carries no " + names
                    + ", or does not let us see that", "have them added there, or narrow send");
        }
        tell(peer, difference(theirs, ours, peer.accept()), peer.accept(), names -> "it carries "
                + names + ", and we do not", "'spillway group add', or narrow accept");
    }

    private void tell(PeerConfig peer, Set<String> groups, Wildmat among,
            UnaryOperator<String> what, String doing) {
        Set<String> asked = new TreeSet<>(groups);
        asked.removeIf(name -> !among.asksFor(name));
        Set<String> others = new TreeSet<>(groups);
        others.removeAll(asked);
        if (!asked.isEmpty()) {
            wrong(peer.name(), what.apply(shown(asked)), doing);
        }
        if (!others.isEmpty()) {
            note(peer.name(), what.apply(shown(others)), doing);
        }
    }

    private static Set<String> difference(Collection<String> of, Set<String> without,
            Wildmat among) {
        return of.stream().filter(name -> !without.contains(name) && among.matches(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String shown(Set<String> groups) {
        String some = groups.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return groups.size() <= SHOWN ? some
                : some + " and " + (groups.size() - SHOWN) + (groups.size() == SHOWN + 1
                        ? " group more" : " groups more");
    }
}
