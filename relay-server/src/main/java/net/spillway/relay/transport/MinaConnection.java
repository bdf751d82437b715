package net.spillway.relay.transport;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.feed.transport.EventLoop;
import net.spillway.relay.access.Client;
import net.spillway.relay.session.FileSpan;
import net.spillway.relay.session.NntpSession;
import net.spillway.relay.session.Outlet;
import net.spillway.relay.session.SessionExecutor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.file.DefaultFileRegion;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;

/**
 * One connection: hands what comes in to the session on its strand, and what the session says to
 * MINA. Both directions are bounded here, since MINA bounds neither: reading is suspended while
 * the session has too much to work off, and {@link #ready()} is false while too much is unsent.
 *
 * <p>Under TLS only one write is under way at a time; MINA's filter overflows at 64.
 */
final class MinaConnection implements Outlet {
    /** What the session has not worked off of what came; articles are none of that any more. */
    private static final int UNREAD_OCTETS = 256 * 1024;
    /** Plain connections: with so much unsent, the next write waits until one has gone. */
    private static final int UNSENT_OCTETS = 256 * 1024;
    /** An article of any size may be unsent and another behind it, so that no gap is between. */
    private static final int UNSENT_WRITES = 2;
    /** What a buffer costs besides its octets. */
    private static final int BUFFER_OVERHEAD = 128;

    private final IoSession session;
    private final long unreadLimit;
    private final UnreadInput unreadOfAll;
    private final Strand strand;
    private NntpSession nntp;
    private volatile Client client;
    /** Said when TLS has begun, on a connection that begins with it; then null. */
    private volatile Runnable firstWords;
    /** From before the last plain words until TLS has begun nothing is read. Guarded by flow. */
    private boolean held;
    private final Object flow = new Object();
    /** The last plain words are among the writes. */
    private volatile boolean securing;
    private Runnable beginTls;

    /** Writes under way, in order: a FileSpan, or an Integer of octets. */
    private final Queue<Object> writes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writeCount = new AtomicInteger();
    private final AtomicLong unsent = new AtomicLong();
    private final AtomicLong unread = new AtomicLong();
    private final AtomicBoolean closeOnce = new AtomicBoolean();
    private volatile boolean wanted;
    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * @param unreadOfAll counts this connection's unread input, too
     * @param threads run what may wait for the disk; all else runs on the session's loop
     */
    MinaConnection(NioSession session, Client client, long pipelineBytes, UnreadInput unreadOfAll,
            Executor threads) {
        this.session = session;
        this.unreadOfAll = unreadOfAll;
        this.client = client;
        this.unreadLimit = Math.min(pipelineBytes, UNREAD_OCTETS);
        EventLoop loop = (EventLoop) session.getProcessor();
        this.strand = new Strand(loop, loop::executeLater, threads);
    }

    Client client() {
        return client;
    }

    /** Where everything of this connection's session runs. */
    SessionExecutor strand() {
        return strand;
    }

    /**
     * Begins; once.
     *
     * @param words greet the client; under TLS only when the handshake is done
     * @param tlsStarter puts TLS on this connection
     */
    void start(NntpSession newSession, Runnable words, Runnable tlsStarter) {
        nntp = newSession;
        beginTls = tlsStarter;
        if (client.tls()) {
            firstWords = words;
        } else {
            strand.execute(words);
        }
    }

    /**
     * The TLS handshake is done.
     *
     * @param shown what the client's certificate is called
     */
    void secured(Set<String> shown) {
        client = client.underTls(shown);
        Runnable words = firstWords;
        if (words != null) {
            firstWords = null;
            strand.execute(() -> nntp.shown(client));
            strand.execute(words);
        } else {
            strand.execute(() -> nntp.secured(client));
        }
    }

    /** MINA has read something; the buffer is not ours. */
    void received(IoBuffer message) {
        ByteBuffer octets = message.buf();
        strand.runNow(() -> nntp.lend(octets));
        if (octets.hasRemaining()) {
            keep(ByteBuffer.allocate(octets.remaining()).put(octets).flip());
        }
    }

    private void keep(ByteBuffer octets) {
        unreadOfAll.add(cost(octets));
        if (unread.addAndGet(cost(octets)) > unreadOfAll.allowed(unreadLimit)) {
            session.suspendRead();
            // The session may have worked all of it off before reading was suspended.
            resumeIfWanted();
        }
        strand.execute(() -> nntp.receive(octets));
    }

