package net.spillway.tools.cli;

import net.spillway.relay.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Has the signal HUP make a relay load its configuration anew, as it does with other servers. One
 * that comes while the relay is still starting is remembered until it has started.
 */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Relay relay;
    private boolean remembered;

    /** From now on; where there is no such signal, nothing happens. */
    void handle() {
        try {
            Signal.handle(new Signal("HUP"), signal -> come());
        } catch (IllegalArgumentException e) {
            LOG.debug("no signal HUP here: {}", e.getMessage());
        }
    }

    private void come() {
        Relay at;
        synchronized (this) {
            at = relay;
            remembered = relay == null;
        }
        if (at == null) {
            LOG.info("the configuration is loaded anew when the relay has started");
        } else {
            at.reload(); // It tells the log what came of it.
        }
    }

    /** The relay has started. */
    void reloads(Relay started) {
        boolean now;
        synchronized (this) {
            relay = started;
            now = remembered;
        }
        if (now) {
            started.reload();
        }
    }

    /** Whether one came that waits for the relay. */
    synchronized boolean isRemembered() {
        return remembered && relay == null;
    }
}
