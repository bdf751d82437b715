package net.spillway.tools.cli;

import net.spillway.relay.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** Has the signal HUP make a relay load its configuration anew, as it does with other servers. */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {
    }

    /** From now on; where there is no such signal, nothing happens. */
    static void reloads(Relay relay) {
        try {
            // The relay tells the log what came of it.
            Signal.handle(new Signal("HUP"), signal -> relay.reload());
        } catch (IllegalArgumentException e) {
            LOG.debug("no signal HUP here: {}", e.getMessage());
        }
    }
}
