package net.spillway.relay.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import net.spillway.conf.LimitsConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.ArticleLimits;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.WireArticle;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
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
    private final InjectingAgent injecting;
    private final RelayingAgent relaying;
    private final Withdrawals withdrawals;
    /** What was here and is lost; few as a rule, and beyond that the oldest are given up. */
    private final Set<MessageId> wanted = new LinkedHashSet<>();
    /** Every article comes by here, so that is looked at first. */
    private volatile boolean anyWanted;
    /** Until when offers are put off without asking the disk again, in milliseconds. */
    private volatile long troubleUntil;

    /**
     * Takes articles for this relay into this spool.
     *
     * @param worker may wait for the disk; what it runs is not waited for
     * @param secret makes the keys with which users can take back what they post
     */
    public Intake(RelayConfig config, Spool spool, Clock clock, CancelSecret secret,
            Executor worker) {
        this.spool = spool;
        this.clock = clock;
        limits(config.limits());
        Duration cutoff = config.spool().cutoff();
        this.injecting = new InjectingAgent(config.identity(), cutoff, spool::group, secret);
        this.relaying = new RelayingAgent(config.identity(), cutoff, spool::group);
        this.withdrawals = new Withdrawals(spool, worker);
    }

    /** Other limits hold from now on. */
    public void limits(LimitsConfig now) {
        limits = ArticleLimits.DEFAULT.withLineOctets(now.maxLine());
    }

    /** Injects what somebody posts. */
    public CompletionStage<Outcome> post(byte[] wire, Poster poster) {
        try {
            Verdict verdict = injecting.judge(
                    WireArticle.parse(wire, limits), poster, clock.instant());
            return carryOut(verdict, Optional.empty(), "post from " + poster.host());
        } catch (MalformedArticle e) {
            return CompletableFuture.completedStage(new Outcome.Refused(e.getMessage()));
        }
    }

    /** Takes what a peer sends under that message-ID. */
    public CompletionStage<Outcome> relay(MessageId offered, byte[] wire, Sender sender) {
        try {
            Verdict verdict = relaying.judge(
                    WireArticle.parse(wire, limits), offered, sender, clock.instant(),
                    isWanted(offered));
            return carryOut(verdict, Optional.of(offered), sender.peer().name());
        } catch (MalformedArticle e) {
            return CompletableFuture.completedStage(new Outcome.Refused(e.getMessage()));
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

    /**
     * Whether the disk was full a moment ago: then articles had better be put off than sent. It
     * is found out again by whoever sends one after that moment.
     */
    public boolean isInTrouble() {
        return clock.millis() < troubleUntil;
    }

    private CompletionStage<Outcome> carryOut(Verdict verdict, Optional<MessageId> id,
            String source) {
        return switch (verdict) {
            case Verdict.Accept accept -> store(accept.article(), source);
            case Verdict.Refuse refuse -> {
                LOG.debug("{} refused from {}: {}", id.map(MessageId::value).orElse("an article"),
                        source, refuse.why());
                if (refuse.forGood()) {
                    id.ifPresent(spool::remember);
                }
                yield CompletableFuture.completedStage(new Outcome.Refused(refuse.why()));
            }
        };
    }

    private CompletionStage<Outcome> store(NewArticle article, String source) {
        return spool.store(article).thenApply(stored -> {
            LOG.debug("{} from {}: {}", article.id(), source, stored);
            return switch (stored) {
                case StoreOutcome.Stored s -> {
                    withdrawals.stored(article);
                    found(article.id());
                    yield new Outcome.Stored(article.id());
                }
                case StoreOutcome.Duplicate d -> new Outcome.Duplicate(article.id());
                case StoreOutcome.NoSpace n -> later(n.why());
                case StoreOutcome.Failed f -> later(f.why());
            };
        }).exceptionally(e -> {
            LOG.error("{} from {} could not be stored", article.id(), source, e);
            return later("something failed here");
        });
    }

    private Outcome later(String why) {
        troubleUntil = clock.millis() + TROUBLE_FOR.toMillis();
        return new Outcome.Later(why);
    }
}
