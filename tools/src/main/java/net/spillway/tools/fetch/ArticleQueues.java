package net.spillway.tools.fetch;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Articles that nobody is being asked for: a queue for each combination of mirrors that need not be
 * asked for what is in it ({@link Wanted#denied}). So what a mirror may have is found without
 * looking through what it has refused already. The {@link MirrorSet}'s lock guards it.
 */
final class ArticleQueues {
    private final Map<Long, Set<Wanted>> queues = new HashMap<>();

    /** Puts an article last in its queue. */
    void add(Wanted w) {
        queues.computeIfAbsent(w.denied, mask -> new LinkedHashSet<>()).add(w);
    }

    /** To be called before {@link Wanted#denied} changes; false if the article does not wait. */
    boolean remove(Wanted w) {
        Set<Wanted> queue = queues.get(w.denied);
        return queue != null && queue.remove(w);
    }

    /**
     * What a mirror should be asked for next: what most others lack comes first.
     *
     * @param bit the mirror's
     * @param before mirrors that must have refused it
     */
    Optional<Wanted> first(long bit, long before) {
        Set<Wanted> best = null;
        int most = -1;
        for (Map.Entry<Long, Set<Wanted>> queue : queues.entrySet()) {
            long refused = queue.getKey();
            if ((refused & bit) == 0 && (refused & before) == before
                    && !queue.getValue().isEmpty() && Long.bitCount(refused) > most) {
                best = queue.getValue();
                most = Long.bitCount(refused);
            }
        }
        return best == null ? Optional.empty() : Optional.of(best.iterator().next());
    }

    /** Whether for all that waits this holds of the mirrors that need not be asked for it. */
    boolean allRefused(LongPredicate by) {
        return queues.entrySet().stream().filter(queue -> !queue.getValue().isEmpty())
                .allMatch(queue -> by.test(queue.getKey()));
    }

    /** Empties all queues. */
    void drain(Consumer<Wanted> each) {
        queues.values().forEach(queue -> {
            queue.forEach(each);
            queue.clear();
        });
    }
}
