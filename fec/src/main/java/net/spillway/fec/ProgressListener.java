package net.spillway.fec;

/**
 * Told how far a long piece of work is. Called from the working threads, by one at a time in each
 * phase: must return quickly.
 */
@FunctionalInterface
public interface ProgressListener {
    /** Listens to nothing. */
    ProgressListener NONE = (phase, done, total) -> {};

    /** What is being done. */
    enum Phase {
        /** Hashing files that parity is made for. */
        HASHING,
        /** Computing recovery slices, with all that goes with it, or lost slices. */
        COMPUTING,
        /** Writing rebuilt slices, or copying slices where none is rebuilt. */
        WRITING,
        /** Checking files against their hashes. */
        VERIFYING,
        /** Searching damaged and extra files for slices. */
        SCANNING,
        /** Checking what was repaired. */
        CHECKING
    }

    /**
     * @param done bytes dealt with in this phase so far
     * @param total bytes of the phase, as far as is known
     */
    void progress(Phase phase, long done, long total);
}
