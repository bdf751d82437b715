package net.spillway.tools.post;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;

/**
 * The connections that post, each with its thread and opened when it is first needed. Articles are
 * handed to {@link #put}, which waits when all are busy; {@link #await} waits until every article
 * has been taken by a server. The first failure that can't be got over ends the pool, and is thrown
 * by whatever is called next.
 */
final class PostingPool implements AutoCloseable {
    private static final long WATCH_MS = 500;

    private final PostJournal journal;
    private final int maybeSent;
    private final PostingServers servers;
    private final PostRequest request;
    private final Progress.Task task;
    private final Pace pace;
    private final List<PostingConnection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong retries = new AtomicLong();
    private final Set<Integer> doubtful = ConcurrentHashMap.newKeySet();
    private volatile boolean anySent;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Outgoing> fresh = new ArrayDeque<>();
    private final Deque<Parcel> again = new ArrayDeque<>();
    private volatile String trouble = "";
    private int unsettled;
    private boolean closed;
    private RuntimeException failure;

    /** Starts without a connection. */
    PostingPool(PostRequest request, ArticleHeads heads, PostJournal journal,
            Progress.Task task, Progress progress) {
        this.request = request;
        this.journal = journal;
        this.maybeSent = journal.sent();
        this.task = task;
        this.pace = new Pace(request.rate());
        this.servers = new PostingServers(request.to(), request.patience(), words -> {
            trouble = words;
            task.detail(words);
        }, progress::warn);
        for (int i = 0; i < request.connections(); i++) {
            PostingConnection connection = new PostingConnection(
                    this, servers, request, new ArticleEncoder(heads));
            connections.add(connection);
            threads.add(Thread.ofPlatform().daemon().name("post-" + i).unstarted(
                    () -> run(connection)));
        }
        threads.forEach(Thread::start);
        Thread.ofVirtual().name("post-watch").start(this::watch);
    }

    /** Hands over an article; waits while as many are waiting as there are connections. */
    void put(Outgoing article) throws IOException, InterruptedException {
        if (article.number() >= maybeSent) {
            journal.sending(article.number());
        }
        enqueue(article);
    }

    /** Hands over an article that a server has, or had: it is asked for before it is sent. */
    void putAgain(Outgoing article) throws InterruptedException {
        doubtful.add(article.number());
        enqueue(article);
    }

    private void enqueue(Outgoing article) throws InterruptedException {
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

    /** Fails if nothing more can be posted. */
    void requireGoing() {
        lock.lock();
        try {
            throwFailure();
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

    /** What each server took. */
    List<PostResult.Server> shares() {
        return servers.shares();
    }

    /** Whether an article was sent, successfully or not. */
    boolean isAnySent() {
        return anySent;
    }

    void sending() {
        anySent = true;
    }

    void countRetry() {
        retries.incrementAndGet();
    }

    Pace pace() {
        return pace;
    }

    /** Ends with this failure, unless there was one before. */
    private void fail(RuntimeException e) {
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
            connection.run();
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

    /**
     * The next article to send.
     *
     * @param wait whether to wait for one
     * @return null when there is none now, or when the pool is closed
     */
    Parcel take(boolean wait) throws InterruptedException {
        Outgoing next;
        lock.lockInterruptibly();
        try {
            while (wait && failure == null && !closed && again.isEmpty() && fresh.isEmpty()) {
                changed.await();
            }
            if (failure != null || closed) {
                return null;
            }
            if (!again.isEmpty()) {
                return again.poll();
            }
            if (fresh.isEmpty()) {
                return null;
            }
            next = fresh.poll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return new Parcel(
                next, next.number() < maybeSent || doubtful.contains(next.number()));
    }

    /** A server has the article. */
    void settled(Parcel parcel) {
        try {
            journal.done(parcel.article.number(), parcel.encoded);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "The journal cannot be written: " + e.getMessage() + ".", e);
        }
        tell(parcel, parcel.article.length());
        lock.lock();
        try {
            unsettled--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** So many octets of the file, of those in an article, are on their way. */
    void tell(Parcel parcel, int octets) {
        task.advance(octets - parcel.told);
        parcel.told = octets;
    }

    /** Another connection, or another time, for an article. */
    void giveBack(Parcel parcel) {
        tell(parcel, 0);
        lock.lock();
        try {
            again.add(parcel);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Breaks connections that hang while they send, and tells how much each server takes. */
    private void watch() {
        long began = System.nanoTime();
        try {
            while (!isClosed()) {
                Thread.sleep(WATCH_MS);
                connections.forEach(PostingConnection::checkProgress);
                if (trouble.isEmpty() && request.to().size() > 1) {
                    task.detail(sharesInWords(Duration.ofNanos(System.nanoTime() - began)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String sharesInWords(Duration elapsed) {
        List<String> words = new ArrayList<>();
        for (PostResult.Server share : servers.shares()) {
            if (share.articles() > 0) {
                words.add(share.server() + " " + Figures.count(share.articles()) + ", "
                        + Figures.rate(share.bytes(), elapsed));
            }
        }
        return String.join("; ", words);
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
        servers.close();
        if (done) {
            letThemQuit();
        }
        connections.forEach(PostingConnection::close);
        threads.forEach(Thread::interrupt);
        letThemQuit(); // Nothing is written to the journal once this returns.
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
