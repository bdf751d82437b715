package net.spillway.tools.post;

import java.util.concurrent.TimeUnit;
import net.spillway.tools.client.PipelinedClient;

/** Sees whether what is being sent goes, however slowly. For one thread, which looks often. */
final class StallWatch {
    private PipelinedClient watched;
    private long sent;
    private long since;

    /** Nothing is being sent. */
    void rest() {
        watched = null;
    }

    /** Whether a connection that is sending has not got rid of an octet for too long. */
    boolean isStuck(PipelinedClient client) {
        long now = System.nanoTime();
        if (client != watched || client.sent() != sent) {
            watched = client;
            sent = client.sent();
            since = now;
        }
        return now - since > TimeUnit.MILLISECONDS.toNanos(client.longestStall());
    }
}
