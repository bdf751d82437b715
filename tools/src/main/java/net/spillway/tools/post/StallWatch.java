package net.spillway.tools.post;

import java.time.Duration;
import net.spillway.tools.client.PipelinedClient;

/** Sees whether what is being sent goes, however slowly. For one thread, which looks often. */
final class StallWatch {
    private final long patience;
    private PipelinedClient watched;
    private long sent;
    private long since;

    /** @param patience how long not an octet may go */
    StallWatch(Duration patience) {
        this.patience = patience.toNanos();
    }

    /** Nothing is being sent. */
    void rest() {
        watched = null;
    }

    /** Whether a connection on which something is being sent has not taken any of it for too long. */
    boolean isStuck(PipelinedClient client) {
        long now = System.nanoTime();
        if (client != watched || client.sent() != sent) {
            watched = client;
            sent = client.sent();
            since = now;
        }
        return now - since > patience;
    }
}
