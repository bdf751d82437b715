package net.spillway.conf;

import java.time.Duration;
import java.util.Optional;

/**
 * A mirror that clients fetch from.
 *
 * @param address where it is
 * @param level 0 for main, 1 for fill, up to 9: those of a higher level are asked only for what
 *     those of lower levels do not have
 * @param optional whether a fetch does as if it were not named while it cannot be reached
 * @param retention how old articles may be for it to be asked for them; empty for any age
 * @param connections 1 to 64; 0 for what the command says
 */
public record MirrorConfig(HostPort address, int level, boolean optional,
        Optional<Duration> retention, int connections) {
    /** A mirror of that level of which nothing else is said. */
    public static MirrorConfig of(HostPort address, int level) {
        return new MirrorConfig(address, level, false, Optional.empty(), 0);
    }
}
