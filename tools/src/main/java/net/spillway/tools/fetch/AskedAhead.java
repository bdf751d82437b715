package net.spillway.tools.fetch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What will be wanted next, after something that has to come first: it may be asked for while a
 * connection would be idle, but what comes of it is left where it is until it is wanted. The {@link
 * MirrorSet}'s lock guards it.
 */
final class AskedAhead {
    private final Deque<Wanted> waiting = new ArrayDeque<>();
    private final Set<Wanted> heldBack = new HashSet<>();
    private boolean leading;

    /** From now on what comes first is fetched, and these articles are wanted after it. */
    void lead(Collection<Wanted> next) {
        waiting.clear();
        waiting.addAll(next);
        leading = true;
    }

    /** What comes first has come. What was asked for ahead of it is still held back. */
    void follow() {
        waiting.clear();
        leading = false;
    }

    /** Whether what is being fetched is something else that comes before. */
    boolean isLeading() {
        return leading;
    }

    /** What this mirror should be asked for ahead, if anything is left that it may have. */
    Optional<Wanted> first(Mirror mirror) {
        while (!waiting.isEmpty() && (waiting.peek().denied & mirror.bit()) != 0) {
            waiting.poll();
        }
        return Optional.ofNullable(waiting.peek());
    }

    /** Notes that it is being asked for; false if it is none of these. */
    boolean ask(Wanted w) {
        if (w != waiting.peek()) {
            return false;
        }
        heldBack.add(waiting.poll());
        return true;
    }

    /** Whether what comes of it is to be left where it is. */
    boolean isHeldBack(Wanted w) {
        return heldBack.contains(w);
    }

    /** Nothing is asked for ahead any more, nor held back; true if something was held back. */
    boolean release() {
        waiting.clear();
        boolean held = !heldBack.isEmpty();
        heldBack.clear();
        return held;
    }
}
