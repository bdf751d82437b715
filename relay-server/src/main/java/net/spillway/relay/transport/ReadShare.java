package net.spillway.relay.transport;

import org.apache.mina.core.session.IoSessionConfig;

/**
 * How much of a connection is read at once. All connections of a loop have their turns one after
 * the other, so whoever floods with what takes long to answer gets less a turn, and the others do
 * not wait for it. Belongs to the loop's thread.
 */
final class ReadShare {
    /** So long a turn may take; some twenty small articles. */
    private static final long TURN_NANOS = 1_000_000;
    private static final int LEAST_OCTETS = 2048;

    private final IoSessionConfig config;
    private final int most;

    ReadShare(IoSessionConfig config) {
        this.config = config;
        this.most = config.getMaxReadBufferSize();
    }

    /** What was read kept the loop so long. */
    void took(int octets, long nanos) {
        int now = Math.min(most, config.getMaxReadBufferSize());
        if (nanos > TURN_NANOS && octets > LEAST_OCTETS) {
            config.setMaxReadBufferSize(Math.max(LEAST_OCTETS, Math.min(octets, now) / 2));
        } else if (nanos < TURN_NANOS / 2 && octets >= now && now < most) {
            config.setMaxReadBufferSize(Math.min(most, 2 * now));
        }
    }
}
