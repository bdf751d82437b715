package net.spillway.relay.trace;

import java.util.Optional;

/**
 * What came from one source since the relay started.
 *
 * @param source the peer's name, or "" for all who post
 * @param offered articles it offered with CHECK or IHAVE
 * @param unwanted offers we did not want, because the article was here
 * @param stored articles taken
 * @param duplicates articles sent that were here
 * @param refused articles sent and not taken
 * @param deferred offers and articles put off
 * @param bytes octets of the articles taken
 * @param lastRefusal the last article that was not taken, and why
 */
public record SourceFigures(String source, long offered, long unwanted, long stored,
        long duplicates, long refused, long deferred, long bytes,
        Optional<Decision> lastRefusal) {
}
