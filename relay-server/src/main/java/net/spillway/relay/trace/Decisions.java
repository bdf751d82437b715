package net.spillway.relay.trace;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every decision about an article is told: to the log, at debug level and on one line, to the
 * counts of its source, and to a bounded memory. Safe for use by many threads.
 */
public final class Decisions {
    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final int MIN_ARTICLES = 4096;
    private static final int MAX_ARTICLES = 65_536;
    /** An article takes about half a kilobyte of memory: a thirtieth of the heap at most. */
    private static final long HEAP_PER_ARTICLE = 16_384;
    private static final int RECENT = 20;

    private final Clock clock;
    private final int capacity;
    private final ArticleMemory memory;
    private final Map<String, SourceCount> sources = new ConcurrentHashMap<>();
    private final Deque<Decision> refusals = new ArrayDeque<>();

    /** Remembers as many articles as suits the heap. */
    public Decisions(Clock clock) {
        this(clock, (int) Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_PER_ARTICLE,
                MIN_ARTICLES, MAX_ARTICLES));
    }

    Decisions(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
        this.memory = new ArticleMemory(capacity, clock.instant());
    }

    /** How many articles are remembered at most. */
    public int capacity() {
        return capacity;
    }

    /** The time, as decisions have it. */
    public Clock clock() {
        return clock;
    }

    /** Something was decided. */
    public void decided(Decision decision) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(DecisionLine.of(decision));
        }
        source(decision.origin().peer()).decided(decision);
        decision.id().ifPresent(id -> memory.decided(id, decision));
        if (decision.kind() == Decision.Kind.REFUSED) {
            synchronized (refusals) {
                refusals.addFirst(decision);
                if (refusals.size() > RECENT) {
                    refusals.removeLast();
                }
            }
        }
    }

    /**
     * A cancel was looked at.
     *
     * @param id the article that was cancelled, or the one that cancels
     */
    public void cancel(MessageId id, String what) {
        Decision decision = new Decision(clock.instant(), Optional.of(id), Decision.Kind.CANCEL,
                new Origin("", "", Optional.empty()), Optional.empty(), what, List.of(), 0);
        if (LOG.isDebugEnabled()) {
            LOG.debug(DecisionLine.of(decision));
        }
        memory.decided(id, decision);
    }

    /** A peer has answered an offer of ours. */
    public void said(String peer, MessageId id, Reply reply) {
        memory.said(id, new Said(clock.instant(), peer, words(id, reply)));
    }

    /** Without the message-ID that most of them repeat. */
    private static String words(MessageId id, Reply reply) {
        String text = reply.text();
        String rest = text.startsWith(id.value()) ? text.substring(id.value().length()) : text;
        return (reply.code() + " " + rest.strip()).strip();
    }

    /** What is remembered of an article. */
    public Memory of(MessageId id) {
        return memory.of(id);
    }

    /** The counts of a source; "" is who posts. There are as many as there are peers. */
    public SourceCount source(String name) {
        SourceCount known = sources.get(name);
        return known != null ? known : sources.computeIfAbsent(name, SourceCount::new);
    }

    /** What came from each source, by name; who posts comes first. */
    public List<SourceFigures> sources() {
        return sources.values().stream().map(SourceCount::figures)
                .sorted(Comparator.comparing(SourceFigures::source)).toList();
    }

    /** The last articles that were not taken, newest first. */
    public List<Decision> refusals() {
        synchronized (refusals) {
            return new ArrayList<>(refusals);
        }
    }
}
