package net.spillway.fec;

/** Adds up what one or more threads have done in a phase, and tells the listener. */
final class Tally {
    private final ProgressListener listener;
    private final ProgressListener.Phase phase;
    private final long total;
    private final long shown;
    private long done;

    /** Nothing yet of {@code total} bytes. */
    Tally(ProgressListener listener, ProgressListener.Phase phase, long total) {
        this(listener, phase, total, total);
    }

    /**
     * Nothing yet of {@code total} bytes, of which some are added several times, once for each
     * thing that is done with them; the listener is told of {@code shown} bytes.
     */
    Tally(ProgressListener listener, ProgressListener.Phase phase, long total, long shown) {
        this.listener = listener;
        this.phase = phase;
        this.total = total;
        this.shown = shown;
    }

    synchronized void add(long bytes) {
        done = Math.min(total, done + bytes); // The last columns are computed as if all were there.
        listener.progress(phase, (long) ((double) done / total * shown), shown);
    }
}
