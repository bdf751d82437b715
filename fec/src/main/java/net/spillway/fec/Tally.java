package net.spillway.fec;

/** Adds up what one or more threads have done in a phase, and tells the listener. */
final class Tally {
    private final ProgressListener listener;
    private final ProgressListener.Phase phase;
    private final long total;
    private long done;

    /** Nothing yet of {@code total} bytes. */
    Tally(ProgressListener listener, ProgressListener.Phase phase, long total) {
        this.listener = listener;
        this.phase = phase;
        this.total = total;
    }

    synchronized void add(long bytes) {
        done += bytes;
        listener.progress(phase, done, total);
    }
}
