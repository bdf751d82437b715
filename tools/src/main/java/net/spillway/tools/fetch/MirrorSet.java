package net.spillway.tools.fetch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.progress.Progress;

/**
 * All mirrors, and who asks which of them for what.
 *
 * <p>Articles that nobody is being asked for wait in queues, one for each combination of mirrors
 * that have said no to what is in it; so a connection finds something its mirror may have, and
 * finds first what others lack, without looking through what it has refused already. Mirrors that
 * are fast come back for more sooner: that is all the balancing there is. Only when the queues have
 * nothing for a connection does it take over what another mirror has owed for too long.
 *
 * <p>{@link #fetch} ends when every article came or can't be had: all mirrors have said no, or
 * those that have not are given up (see {@link Mirror}).
 */
final class MirrorSet implements AutoCloseable {
    private static final long OWED_TOO_LONG = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int BREAKS_ALLOWED = 3;

    private final List<Mirror> mirrors = new ArrayList<>();
    private final List<MirrorConnection> connections = new ArrayList<>();
    private final FetchRequest request;
    private final Progress progress;
    private final long everyMirror;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Deque<Wanted>> queues = new HashMap<>();
    private final Set<Wanted> inFlight = new LinkedHashSet<>();
    private long lastAnswer = System.nanoTime();
    private long idleSince = lastAnswer;
    private int open;
    private boolean closed;
    private Optional<RuntimeException> failure = Optional.empty();
    private Progress.Task task;

    MirrorSet(FetchRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
        request.from().forEach(address -> mirrors.add(new Mirror(address, mirrors.size())));
        everyMirror = mirrors.stream().mapToLong(Mirror::bit).reduce(0, (a, b) -> a | b);
        for (Mirror mirror : mirrors) {
            for (int i = 0; i < request.connections(); i++) {
                connections.add(new MirrorConnection(this, mirror, request));
            }
        }
        connections.forEach(MirrorConnection::start);
    }

