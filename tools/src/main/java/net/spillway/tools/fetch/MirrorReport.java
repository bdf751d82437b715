package net.spillway.tools.fetch;

/**
 * How a mirror did.
 *
 * @param server its address as text, without login
 * @param level see {@link MirrorSpec}
 * @param articles good articles it gave
 * @param bytes octets it sent
 * @param absent articles it said it doesn't have when it was asked about all of them at once
 * @param misses articles it was asked for and doesn't have
 * @param corrupt articles whose yEnc didn't hold
 * @param failures connections that were refused, cut or stalled
 * @param lastError what went wrong last; empty if nothing did
 */
public record MirrorReport(
        String server,
        int level,
        long articles,
        long bytes,
        long absent,
        long misses,
        long corrupt,
        long failures,
        String lastError) {
    /** Whether it never said a word about any article. */
    boolean isSilent() {
        return articles + absent + misses + corrupt == 0;
    }
}
