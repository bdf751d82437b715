package net.spillway.tools.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.spillway.relay.Relay;
import net.spillway.tools.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has signals that end the process stop the relay cleanly. While it is starting there is nothing
 * to be stopped: it has promised nobody anything, and what it was doing is begun again.
 */
final class RelayStop {
    private static final Logger LOG = LoggerFactory.getLogger(RelayStop.class);
    /** A start that takes longer is not waited for. */
    private static final long PATIENCE_SECONDS = 1;

    private final Thread hook = new Thread(this::stop, "stop");
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile Relay relay;

    /** From now on. */
    void handle() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void started(Relay now) {
        relay = now;
        started.countDown();
    }

    /** It did not start, and the process ends with what tells why. */
    void failed() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            LOG.debug("stopped while it failed to start");
        }
    }

    /** A JVM that a signal ends would report 128 + its number; a clean stop is a success. */
    private void stop() {
        try {
            if (started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                relay.close();
            } else {
                LOG.info("stopped while it was starting");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.DONE.code());
    }
}
