package net.spillway.relay.peering;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.spillway.conf.PeerConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Articles that were found damaged here: asks one peer after the other to offer them again, until
 * they are here. They come over its ordinary feed. A peer that could not be reached is asked when
 * it is connected again; all are asked again after waits that grow, for as long as message-IDs are
 * remembered. The spool remembers which articles they are when the relay starts anew.
 */
final class LostArticles {
    private static final Logger LOG = LoggerFactory.getLogger(LostArticles.class);
    private static final int MAX_WAITING = 10_000;
    private static final int AT_ONCE = 100;
    static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** What came of asking a peer. */
    private enum Came {
        NOT_REACHED, SAID_NO, PROMISED
    }

    /**
     * How a peer was asked for an article last.
     *
     * @param what it said, or why it was not reached
     */
    private record Asked(Instant at, Came came, String what) {
        /** Whether it may say something else now that it is connected since then. */
        boolean isOutdated(Instant connected) {
            return came != Came.SAID_NO && at.isBefore(connected);
        }

        /** Such as: bee could not be reached (connection refused). */
        String inWords(String peer) {
            return peer + switch (came) {
                case NOT_REACHED -> " could not be reached (" + what + ")";
                case SAID_NO -> " says: " + what;
                case PROMISED -> " has promised it";
            };
        }
    }

    /**
     * One of them.
     *
     * @param all how many there are
     * @param answers what came of asking each peer for it, in words
     */
    record Example(int all, MessageId id, String answers) {
    }

    /** An article that is wanted, and by peer's name how each was asked. */
    private static final class Wanted {
        private final Instant since;
        private Instant due;
        private Duration wait = FIRST_WAIT;
        private final Map<String, Asked> asked = new LinkedHashMap<>();

        Wanted(Instant since) {
            this.since = since;
            this.due = since;
        }

        boolean isWorthAsking(String peer, Optional<Instant> connectedSince) {
            return connectedSince.isPresent() && Optional.ofNullable(asked.get(peer))
                    .map(last -> last.isOutdated(connectedSince.get())).orElse(true);
        }

        boolean hasPromised(String peer) {
            Asked last = asked.get(peer);
            return last != null && last.came() == Came.PROMISED;
        }
    }

    private final Joining.Caller caller;
    private final Consumer<MessageId> willCome;
    private final Predicate<MessageId> isKnown;
    private final Supplier<Duration> remember;
    private final InstantSource clock;
    private final Map<MessageId, Wanted> waiting = new LinkedHashMap<>();

    /**
     * Looks for none yet.
     *
     * @param willCome is told of each article that may be sent again
     * @param isKnown whether an article is here, or is not wanted any more
     * @param remember for how long an article is asked for
     */
    LostArticles(Joining.Caller caller, Consumer<MessageId> willCome,
            Predicate<MessageId> isKnown, Supplier<Duration> remember, InstantSource clock) {
        this.remember = remember;
        this.caller = caller;
        this.willCome = willCome;
        this.isKnown = isKnown;
        this.clock = clock;
    }

    synchronized void add(MessageId id) {
        if (waiting.size() < MAX_WAITING) {
            waiting.put(id, new Wanted(clock.instant()));
            willCome.accept(id);
        }
    }

    /** The first that is wanted; empty if there is none. */
    synchronized Optional<Example> example() {
        forget();
        return waiting.entrySet().stream().findFirst()
                .map(wanted -> new Example(waiting.size(), wanted.getKey(),
                        answers(wanted.getValue())));
    }

    private synchronized void forget() {
        Instant oldest = clock.instant().minus(remember.get());
        waiting.entrySet().removeIf(wanted -> isKnown.test(wanted.getKey())
                || wanted.getValue().since.isBefore(oldest));
    }

    private static String answers(Wanted wanted) {
        return wanted.asked.isEmpty() ? "no peer was asked for it yet"
                : wanted.asked.entrySet().stream().map(e -> e.getValue().inWords(e.getKey()))
                        .collect(Collectors.joining("; "));
    }

