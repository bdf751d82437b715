package net.spillway.tools.fetch;

import java.time.Duration;
import java.util.Optional;
import net.spillway.tools.ServerAddress;

/**
 * A mirror, and what it is good for.
 *
 * @param address where it is
 * @param level mirrors of a higher level are asked only for what those of lower levels do not have;
 *     {@link #MAIN} to {@value #MOST_LEVEL}
 * @param optional whether the fetch does as if it had never been named while it cannot be reached
 * @param retention how old articles may be for it to be asked for them, by the manifest's dates;
 *     empty for any age
 * @param connections to this mirror, 1 to 64; 0 for as many as to the others
 */
public record MirrorSpec(ServerAddress address, int level, boolean optional,
        Optional<Duration> retention, int connections) {
    /** Asked for everything. */
    public static final int MAIN = 0;
    /** Asked for what main mirrors lack. */
    public static final int FILL = 1;
    public static final int MOST_LEVEL = 9;

    public MirrorSpec {
        if (level < MAIN || level > MOST_LEVEL || connections < 0
                || connections > FetchRequest.MAX_CONNECTIONS) {
            throw new IllegalArgumentException("level " + level + ", connections " + connections);
        }
    }

    /** A mirror of that level, and nothing else said of it. */
    public static MirrorSpec of(ServerAddress address, int level) {
        return new MirrorSpec(address, level, false, Optional.empty(), 0);
    }
}
