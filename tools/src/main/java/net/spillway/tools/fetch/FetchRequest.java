package net.spillway.tools.fetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.spillway.tools.ServerAddress;

/**
 * What to fetch, where from, and how. Start from {@link #of} and change what differs.
 *
 * @param manifest an NZB, plain or gzip
 * @param from mirrors, all used at once; 1 to 64
 * @param output the folder everything goes to; made if need be; nothing is written outside it
 * @param connections connections to each mirror that has no number of its own, 1 to 64
 * @param keepBroken whether files that cannot be made whole are kept, under names that say so
 * @param join whether {@code x.001}, {@code x.002} and so on become {@code x}
 * @param overwrite whether files that have the names of what is fetched are replaced by it
 * @param connectTimeout for connecting, the greeting and the login
 * @param stallTimeout how long a mirror that owes an answer may be silent
 * @param patience how long to go on trying when no mirror can be reached
 * @param survey how long data waits at most for mirrors to say what they have
 */
public record FetchRequest(
        Path manifest,
        List<MirrorSpec> from,
        Path output,
        int connections,
        boolean keepBroken,
        boolean join,
        boolean overwrite,
        Duration connectTimeout,
        Duration stallTimeout,
        Duration patience,
        Duration survey) {
    public static final int DEFAULT_CONNECTIONS = 4;
    public static final int MAX_CONNECTIONS = 64;
    public static final int MAX_MIRRORS = 64;

    public FetchRequest {
        from = List.copyOf(from);
    }

    /** From main mirrors, with the defaults for everything else. */
    public static FetchRequest of(Path manifest, List<ServerAddress> from, Path output) {
        return new FetchRequest(manifest,
                from.stream().map(a -> MirrorSpec.of(a, MirrorSpec.MAIN)).toList(), output,
                DEFAULT_CONNECTIONS, false, true, false,
                Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(15),
                Duration.ofMillis(600));
    }

    public FetchRequest withMirrors(List<MirrorSpec> mirrors) {
        return new FetchRequest(manifest, mirrors, output, connections, keepBroken, join, overwrite,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withConnections(int number) {
        return new FetchRequest(manifest, from, output, number, keepBroken, join, overwrite,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withKeepBroken(boolean keep) {
        return new FetchRequest(manifest, from, output, connections, keep, join, overwrite,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withJoin(boolean joined) {
        return new FetchRequest(manifest, from, output, connections, keepBroken, joined, overwrite,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withOverwrite(boolean replaced) {
        return new FetchRequest(manifest, from, output, connections, keepBroken, join, replaced,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withPatience(Duration longest) {
        return new FetchRequest(manifest, from, output, connections, keepBroken, join, overwrite,
                connectTimeout, stallTimeout, longest, survey);
    }

    /** See the record's parameters of these names. */
    public FetchRequest withTimes(
            Duration connectTimeout, Duration stallTimeout, Duration patience) {
        return new FetchRequest(manifest, from, output, connections, keepBroken, join, overwrite,
                connectTimeout, stallTimeout, patience, survey);
    }

    public FetchRequest withSurvey(Duration longest) {
        return new FetchRequest(manifest, from, output, connections, keepBroken, join, overwrite,
                connectTimeout, stallTimeout, patience, longest);
    }
}
