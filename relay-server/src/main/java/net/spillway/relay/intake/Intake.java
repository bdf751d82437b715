package net.spillway.relay.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.conf.ListsConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.ArticleLimits;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.WireArticle;
import net.spillway.relay.trace.Check;
import net.spillway.relay.trace.Decision;
import net.spillway.relay.trace.Decisions;
import net.spillway.relay.trace.Origin;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import net.spillway.spool.segment.IdHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of an article from a client or a peer into the spool. The outcome is known once the
 * article is on the disk or it is certain that it never will be. Safe for use by many threads.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int MAX_WANTED = 10_000;
    private static final Duration TROUBLE_FOR = Duration.ofSeconds(1);

    private final Spool spool;
    private final Clock clock;
    private volatile ArticleLimits limits;
    private volatile ListsConfig lists;
    /** What of the configuration decides which articles are taken from whom. */
    private volatile List<Object> choosing = List.of();
    private final AtomicLong choices = new AtomicLong();
    private final InjectingAgent injecting;
    private final RelayingAgent relaying;
    private final Withdrawals withdrawals;
    /** What was here and is lost; few as a rule, and beyond that the oldest are given up. */
    private final Set<MessageId> wanted = new LinkedHashSet<>();
    /** Every article comes by here, so that is looked at first. */
    private volatile boolean anyWanted;
    private final Unwanted unwanted;
    private final Decisions decisions;
    /** Until when offers are put off without asking the disk again, in milliseconds. */
    private volatile long troubleUntil;

    /**
     * Takes articles for this relay into this spool.
     *
     * @param worker may wait for the disk; what it runs is not waited for
     * @param secret makes the keys with which users can take back what they post
     * @param decisions is told what became of each article
     */
    public Intake(RelayConfig config, Spool spool, Clock clock, CancelSecret secret,
            Executor worker, Decisions decisions) {
        this.decisions = decisions;
        this.spool = spool;
        this.clock = clock;
        this.unwanted = new Unwanted(this::changes);
        follow(config);
        Duration cutoff = config.spool().cutoff();
        this.injecting = new InjectingAgent(config.identity(), cutoff, spool::group,
                group -> lists.moderatorOf(group), secret);
        this.relaying = new RelayingAgent(config.identity(), cutoff, spool::group);
        this.withdrawals = new Withdrawals(spool, worker, decisions,
                new EarlyCancels(config.data().resolve("cancels.early")));
    }

    /** What became of the articles so far. */
    public Decisions decisions() {
        return decisions;
    }

    /**
     * The limits and moderators of this configuration hold from now on. To be called when its
     * peers do: what was refused by the old ones is forgotten.
     */
    public void follow(RelayConfig now) {
        limits = ArticleLimits.DEFAULT.withLineOctets(now.limits().maxLine());
        lists = now.lists();
        List<Object> chosen = new ArrayList<>(now.access());
        chosen.add(now.limits().maxArticle());
        now.peers().forEach(p -> chosen.addAll(List.of(p.name(), p.accept(), p.maxArticle())));
        if (!chosen.equals(choosing)) {
            choosing = List.copyOf(chosen);
            choices.incrementAndGet();
        }
    }

    /** How often it has changed what is taken from peers: asked before what that is. */
    public long choices() {
        return choices.get();
    }

    /** How often groups have changed, or what is taken from peers. */
    private long changes() {
        return changes(choices());
    }

    /** The same if that was the last choice: no other two come to as much, as neither shrinks. */
    private long changes(long choice) {
        return spool.groupChanges() + choice;
    }

    /** Injects what somebody posts. */
    public CompletionStage<Outcome> post(BlockDecoder.Complete article, Poster poster) {
        var sent = new Sent(Optional.empty(), origin(poster), article.length());
        long changes = changes();
        try {
            return carryOut(injecting.judge(
                    WireArticle.of(article, limits), poster, clock.instant()), sent, changes);
        } catch (MalformedArticle e) {
            return refused(sent, Check.FORMAT, e.getMessage());
        }
    }

    /** Takes what a peer sends under that message-ID. */
    public CompletionStage<Outcome> relay(MessageId offered, BlockDecoder.Complete article,
            Sender sender) {
        var sent = new Sent(Optional.of(offered), sender.origin(), article.length());
        long changes = changes(sender.choices());
        try {
            return carryOut(relaying.judge(WireArticle.of(article, limits), offered, sender,
                    clock.instant(), isWanted(offered)), sent, changes);
        } catch (MalformedArticle e) {
            return refused(sent, Check.FORMAT, e.getMessage());
        }
    }

    /** An article that was here is lost: from now on it is taken again, whoever sends it. */
    public void want(MessageId id) {
        synchronized (wanted) {
            wanted.add(id);
            anyWanted = true;
            if (wanted.size() > MAX_WANTED) {
                wanted.remove(wanted.iterator().next());
            }
        }
    }

    private boolean isWanted(MessageId id) {
        if (!anyWanted) {
            return false;
        }
        synchronized (wanted) {
            return wanted.contains(id);
        }
    }

    private void found(MessageId id) {
        if (anyWanted) {
            synchronized (wanted) {
                wanted.remove(id);
                anyWanted = !wanted.isEmpty();
            }
        }
    }

    /** What somebody posts was too large to be looked at. */
    public void tooLarge(Poster poster, String why) {
        refused(new Sent(Optional.empty(), origin(poster), 0), Check.SIZE, why);
    }

    /** What a peer sends was too large to be looked at. */
    public void tooLarge(MessageId offered, Sender sender, String why) {
        unwanted.add(IdHash.of(offered), sender.peer().name(),
                changes(sender.choices()));
        refused(new Sent(Optional.of(offered), sender.origin(), 0), Check.SIZE, why);
    }

    private static Origin origin(Poster poster) {
        return new Origin("", poster.host(), poster.account());
    }

    /**
     * Whether the disk was full a moment ago: then articles had better be put off than sent. It
     * is found out again by whoever sends one after that moment.
     */
    public boolean isInTrouble() {
        return clock.millis() < troubleUntil;
    }

    /** What was sent, as far as decisions about it tell. */
    private record Sent(Optional<MessageId> id, Origin origin, long octets) {
        /** The same, now that its message-ID is known. */
        Sent as(MessageId known) {
            return id.isPresent() ? this : new Sent(Optional.of(known), origin, octets);
        }
    }

    /** @param changes how often something had changed before that verdict */
    private CompletionStage<Outcome> carryOut(Verdict verdict, Sent sent, long changes) {
        return switch (verdict) {
            case Verdict.Accept accept ->
                    store(accept.article(), sent.as(accept.article().id()));
            case Verdict.Refuse refuse -> {
                sent.id().ifPresent(id -> refused(id, sent.origin(), refuse.standing(), changes));
                yield refused(sent, refuse.check(), refuse.why());
            }
        };
    }

    private void refused(MessageId id, Origin from, Verdict.Standing standing, long changes) {
        switch (standing) {
            case ONCE -> { }
            case BY_SOURCE -> unwanted.add(IdHash.of(id), from.peer(), changes);
            case BY_GROUPS -> unwanted.add(IdHash.of(id), changes);
            case FOR_GOOD -> spool.remember(id);
        }
    }

    /** Whether an article was refused a while ago, and would be again if that peer sent it. */
    public boolean isUnwanted(String peer, IdHash id) {
        return unwanted.contains(id, peer);
    }

    private CompletionStage<Outcome> refused(Sent sent, Check check, String why) {
        decided(sent, Decision.Kind.REFUSED, Optional.of(check), why, List.of());
        return CompletableFuture.completedStage(new Outcome.Refused(check, why));
    }

    private void decided(Sent sent, Decision.Kind kind, Optional<Check> failed, String why,
            List<String> groups) {
        decisions.decided(new Decision(clock.instant(), sent.id(), kind, sent.origin(), failed,
                why, groups, sent.octets()));
    }

    private CompletionStage<Outcome> store(NewArticle article, Sent sent) {
        return spool.store(article).thenApply(stored -> switch (stored) {
            case StoreOutcome.Stored s -> {
                decided(sent, Decision.Kind.STORED, Optional.empty(), "", article.groups());
                withdrawals.stored(article);
                found(article.id());
                yield new Outcome.Stored(article.id());
            }
            case StoreOutcome.Duplicate d -> {
                decided(sent, Decision.Kind.DUPLICATE, Optional.of(Check.HISTORY),
                        "it is here, or was", List.of());
                yield new Outcome.Duplicate(article.id());
            }
            case StoreOutcome.NoSpace n -> later(sent, n.why(), n.general());
            case StoreOutcome.Failed f -> later(sent, f.why(), f.general());
        }).exceptionally(e -> {
            LOG.error("{} from {} could not be stored", article.id(), sent.origin().host(), e);
            return later(sent, "something failed here", true);
        });
    }

    /** @param general whether others would fare no better, so that they need not be asked for */
    private Outcome later(Sent sent, String why, boolean general) {
        decided(sent, Decision.Kind.DEFERRED, Optional.of(Check.DISK), why, List.of());
        if (general) {
            troubleUntil = clock.millis() + TROUBLE_FOR.toMillis();
        }
        return new Outcome.Later(why);
    }
}