    /** MINA has sent the oldest write. */
    void sent() {
        Object write = writes.poll();
        if (write == null) {
            return;
        }
        release(write);
        if (securing && writeCount.get() == 0) {
            client = client.underTls(Set.of());
            beginTls.run();
            securing = false;
            synchronized (flow) {
                held = false;
                session.resumeRead();
            }
        } else if (closing && writeCount.get() == 0) {
            closeNow();
        } else if (wanted && isReady()) {
            wanted = false;
            if (!strand.runNow(nntp::writable)) {
                strand.execute(nntp::writable);
            }
        }
    }

    /** The client will send nothing more. */
    void inputEnded() {
        // The socket stays readable at its end, and MINA would report it for ever.
        session.suspendRead();
        strand.execute(() -> nntp.inputEnded());
    }

    /** Nothing was said for long, as there was nothing to say before TLS has begun. */
    void handshakeTakesLong() {
        if (firstWords != null) {
            session.closeNow();
        }
    }

    /** Nothing went either way for the time that is allowed. */
    void idle() {
        if (firstWords != null) {
            session.closeNow();
            return;
        }
        strand.execute(() -> nntp.idle());
    }

    void shutDown() {
        if (firstWords != null) {
            session.closeNow();
            return;
        }
        strand.execute(() -> nntp.shutDown());
    }

    /** The connection is gone. */
    void ended() {
        closed = true;
        releaseAll();
        strand.execute(() -> nntp.disconnected());
    }

    @Override
    public boolean ready() {
        if (closing || closed) {
            return false;
        }
        if (isReady()) {
            return true;
        }
        wanted = true;
        // A write may have gone out before we said that we want to know.
        if (isReady()) {
            wanted = false;
            return true;
        }
        return false;
    }

    private boolean isReady() {
        int count = writeCount.get();
        return count == 0
                || !client.tls() && (count < UNSENT_WRITES || unsent.get() < UNSENT_OCTETS);
    }

    @Override
    public boolean sendsFiles() {
        return !client.tls();
    }

    @Override
    public void write(ByteBuffer octets) {
        begin(octets.remaining(), octets.remaining());
        session.write(IoBuffer.wrap(octets));
        releaseIfClosed();
    }

    @Override
    public void write(FileSpan span) {
        begin(span, span.length());
        session.write(new DefaultFileRegion(span.channel(), span.position(), span.length()));
        releaseIfClosed();
    }

    /**
     * Reading is suspended before the words go out, on the thread that also reads; so whatever is
     * read before TLS begins was sent before the client could know of it.
     */
    @Override
    public void secure(ByteBuffer lastWords) {
        synchronized (flow) {
            held = true;
            session.suspendRead();
        }
        begin(lastWords.remaining(), lastWords.remaining());
        // Only now: a write before them that is sent meanwhile must not look like the last.
        securing = true;
        session.write(IoBuffer.wrap(lastWords));
        releaseIfClosed();
    }

    private void begin(Object write, long octets) {
        writeCount.incrementAndGet();
        unsent.addAndGet(octets);
        writes.add(write);
    }

    private void release(Object write) {
        long octets = switch (write) {
            case FileSpan span -> {
                span.close();
                yield span.length();
            }
            case Integer n -> n;
            default -> throw new IllegalStateException("no write: " + write);
        };
        unsent.addAndGet(-octets);
        writeCount.decrementAndGet();
    }

    private void releaseIfClosed() {
        if (closed) {
            releaseAll();
        }
    }

    private void releaseAll() {
        for (Object write = writes.poll(); write != null; write = writes.poll()) {
            release(write);
        }
    }

    @Override
    public long octetsIn() {
        return session.getReadBytes();
    }

    @Override
    public long octetsOut() {
        return session.getWrittenBytes();
    }

    @Override
    public void consumed(ByteBuffer received) {
        unread.addAndGet(-cost(received));
        unreadOfAll.add(-cost(received));
        resumeIfWanted();
    }

    private void resumeIfWanted() {
        if (session.isReadSuspended() && !closing
                && unread.get() <= unreadOfAll.allowed(unreadLimit) / 2) {
            synchronized (flow) {
                if (!held) {
                    session.resumeRead();
                }
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        if (writeCount.get() == 0) {
            closeNow();
        }
    }

    /** Everything written is out. Taking the TLS filter away makes it say goodbye properly. */
    private void closeNow() {
        if (closeOnce.compareAndSet(false, true)) {
            if (client.tls() && session.getFilterChain().contains(Listeners.TLS_FILTER)) {
                session.getFilterChain().remove(Listeners.TLS_FILTER);
            }
            session.closeOnFlush();
        }
    }

    @Override
    public void abort() {
        closing = true;
        session.closeNow();
    }

    private static long cost(ByteBuffer buffer) {
        return buffer.capacity() + BUFFER_OVERHEAD;
    }
}
