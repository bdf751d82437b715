package net.spillway.relay.access;

import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/**
 * Checks passwords, which takes long on purpose: on a thread of its own, so that a flood of logins
 * slows down logins only, and late after failures. Safe for use by many threads.
 */
public final class Logins implements AutoCloseable {
    private static final int MOST_AT_ONCE = 1000;

    private final LoginThrottle throttle;
    private final BiPredicate<String, String> check;
    private final ScheduledThreadPoolExecutor thread;

    /** @param check tells whether a user has a password */
    public Logins(Clock clock, BiPredicate<String, String> check) {
        this.throttle = new LoginThrottle(clock);
        this.check = check;
        this.thread = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("logins").factory());
    }

    /** Whether this is the user's password; fails if too many others ask that, too. */
    public CompletionStage<Boolean> check(InetAddress from, String user, String password) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (thread.getQueue().size() >= MOST_AT_ONCE) {
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("too many logins are waiting"));
        }
        long wait = throttle.begin(from, user);
        thread.schedule(() -> {
            try {
                boolean right = check.test(user, password);
                if (right) {
                    throttle.succeeded(from, user);
                }
                answer.complete(right);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }, wait, TimeUnit.MILLISECONDS);
        return answer;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
