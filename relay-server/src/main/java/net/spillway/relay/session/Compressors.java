package net.spillway.relay.session;

import java.util.concurrent.Semaphore;

/**
 * How many connections may be compressed at once: each takes some 300 KiB of memory outside the
 * heap. Safe for use by many threads.
 */
public final class Compressors {
    /** What the relay allows. */
    public static final int MOST = 256;

    private final Semaphore free;

    /** @param most 0 or more */
    public Compressors(int most) {
        free = new Semaphore(most);
    }

    /** Whether another may be compressed; it must be given back. */
    boolean take() {
        return free.tryAcquire();
    }

    /** Whether another may be compressed at the moment. */
    public boolean isFree() {
        return free.availablePermits() > 0;
    }

    void giveBack() {
        free.release();
    }
}
