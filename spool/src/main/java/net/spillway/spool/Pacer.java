package net.spillway.spool;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Keeps a long read down to so many octets a second. Used by one thread. */
final class Pacer {
    /** Waiting less than this is not worth it. */
    private static final long MIN_WAIT = TimeUnit.MILLISECONDS.toNanos(20);

    private final long perSecond;
    private final long start = System.nanoTime();
    private long octets;

    /** @param perSecond 0: as fast as it goes */
    Pacer(long perSecond) {
        this.perSecond = perSecond;
    }

    /** Waits as long as it takes until that many more octets were due. */
    void read(long more) throws IOException {
        octets += more;
        if (perSecond <= 0) {
            return;
        }
        double due = (double) octets / perSecond * TimeUnit.SECONDS.toNanos(1);
        long early = (long) due - (System.nanoTime() - start);
        if (early > MIN_WAIT) {
            try {
                TimeUnit.NANOSECONDS.sleep(early);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped");
            }
        }
    }
}
