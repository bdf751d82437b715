package net.spillway.tools.fetch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.spillway.tools.progress.Figures;

/** What each mirror gave in the last few seconds, as far as it has been looked at so often. */
final class RecentRates {
    private static final long SPAN = TimeUnit.SECONDS.toNanos(4);

    private record Sample(long at, List<Long> octets) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Octets a second of each mirror, in words.
     *
     * @param octets what each has sent in all until now
     * @param now {@link System#nanoTime}
     */
    synchronized List<String> of(List<Long> octets, long now) {
        samples.add(new Sample(now, List.copyOf(octets)));
        while (now - samples.getFirst().at() > SPAN && samples.size() > 2) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        Duration since = Duration.ofNanos(now - first.at());
        return IntStream.range(0, octets.size()).mapToObj(
                i -> Figures.rate(octets.get(i) - first.octets().get(i), since)).toList();
    }
}
