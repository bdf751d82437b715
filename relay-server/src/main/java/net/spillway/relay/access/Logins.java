package net.spillway.relay.access;

import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/**
 * Checks passwords, which takes long on purpose: on a thread of its own, so that a flood of logins
 * slows down logins only, and late after failures. What is asked while the same is being looked at
 * is the same attempt: clients log in over all their connections at once. Few wait from one {@link
 * AddressBlock}, so that nobody takes the places of all others. Safe for use by many threads.
 */
public final class Logins implements AutoCloseable {
    private static final int MOST_AT_ONCE = 10_000;
    /** Clients log in over all their connections at once; no more than that from anywhere. */
    private static final int MOST_OF_A_BLOCK = 64;

    private final LoginThrottle throttle;
    private final BiPredicate<String, String> check;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<Attempt, Look> underWay = new HashMap<>();
    /** How many wait, by address block. */
    private final Map<InetAddress, Integer> waiting = new HashMap<>();

    private record Attempt(InetAddress from, String user, String password) {
        @Override
        public String toString() {
            return user + " from " + from; // No password gets into a log.
        }
    }

    /** Who waits for what comes of one attempt; guarded by the logins. */
    private static final class Look {
        private final List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        private Future<?> task;
    }

    /** @param check tells whether a user has a password */
    public Logins(Clock clock, BiPredicate<String, String> check) {
        this.throttle = new LoginThrottle(clock);
        this.check = check;
        this.thread = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("logins").factory());
        thread.setRemoveOnCancelPolicy(true);
    }

    /**
     * Whether this is the user's password; fails if too many others ask that, too. Cancel it when
     * nobody waits for the answer any more: others can have its place then.
     */
    public CompletableFuture<Boolean> check(InetAddress from, String user, String password) {
        InetAddress block = AddressBlock.of(from);
        if (thread.getQueue().size() >= MOST_AT_ONCE || !takePlace(block)) {
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("too many logins are waiting"));
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Attempt attempt = new Attempt(from, user, password);
        join(attempt, answer);
        answer.whenComplete((right, error) -> {
            leave(attempt, answer);
            givePlaceBack(block);
        });
        return answer;
    }

    private synchronized void join(Attempt attempt, CompletableFuture<Boolean> answer) {
        Look look = underWay.get(attempt);
        if (look == null) {
            Look first = new Look();
            first.task = thread.schedule(() -> run(attempt, first),
                    throttle.begin(attempt.from(), attempt.user()), TimeUnit.MILLISECONDS);
            underWay.put(attempt, first);
            look = first;
        }
        look.answers.add(answer);
    }

    /** One that nobody waits for any more is not looked at. */
    private synchronized void leave(Attempt attempt, CompletableFuture<Boolean> answer) {
        Look look = underWay.get(attempt);
        if (look != null && look.answers.remove(answer) && look.answers.isEmpty()) {
            underWay.remove(attempt);
            look.task.cancel(false);
        }
    }

    private void run(Attempt attempt, Look look) {
        try {
            boolean right = check.test(attempt.user(), attempt.password());
            if (right) {
                throttle.succeeded(attempt.from(), attempt.user());
            }
            ended(attempt, look).forEach(answer -> answer.complete(right));
        } catch (RuntimeException e) {
            ended(attempt, look).forEach(answer -> answer.completeExceptionally(e));
        }
    }

    private synchronized List<CompletableFuture<Boolean>> ended(Attempt attempt, Look look) {
        underWay.remove(attempt, look);
        return List.copyOf(look.answers);
    }

    private synchronized boolean takePlace(InetAddress block) {
        int others = waiting.getOrDefault(block, 0);
        if (others >= MOST_OF_A_BLOCK) {
            return false;
        }
        waiting.put(block, others + 1);
        return true;
    }

    private synchronized void givePlaceBack(InetAddress block) {
        waiting.computeIfPresent(block, (key, n) -> n == 1 ? null : n - 1);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
