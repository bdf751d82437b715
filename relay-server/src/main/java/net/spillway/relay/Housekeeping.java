package net.spillway.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a relay does again and again. Each chore has a thread, so none waits for another that hangs
 * with a disk, nor for sessions.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(0,
            Thread.ofPlatform().name("housekeeping-", 1).factory());

    /** Something that can fail with the disk. */
    @FunctionalInterface
    interface Chore {
        void run() throws IOException;
    }

    /**
     * Has a chore done from now on; never twice at once, since the time until the next run is that
     * from the end of the last. One that fails is tried again then.
     */
    synchronized void regularly(String what, Chore chore, Duration first, Duration every) {
        threads.setCorePoolSize(threads.getCorePoolSize() + 1);
        threads.scheduleWithFixedDelay(() -> {
            try {
                chore.run();
            } catch (IOException | RuntimeException e) {
                LOG.error("{} failed; it is tried again in {}", what, every, e);
            }
        }, first.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** To be stopped with the relay. */
    ExecutorService threads() {
        return threads;
    }
}
