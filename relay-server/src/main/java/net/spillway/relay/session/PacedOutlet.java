package net.spillway.relay.session;

import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.spillway.relay.access.Allowance;

/** Counts what is sent, and sends no faster than the client's allowance lets it. */
final class PacedOutlet implements Outlet {
    private final Outlet outlet;
    private final Supplier<Allowance> allowance;
    private final ScheduledExecutorService timer;
    private final Runnable wake;
    private boolean waiting;

    /**
     * @param allowance whose it is at the moment
     * @param wake is run when {@link #ready} is true again after it was not because of the rate
     */
    PacedOutlet(Outlet outlet, Supplier<Allowance> allowance, ScheduledExecutorService timer,
            Runnable wake) {
        this.outlet = outlet;
        this.allowance = allowance;
        this.timer = timer;
        this.wake = wake;
    }

    @Override
    public boolean ready() {
        long millis = allowance.get().waitMillis();
        if (millis == 0) {
            return outlet.ready();
        }
        if (!waiting) {
            waiting = true;
            timer.schedule(wake, millis, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /** The timer has run; on the session's strand. */
    void awake() {
        waiting = false;
    }

    @Override
    public boolean sendsFiles() {
        return outlet.sendsFiles();
    }

    @Override
    public void write(ByteBuffer octets) {
        count(octets.remaining());
        outlet.write(octets);
    }

    @Override
    public void write(FileSpan span) {
        count(span.length());
        outlet.write(span);
    }

    private void count(long octets) {
        Allowance now = allowance.get();
        if (now.countsTraffic()) {
            now.sent(octets);
        }
    }

    @Override
    public void secure(ByteBuffer lastWords) {
        outlet.secure(lastWords);
    }

    @Override
    public void consumed(ByteBuffer received) {
        outlet.consumed(received);
    }

    @Override
    public void close() {
        outlet.close();
    }

    @Override
    public void abort() {
        outlet.abort();
    }
}
