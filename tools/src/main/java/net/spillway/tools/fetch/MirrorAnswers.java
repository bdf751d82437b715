package net.spillway.tools.fetch;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What mirrors have said of what they have and have not, for those who plan by it and for those who
 * tell people. Sets of mirrors are bits, see {@link Mirror#bit}. Safe for use by many threads: it
 * has the lock of its {@link MirrorSet}.
 */
final class MirrorAnswers {
    private final ReentrantLock lock;
    private final List<Mirror> mirrors;
    /** All of them. */
    private final long every;
    /** Those whose answers do not matter. */
    private final long optional;
    private long changes;

    /** The mirrors are in the request's order; the lock guards them and what is wanted of them. */
    MirrorAnswers(ReentrantLock lock, List<Mirror> mirrors) {
        this.lock = lock;
        this.mirrors = mirrors;
        every = mirrors.stream().mapToLong(Mirror::bit).reduce(0, (a, b) -> a | b);
        optional = mirrors.stream().filter(m -> m.spec.optional()).mapToLong(Mirror::bit)
                .reduce(0, (a, b) -> a | b);
    }

    /** Grows whenever something was learnt of what mirrors do not have. */
    long changes() {
        return locked(() -> changes);
    }

    /** Something was learnt, or a mirror failed. For who holds the lock. */
    void grow() {
        changes++;
    }

    /** How many of some articles came, are under way, cannot be had, and wait. */
    record Counts(int came, int asked, int lost, int waiting) {}

    /** Whether all mirrors but those given up said what they have. */
    boolean isSurveyed() {
        return locked(() -> mirrors.stream().allMatch(
                m -> m.survey == Mirror.Survey.DONE || m.isGivenUp()));
    }

    /** Those among these articles that no mirror has that is alive. */
    List<Wanted> lost(Collection<Wanted> among) {
        return locked(() -> {
            long nobody = dead();
            return among.stream().filter(w -> !w.done && (w.denied | nobody) == every).toList();
        });
    }

    /** Whether every other mirror whose answer matters has said no. */
    boolean isLastToAsk(Wanted w, Mirror mirror) {
        return locked(() -> (w.denied | dead() & optional | mirror.bit()) == every);
    }

    /** How many of these articles each mirror has, as far as is known; in the request's order. */
    List<Long> held(Collection<Wanted> among) {
        return locked(() -> mirrors.stream().map(m -> among.stream()
                .filter(w -> (w.denied & m.bit()) == 0).count()).toList());
    }

    /** Whether each mirror was asked what it has, and said it; in the request's order. */
    List<Boolean> surveyed() {
        return locked(() -> mirrors.stream().map(m -> m.survey == Mirror.Survey.DONE).toList());
    }

    /** Whether there is one that has not said what it has, and whose answer matters. */
    boolean isAnyUnknown() {
        return locked(() -> mirrors.stream().anyMatch(
                m -> m.survey != Mirror.Survey.DONE && (m.bit() & optional) == 0));
    }

    Counts counts(Collection<Wanted> among) {
        return locked(() -> {
            long nobody = dead();
            int came = 0;
            int asked = 0;
            int lost = 0;
            for (Wanted w : among) {
                came += w.done ? 1 : 0;
                asked += !w.done && w.inFlight > 0 ? 1 : 0;
                lost += !w.done && w.inFlight == 0 && (w.denied | nobody) == every ? 1 : 0;
            }
            return new Counts(came, asked, lost, among.size() - came - asked - lost);
        });
    }

    /** Whether a mirror that gave no answer may have the article. */
    boolean mayComeLater(Wanted w) {
        return locked(() -> !w.done && w.unanswered != 0);
    }

    /** The mirrors that gave no answer about any of these and may have it. */
    List<MirrorReport> silentOn(Collection<Wanted> among) {
        return locked(() -> {
            long silent = among.stream().mapToLong(w -> w.unanswered).reduce(0, (a, b) -> a | b);
            return mirrors.stream().filter(m -> (m.bit() & silent) != 0).map(Mirror::report)
                    .toList();
        });
    }

    /** Whether the mirrors that gave no answer will not give one later either. */
    boolean isShutOut(Wanted w) {
        return locked(() -> mirrors.stream().filter(m -> (w.unanswered & m.bit()) != 0)
                .allMatch(Mirror::isShut));
    }

    /** How the mirrors did; in the request's order. */
    List<MirrorReport> reports() {
        return locked(() -> mirrors.stream().map(Mirror::report).toList());
    }

    /** The mirrors that are given up. For who holds the lock. */
    long dead() {
        return mirrors.stream().filter(Mirror::isGivenUp).mapToLong(Mirror::bit)
                .reduce(0, (a, b) -> a | b);
    }

    /** Whether all mirrors have said no, also those that may come back. For who holds the lock. */
    boolean isRefused(Wanted w) {
        return w.denied == every;
    }

    /** Those among these mirrors whose answer matters. */
    long mattering(long among) {
        return among & ~optional;
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