    /**
     * Asks peers for what is lost and may be had from them: those that are connected one after the
     * other, then the others all at once, as they may let us wait for a connection.
     *
     * @param peers those that are fed
     * @param connectedSince since when the peer of that name is connected
     */
    void step(List<PeerConfig> peers, Function<String, Optional<Instant>> connectedSince) {
        List<PeerConfig> reached = peers.stream().filter(p -> p.address().isPresent()).toList();
        Map<String, Set<MessageId>> plan = new LinkedHashMap<>();
        List<MessageId> due = plan(reached, connectedSince, plan);
        Set<MessageId> promised = ConcurrentHashMap.newKeySet();
        Map<Boolean, List<PeerConfig>> connected = reached.stream().collect(
                Collectors.partitioningBy(p -> connectedSince.apply(p.name()).isPresent()));
        // Who did not keep a promise is asked last.
        for (boolean again : new boolean[] {false, true}) {
            for (PeerConfig peer : connected.get(true)) {
                ask(peer, plan.get(peer.name()), again, promised);
            }
            try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
                connected.get(false).forEach(peer -> each.execute(
                        () -> ask(peer, plan.get(peer.name()), again, promised)));
            }
        }
        due.removeAll(promised);
        if (!due.isEmpty()) {
            tell(due);
        }
    }

    /** What to ask each for, by its name; gives what all are asked for. */
    private synchronized List<MessageId> plan(List<PeerConfig> peers,
            Function<String, Optional<Instant>> connectedSince,
            Map<String, Set<MessageId>> plan) {
        peers.forEach(peer -> plan.put(peer.name(), new LinkedHashSet<>()));
        forget();
        if (waiting.isEmpty()) {
            return new ArrayList<>();
        }
        Instant now = clock.instant();
        List<MessageId> due = waiting.entrySet().stream()
                .filter(e -> !e.getValue().due.isAfter(now)).limit(AT_ONCE)
                .map(Map.Entry::getKey).collect(Collectors.toCollection(ArrayList::new));
        for (MessageId id : due) {
            Wanted wanted = waiting.get(id);
            wanted.due = now.plus(wanted.wait);
            Duration next = wanted.wait.multipliedBy(2);
            wanted.wait = next.compareTo(LONGEST_WAIT) < 0 ? next : LONGEST_WAIT;
        }
        for (PeerConfig peer : peers) {
            Set<MessageId> all = plan.get(peer.name());
            all.addAll(due);
            Optional<Instant> since = connectedSince.apply(peer.name());
            waiting.entrySet().stream()
                    .filter(e -> e.getValue().isWorthAsking(peer.name(), since))
                    .limit(AT_ONCE).forEach(e -> all.add(e.getKey()));
        }
        return due;
    }

    private synchronized List<MessageId> open(String peer, Set<MessageId> all, boolean promised) {
        return all.stream().filter(id -> waiting.containsKey(id)
                        && waiting.get(id).hasPromised(peer) == promised)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /**
     * Asks a peer for what nobody else has promised.
     *
     * @param again whether for what it has promised before, or for all else
     */
    private void ask(PeerConfig peer, Set<MessageId> all, boolean again,
            Set<MessageId> promised) {
        List<MessageId> open = open(peer.name(), all, again);
        open.removeAll(promised);
        if (!open.isEmpty()) {
            promised.addAll(ask(peer, open));
        }
    }

    /** Gives what the peer has promised. */
    private List<MessageId> ask(PeerConfig peer, List<MessageId> open) {
        List<MessageId> promised = new ArrayList<>();
        int next = 0;
        Instant at = clock.instant();
        Came came = Came.NOT_REACHED;
        String what = "";
        try (PeerTalk talk = caller.call(peer)) {
            while (next < open.size()) {
                MessageId id = open.get(next);
                willCome.accept(id);
                Reply reply = talk.ask("XSPILLWAY WANT " + id.value());
                what = reply.text();
                if (reply.code() / 100 == 5) {
                    came = Came.SAID_NO; // No Spillway, or it does not know us.
                    break;
                }
                next++;
                boolean comes = reply.code() / 100 == 2;
                note(id, peer, new Asked(at, comes ? Came.PROMISED : Came.SAID_NO, what));
                if (comes) {
                    LOG.info("{} was damaged here; {} offers it again", id, peer.name());
                    promised.add(id);
                }
            }
        } catch (IOException e) {
            what = String.valueOf(e.getMessage());
            LOG.debug("{} cannot be asked for lost articles: {}", peer.name(), what);
        } catch (RuntimeException e) {
            // On a thread of its own nobody else would tell of it; the other peers are asked still.
            what = e.toString();
            LOG.error("asking {} for lost articles failed", peer.name(), e);
        }
        for (MessageId id : open.subList(next, open.size())) {
            note(id, peer, new Asked(at, came, what));
        }
        return promised;
    }

    private synchronized void note(MessageId id, PeerConfig peer, Asked asked) {
        Wanted wanted = waiting.get(id);
        if (wanted != null) {
            wanted.asked.put(peer.name(), asked);
            if (asked.came() == Came.PROMISED) {
                Instant patience = asked.at().plus(FIRST_WAIT);
                wanted.due = wanted.due.isAfter(patience) ? wanted.due : patience;
            }
        }
    }

    private synchronized void tell(List<MessageId> due) {
        Wanted first = waiting.get(due.getFirst());
        if (first != null) {
            LOG.warn("{} of the articles that were damaged here did not come, such as {}: {};"
                    + " peers are asked again in {} min, and when one connects", due.size(),
                    due.getFirst(), answers(first), Math.max(1,
                            Duration.between(clock.instant(), first.due).toMinutes()));
        }
    }
}
