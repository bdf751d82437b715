package net.spillway.feed.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;

/**
 * MINA's loop over a selector, which also runs tasks on its thread, and differs in four points.
 *
 * <ul>
 *   <li>What the selector waits for is changed on the loop's thread alone, and reading and writing
 *       do not meddle with each other. In MINA's own loop {@link IoSession#suspendRead} and {@link
 *       IoSession#resumeRead} change it on the caller's thread, while the loop changes it too; and
 *       they take a write of which a part has gone out for none, so that the rest of it is never
 *       sent.
 *   <li>All connections of a loop are read through one large buffer outside the heap, so an idle
 *       one has none and a busy one needs few calls. <b>The buffer that a handler is told of is
 *       its own only until it returns.</b>
 *   <li>Connections and tasks have their turns one after the other, so no turn may be long: what
 *       is read at once is a {@link ReadShare}, {@link ReadRounds} says of whom, and a task that
 *       is added while tasks run waits until connections have had their turn.
 *   <li>The loop does not wake itself: that costs two calls of the system for each write.
 * </ul>
 */
public final class EventLoop extends NioProcessor implements Executor {
    /** Small enough to stay in the processor's cache from the socket to where it is copied. */
    private static final int READ_OCTETS = 256 * 1024;
    private static final AttributeKey SHARE = new AttributeKey(EventLoop.class, "share");

    private final TaskRounds tasks = new TaskRounds();
    private final ReadRounds rounds = new ReadRounds();
    private final IoBuffer read = IoBuffer.wrap(ByteBuffer.allocateDirect(READ_OCTETS));
    private volatile Thread thread;
    /** Something is to be done before the loop may sleep; belongs to its thread. */
    private boolean awake;

    /** @param threads gives the loop its thread */
    public EventLoop(Executor threads) {
        super(threads);
    }

    /** Has a task run on the loop's thread, soon; before the first connection, only after that. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wakeup();
    }

    /**
     * As {@link #execute}, for those that keep the loop busy: of such tasks only a few run before
     * connections have their turn and other tasks are run again.
     */
    public void executeLater(Runnable task) {
        tasks.putOff(task);
        wakeup();
    }

    /** Only reading is ever suspended; when to write is known to the loop alone. */
    @Override
    public void updateTrafficControl(NioSession session) {
        if (Thread.currentThread() == thread) {
            applySuspension(session);
        } else {
            execute(() -> applySuspension(session));
        }
    }

    private void applySuspension(NioSession session) {
        try {
            setInterestedInRead(session, !session.isReadSuspended());
        } catch (Exception e) {
            session.getFilterChain().fireExceptionCaught(e);
        }
    }

    @Override
    protected void wakeup() {
        if (Thread.currentThread() == thread) {
            awake = true;
        } else {
            super.wakeup();
        }
    }

    @Override
    protected int select(long timeout) throws Exception {
        thread = Thread.currentThread();
        int selected;
        if (awake || !tasks.isEmpty()) {
            awake = false;
            wakeupCalled.set(true); // Or MINA takes many empty selections for a broken selector.
            selected = selector.selectNow();
        } else {
            selected = super.select(timeout);
        }
        rounds.begin();
        tasks.runRound();
        return selected;
    }

    /** Tasks come also when there are no connections, so its thread stays until it is disposed. */
    @Override
    protected int allSessionsCount() {
        return super.allSessionsCount() + (isDisposing() ? 0 : 1);
    }

    /** Hands on by itself what was read, and tells MINA of nothing but the end. */
    @Override
    protected int read(NioSession session, IoBuffer none) throws Exception {
        ReadShare share = share(session);
        if (!rounds.mayRead(share)) {
            return 0;
        }
        read.clear().limit(share.octets(session.getConfig().getMaxReadBufferSize()));
        int octets = super.read(session, read);
        if (octets <= 0) {
            return octets;
        }
        read.flip();
        long from = System.nanoTime();
        // As a duplicate: of that MINA's TLS filter copies what it keeps.
        session.getFilterChain().fireMessageReceived(read.duplicate());
        share.took(octets, System.nanoTime() - from);
        return 0;
    }

    private static ReadShare share(NioSession session) {
        ReadShare share = (ReadShare) session.getAttribute(SHARE);
        if (share == null) {
            share = new ReadShare(READ_OCTETS);
            session.setAttribute(SHARE, share);
        }
        return share;
    }
}
