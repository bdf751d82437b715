package net.spillway.relay.session;

import java.util.concurrent.Executor;

/**
 * Runs the tasks of one session one after the other, in order. Most run on a thread that many
 * connections share, which must never wait for a disk; what may wait is moved to another one.
 */
public interface SessionExecutor extends Executor {
    /** Whether the task that runs at this moment may wait for the disk. */
    boolean mayWait();

    /** Has a task run where it may wait, and all others after it. Called by a task. */
    void executeWaiting(Runnable task);

    /** Tasks of this one may always wait. */
    static SessionExecutor of(Executor executor) {
        return new SessionExecutor() {
            @Override
            public boolean mayWait() {
                return true;
            }

            @Override
            public void executeWaiting(Runnable task) {
                executor.execute(task);
            }

            @Override
            public void execute(Runnable task) {
                executor.execute(task);
            }
        };
    }
}
