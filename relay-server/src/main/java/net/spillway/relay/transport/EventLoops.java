package net.spillway.relay.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.feed.transport.EventLoop;

/** A few {@link EventLoop}s that share the connections among them. Safe for use by many threads. */
final class EventLoops implements AutoCloseable {
    private final ExecutorService threads;
    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    /** @param count of loops, 1 or more */
    EventLoops(String name, int count) {
        threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().name(name + "-", 1).factory());
        for (int i = 0; i < count; i++) {
            loops.add(new EventLoop(threads));
        }
    }

    /** The one whose turn it is to have another connection. */
    EventLoop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** Drops whoever is still connected. */
    @Override
    public void close() {
        loops.forEach(EventLoop::dispose);
        threads.shutdown();
    }
}
