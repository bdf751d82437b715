package net.spillway.tools.post;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Keeps all connections together below a rate. */
final class Pace {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OptionalLong octetsPerSecond;
    private long free = System.nanoTime();

    Pace(OptionalLong octetsPerSecond) {
        this.octetsPerSecond = octetsPerSecond;
    }

    boolean isLimited() {
        return octetsPerSecond.isPresent();
    }

    /** Waits until so many octets may be sent. */
    void await(int octets) throws InterruptedException {
        if (octetsPerSecond.isPresent()) {
            long wait = reserve(octets, System.nanoTime());
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
        }
    }

    /** How long to wait before octets are sent; their time is taken up then. */
    synchronized long reserve(int octets, long now) {
        long start = Math.max(free, now);
        free = start + (long) (octets * NANOS / octetsPerSecond.getAsLong());
        return start - now;
    }
}
