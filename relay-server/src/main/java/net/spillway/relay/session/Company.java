package net.spillway.relay.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether several sessions are at work, or one alone, who keeps nobody waiting whatever it does.
 * Safe for use by many threads.
 */
public final class Company {
    private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private volatile Object last;
    /** When another than the one before had its turn. */
    private volatile long changed;

    /** Of nobody yet. */
    public Company() {
        this(System::nanoTime);
    }

    Company(LongSupplier nanos) {
        this.nanos = nanos;
        this.changed = nanos.getAsLong() - MEMORY_NANOS;
    }

    /** A session has a turn. */
    void turn(Object session) {
        if (last != session) {
            changed = last == null ? changed : nanos.getAsLong();
            last = session;
        }
    }

    /** A session is over: whoever comes next does not keep it waiting. */
    void left(Object session) {
        if (last == session) {
            last = null;
        }
    }

    /** Whether no two sessions have had turns of late. */
    boolean isOneAlone() {
        return nanos.getAsLong() - changed >= MEMORY_NANOS;
    }
}
