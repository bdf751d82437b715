package net.spillway.tools.fetch;

/**
 * How a mirror did.
 *
 * @param server its address as text, without login
 * @param articles good articles it gave
 * @param bytes octets it sent
 * @param misses articles it said it doesn't have
 * @param corrupt articles whose yEnc didn't hold
 * @param failures connections that were refused, cut or stalled
 * @param lastError what went wrong last; empty if nothing did
 */
public record MirrorReport(
        String server,
        long articles,
        long bytes,
        long misses,
        long corrupt,
        long failures,
        String lastError) {
    /** Whether it never said a word about any article. */
    boolean isSilent() {
        return articles + misses + corrupt == 0;
    }
}
