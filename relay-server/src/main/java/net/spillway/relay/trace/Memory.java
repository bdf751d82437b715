package net.spillway.relay.trace;

import java.time.Instant;
import java.util.List;

/**
 * What is remembered of one article.
 *
 * @param decisions about it, oldest first
 * @param said what peers said to it, oldest first
 * @param reachesBackTo what happened earlier may be forgotten
 */
public record Memory(List<Decision> decisions, List<Said> said, Instant reachesBackTo) {
}
