package net.spillway.tools.post;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Progress;

/**
 * The connections that post, each with its thread. Articles are handed to {@link #put}, which waits
 * when all are busy; {@link #await} waits until every article has been taken by a server. The first
 * failure that can't be got over ends the pool, and is thrown by whatever is called next.
 */
final class PostingPool implements AutoCloseable {
    private final ArticleBuilder builder;
    private final PostingServers servers;
    private final PostRequest request;
    private final Progress.Task task;
    private final List<PostingConnection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong retries = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Outgoing> fresh = new ArrayDeque<>();
    private final Deque<Encoded> again = new ArrayDeque<>();
    private int unsettled;
    private int working;
    private boolean closed;
    private RuntimeException failure;

    /** An article as it goes over the wire; {@code uncertain} if a server may have it already. */
    record Encoded(Outgoing article, byte[] wire, boolean uncertain) {}

    PostingPool(PostRequest request, ArticleBuilder builder, Progress.Task task) {
        this.request = request;
        this.builder = builder;
        this.task = task;
        this.servers = new PostingServers(request.to(), request.patience(), task::detail);
        for (int i = 0; i < request.connections(); i++) {
            PostingConnection connection = new PostingConnection(this, servers, request);
            connections.add(connection);
            threads.add(Thread.ofPlatform().daemon().name("post-" + i).unstarted(
                    () -> run(connection)));
        }
        working = threads.size();
        threads.forEach(Thread::start);
    }

    /** Hands over an article; waits while as many are waiting as there are connections. */
    void put(Outgoing article) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && fresh.size() >= request.connections()) {
                changed.await();
            }
            throwFailure();
            fresh.add(article);
            unsettled++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a server has taken every article. */
    void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && unsettled > 0) {
                changed.await();
            }
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    /** How often an article was sent again. */
    long retries() {
        return retries.get();
    }

    void countRetry() {
        retries.incrementAndGet();
    }

    /** Ends with this failure, unless there was one before. */
    void fail(RuntimeException e) {
        lock.lock();
        try {
            if (failure == null) {
                failure = e;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private void run(PostingConnection connection) {
        try {
            Encoded article = take();
            while (article != null) {
                if (!connection.deliver(article)) {
                    retire(connection.unsettled());
                    return;
                }
                settled(article);
                article = take();
            }
            connection.quit();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } catch (CommandFailure e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new CommandFailure(ExitCode.FAILED, "Posting broke off: " + e, e));
        } finally {
            connection.close();
        }
    }

    /** The next article to send; null when the pool is closed. */
    private Encoded take() throws InterruptedException {
        Outgoing next;
        lock.lockInterruptibly();
        try {
            while (failure == null && !closed && again.isEmpty() && fresh.isEmpty()) {
                changed.await();
            }
            if (failure != null || closed) {
                return null;
            }
            if (!again.isEmpty()) {
                return again.poll();
            }
            next = fresh.poll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        byte[] wire = builder.wire(next);
        next.data().release();
        return new Encoded(next, wire, false);
    }

    private void settled(Encoded article) {
        lock.lock();
        try {
            unsettled--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        task.advance(article.article().length());
    }

    /** A connection too many: another takes its article. The last one is never retired. */
    private void retire(Encoded article) {
        lock.lock();
        try {
            again.add(article);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether one connection fewer still leaves one; if so, the caller has to stop. */
    boolean mayRetire() {
        lock.lock();
        try {
            if (working <= 1) {
                return false;
            }
            working--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections; what has not been settled is dropped. */
    @Override
    public void close() {
        boolean done;
        lock.lock();
        try {
            closed = true;
            done = failure == null && unsettled == 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (done) {
            letThemQuit();
        }
        threads.forEach(Thread::interrupt);
        connections.forEach(PostingConnection::close);
    }

    private void letThemQuit() {
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Then without a word.
        }
    }
}