    /**
     * Gets these articles, those handed in before and not got included.
     *
     * @param task told of their sizes as they are settled
     */
    void fetch(Collection<Wanted> wanted, Progress.Task task) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            this.task = task;
            for (Wanted w : wanted) {
                if (!w.done && !w.open) {
                    w.open = true;
                    open++;
                    queue(w);
                }
            }
            lastAnswer += System.nanoTime() - idleSince; // Nobody was asked for anything.
            changed.signalAll();
            while (failure.isEmpty() && open > 0 && !isHopeless()) {
                changed.awaitNanos(LOOK_AGAIN);
            }
            failure.ifPresent(e -> {
                throw e;
            });
            leaveTheRest();
        } finally {
            idleSince = System.nanoTime();
            lock.unlock();
        }
    }

    /** Whether nothing is under way, and nobody is left who might have what is waiting. */
    private boolean isHopeless() {
        boolean nobody = mirrors.stream().allMatch(Mirror::isGivenUp)
                && !mirrors.stream().allMatch(Mirror::isShut); // Those need no patience.
        boolean patient = System.nanoTime() - lastAnswer < request.patience().toNanos();
        if (!inFlight.isEmpty() || nobody && patient) {
            return false;
        }
        return queues.entrySet().stream().filter(q -> !q.getValue().isEmpty()).allMatch(
                q -> mirrors.stream().allMatch(
                        m -> (q.getKey() & m.bit()) != 0 || m.isGivenUp()));
    }

    private void leaveTheRest() {
        queues.values().forEach(queue -> {
            queue.forEach(w -> {
                w.open = false;
                w.unanswered |= everyMirror & ~w.denied;
            });
            queue.clear();
        });
        open = 0;
    }

    /** Whether a mirror that gave no answer may have the article. */
    boolean mayComeLater(Wanted w) {
        lock.lock();
        try {
            return !w.done && w.unanswered != 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the mirrors that gave no answer will not give one later either. */
    boolean isShutOut(Wanted w) {
        lock.lock();
        try {
            return mirrors.stream().filter(m -> (w.unanswered & m.bit()) != 0)
                    .allMatch(Mirror::isShut);
        } finally {
            lock.unlock();
        }
    }

    /** How the mirrors did. */
    List<MirrorReport> reports() {
        lock.lock();
        try {
            return mirrors.stream().map(Mirror::report).toList();
        } finally {
            lock.unlock();
        }
    }

    private void queue(Wanted w) {
        if (w.denied == everyMirror) {
            settle(w);
        } else {
            queues.computeIfAbsent(w.denied, mask -> new ArrayDeque<>()).add(w);
        }
        changed.signalAll();
    }

    private void settle(Wanted w) {
        if (w.open) {
            w.open = false;
            open--;
            task.advance(w.bytes());
            changed.signalAll();
        }
    }

    /** Waits until there may be something for this mirror to do; false when it is all over. */
    boolean awaitWork(Mirror mirror) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && (mirror.backOff(System.nanoTime()) > 0 || find(mirror).isEmpty())) {
                long back = mirror.backOff(System.nanoTime());
                changed.awaitNanos(Math.clamp(back, TimeUnit.MILLISECONDS.toNanos(5), LOOK_AGAIN));
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next article to ask this mirror for, now under way; empty if there is none just now.
     *
     * @param alone whether nothing else is owed on the connection; only then one over which a
     *         connection broke before, so that it is known which one it is
     */
    Optional<Wanted> next(Mirror mirror, boolean alone) {
        lock.lock();
        try {
            Optional<Wanted> found = closed ? Optional.<Wanted>empty()
                    : find(mirror).filter(w -> alone || !w.isSuspect());
            found.ifPresent(w -> {
                queues.getOrDefault(w.denied, new ArrayDeque<>()).remove(w);
                w.inFlight++;
                w.asked |= mirror.bit();
                w.askedAt = System.nanoTime();
                inFlight.remove(w);
                inFlight.add(w);
            });
            return found;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Wanted> find(Mirror mirror) {
        Deque<Wanted> best = null;
        int most = -1;
        for (Map.Entry<Long, Deque<Wanted>> queue : queues.entrySet()) {
            int refusals = Long.bitCount(queue.getKey());
            if ((queue.getKey() & mirror.bit()) == 0 && !queue.getValue().isEmpty()
                    && refusals > most) {
                best = queue.getValue();
                most = refusals;
            }
        }
        return best != null ? Optional.of(best.peek()) : owedTooLong(mirror);
    }

    private Optional<Wanted> owedTooLong(Mirror mirror) {
        long now = System.nanoTime();
        for (Wanted w : inFlight) {
            if (now - w.askedAt < OWED_TOO_LONG) {
                break; // They are in the order in which they were asked for.
            }
            if (w.inFlight == 1 && ((w.asked | w.denied) & mirror.bit()) == 0 && !w.done) {
                return Optional.of(w);
            }
        }
        return Optional.empty();
    }

    /** The article came, and is good. */
    void came(Wanted w, Mirror mirror, double seconds) {
        lock.lock();
        try {
            answered(mirror);
            mirror.articles++;
            mirror.tookSeconds(seconds);
            w.done = true;
            landed(w, mirror);
            settle(w);
        } finally {
            lock.unlock();
        }
    }

    /** The article came after another mirror's copy. */
    void cameAgain(Wanted w, Mirror mirror) {
        lock.lock();
        try {
            answered(mirror);
            landed(w, mirror);
        } finally {
            lock.unlock();
        }
    }

    /** The mirror has no such article, or a bad one: it is not asked for it again. */
    void denied(Wanted w, Mirror mirror, boolean corrupt) {
        lock.lock();
        try {
            answered(mirror);
            if (corrupt) {
                mirror.corrupt++;
            } else {
                mirror.misses++;
            }
            w.denied |= mirror.bit();
            landed(w, mirror);
            again(w);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A connection broke.
     *
     * @param owed what it still owed; the first of these may be why it broke, or, as a reset takes
     *         with it what was not yet read, one behind it
     */
    void broke(Mirror mirror, List<Wanted> owed, NntpException why) {
        lock.lock();
        try {
            boolean givenUp = mirror.isGivenUp();
            mirror.failed(why);
            if (!givenUp && mirror.isGivenUp() && !closed) {
                progress.note("mirror given up for now: " + why.getMessage());
            }
            for (int i = 0; i < owed.size(); i++) {
                Wanted w = owed.get(i);
                if (i == 0 && ++w.breaks >= BREAKS_ALLOWED) {
                    w.denied |= mirror.bit();
                    w.unanswered |= mirror.bit();
                }
                landed(w, mirror);
                again(w);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void answered(Mirror mirror) {
        mirror.answered();
        lastAnswer = System.nanoTime();
    }

    private void landed(Wanted w, Mirror mirror) {
        w.inFlight--;
        w.asked &= ~mirror.bit();
        if (w.inFlight == 0) {
            inFlight.remove(w);
            changed.signalAll();
        }
    }

    private void again(Wanted w) {
        if (w.open && !w.done && w.inFlight == 0) {
            queue(w);
        }
    }

    void connected(Mirror mirror) {
        lock.lock();
        try {
            mirror.openConnections++;
        } finally {
            lock.unlock();
        }
    }

    void disconnected(Mirror mirror) {
        lock.lock();
        try {
            mirror.openConnections--;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a mirror that refused a connection serves others of ours: this is one too many. */
    boolean isOneTooMany(Mirror mirror, NntpException why) {
        lock.lock();
        try {
            return why instanceof NntpException.Refused && mirror.openConnections > 0;
        } finally {
            lock.unlock();
        }
    }

    int depth(Mirror mirror) {
        lock.lock();
        try {
            return mirror.depth();
        } finally {
            lock.unlock();
        }
    }

    /** Something is wrong on our side: {@link #fetch} throws this. */
    void fail(RuntimeException e) {
        lock.lock();
        try {
            if (failure.isEmpty()) {
                failure = Optional.of(e);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections; what is under way is dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        connections.forEach(MirrorConnection::close);
        connections.forEach(MirrorConnection::join);
    }
}
