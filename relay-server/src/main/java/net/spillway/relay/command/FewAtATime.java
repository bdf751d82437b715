package net.spillway.relay.command;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;

/**
 * Makes answers that take long on a few threads of their own. A few more wait for a thread, and
 * who comes on top of these is told to try later: what waits takes memory, also when the client
 * that asked is gone. Safe for use by many threads.
 */
final class FewAtATime {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * @param name of the threads
     * @param most answers that are made at once
     * @param waiting answers that may wait for that
     */
    FewAtATime(String name, int most, int waiting) {
        threads = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** The answer, later; or that too much is asked for. */
    Answer answer(Supplier<Answer> made) {
        try {
            return new Answer.Later(CompletableFuture.supplyAsync(made, threads));
        } catch (RejectedExecutionException e) {
            return Answer.line(ReplyCode.INTERNAL_FAULT,
                    "too much is asked for at once; try again later");
        }
    }
}
