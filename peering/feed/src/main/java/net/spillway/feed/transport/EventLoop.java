package net.spillway.feed.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MINA's loop over a selector, which also runs tasks on its thread. What the selector waits for is
 * changed on that thread alone, and reading and writing do not meddle with each other.
 *
 * <p>In MINA's own loop {@link IoSession#suspendRead} and {@link IoSession#resumeRead} change it on
 * the caller's thread, while the loop changes it too; and they take a write of which a part has
 * gone out for none, so that the rest of it is never sent.
 */
public final class EventLoop extends NioProcessor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** @param threads gives the loop its thread while it has connections */
    public EventLoop(Executor threads) {
        super(threads);
    }

    /** Has a task run on the loop's thread, soon; not at all while the loop has no connections. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wakeup();
    }

    /** Only reading is ever suspended; when to write is known to the loop alone. */
    @Override
    public void updateTrafficControl(NioSession session) {
        execute(() -> {
            try {
                setInterestedInRead(session, !session.isReadSuspended());
            } catch (Exception e) {
                session.getFilterChain().fireExceptionCaught(e);
            }
        });
    }

    @Override
    protected int select(long timeout) throws Exception {
        int selected = super.select(timeout);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task of the loop failed", e);
            }
        }
        return selected;
    }
}
