package net.spillway.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command tidy up when Ctrl-C or SIGTERM ends it: its thread is interrupted, and the JVM
 * waits a little for the command to leave its try blocks, in which temporary files are deleted.
 */
public final class Interruption implements AutoCloseable {
    private static final long PATIENCE_MS = 3_000;

    private static volatile boolean underWay;

    private final CountDownLatch finished = new CountDownLatch(1);

    private Interruption(Thread command) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(command), "interruption"));
    }

    /** For the command that the current thread is about to run; to be closed when it has ended. */
    static Interruption ofThisThread() {
        return new Interruption(Thread.currentThread());
    }

    /** Whether the JVM is ending by a signal; what fails then is not worth reporting. */
    public static boolean isUnderWay() {
        return underWay;
    }

    private void interrupt(Thread command) {
        if (finished.getCount() > 0) {
            underWay = true;
            command.interrupt();
            try {
                finished.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
