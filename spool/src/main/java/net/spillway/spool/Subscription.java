package net.spillway.spool;

/** Ends a listener's notifications when closed; may be closed twice. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
