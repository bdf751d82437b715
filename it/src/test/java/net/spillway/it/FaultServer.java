package net.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A foreign NNTP server in memory that misbehaves as a script tells it: it knows the reader
 * commands, POST, IHAVE, CHECK and TAKETHIS, and none of Spillway's own. Servers made of the same
 * map share their articles. It has none of the product's code in it.
 *
 * <p>What is scripted must be set before clients come, except that {@link #down} and
 * {@link #downFor} may be called at any time.
 */
final class FaultServer implements AutoCloseable {
    /**
     * A request for an article, or the offer of one.
     *
     * @param id with brackets; empty for POST, whose article has not come yet
     * @param ofArticle how often this server was asked for this article, this time included
     * @param inAll how many requests of its kind it has had, this one included
     */
    record Request(String id, int ofArticle, int inAll) {}

    /** Decides what goes wrong. */
    @FunctionalInterface
    interface Script<F> {
        Optional<F> fault(Request request);

        /** Nothing ever goes wrong. */
        static <F> Script<F> none() {
            return request -> Optional.empty();
        }

        /** Always the same with these message-IDs. */
        static <F> Script<F> of(Collection<String> ids, F fault) {
            Set<String> set = Set.copyOf(ids);
            return request -> set.contains(request.id()) ? Optional.of(fault) : Optional.empty();
        }

        /** One article after the other, beginning with the first request. */
        @SafeVarargs
        static <F> Script<F> first(F... faults) {
            return request -> request.inAll() <= faults.length
                    ? Optional.of(faults[request.inAll() - 1]) : Optional.empty();
        }

        /** All of them. */
        static <F> Script<F> always(F fault) {
            return request -> Optional.of(fault);
        }
    }

    private final Map<String, byte[]> articles;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> misses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();
    private final AtomicInteger bodies = new AtomicInteger();
    private final AtomicInteger posts = new AtomicInteger();
    private final AtomicInteger posted = new AtomicInteger();
    private final AtomicInteger toRefuse = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Script<BodyFault> onBody = Script.none();
    private volatile Script<PostFault> onPost = Script.none();
    private volatile String greeting = "200 ready";
    private volatile boolean streaming;
    private volatile boolean knowsStat = true;
    private volatile boolean down;
    private volatile Duration late = Duration.ofMillis(300);

    /** A server without articles. */
    FaultServer() throws IOException {
        this(new ConcurrentHashMap<>());
    }

    /** A server with these articles, by message-ID, in wire form with the final dot. */
    FaultServer(Map<String, byte[]> articles) throws IOException {
        this.articles = articles;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("fault-server").start(this::accept);
    }

    /** What goes wrong when BODY or ARTICLE is asked for. */
    FaultServer onBody(Script<BodyFault> script) {
        onBody = script;
        return this;
    }

    /** What goes wrong when an article is posted, or comes by IHAVE or TAKETHIS. */
    FaultServer onPost(Script<PostFault> script) {
        onPost = script;
        return this;
    }

    /** The first line a client sees; one that does not begin with 20 is the last; "" hangs. */
    FaultServer greeting(String line) {
        greeting = line;
        return this;
    }

    /** It takes articles by CHECK and TAKETHIS too. */
    FaultServer streaming() {
        streaming = true;
        return this;
    }

    /** STAT is answered with 500. */
    FaultServer withoutStat() {
        knowsStat = false;
        return this;
    }

    /** What late is. */
    FaultServer lateBy(Duration time) {
        late = time;
        return this;
    }

    /** From now on connections break at once, those there are included. */
    void down() {
        down = true;
        breakAll();
    }

    /** All connections break now, and so many further ones at once; then it is back. */
    void downFor(int connections) {
        toRefuse.set(connections);
        breakAll();
    }

    private void breakAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    String hostPort() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    Map<String, byte[]> articles() {
        return articles;
    }

    /** How often that article was asked for by BODY or ARTICLE. */
    int requests(String id) {
        return requests.getOrDefault(id, new AtomicInteger()).get();
    }

    /** How often any was asked for. */
    int requests() {
        return bodies.get();
    }

    /** Requests for articles that were answered with 430. */
    int misses() {
        return misses.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** How often each article came in completely, whatever was done with it then. */
    Map<String, AtomicInteger> received() {
        return received;
    }

    /** How often POST was asked. */
    int posted() {
        return posted.get();
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        listener.close();
        breakAll();
    }

    // --- for the sessions -----------------------------------------------------------------------

    String greeting() {
        return greeting;
    }

    boolean isStreaming() {
        return streaming;
    }

    boolean knowsStat() {
        return knowsStat;
    }

    Optional<BodyFault> bodyFault(String id) {
        int n = requests.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
        Optional<BodyFault> fault = onBody.fault(new Request(id, n, bodies.incrementAndGet()));
        if (fault.isEmpty() && !articles.containsKey(id)) {
            fault = Optional.of(BodyFault.MISSING);
        }
        if (fault.filter(f -> f == BodyFault.MISSING).isPresent()) {
            misses.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
        }
        return fault;
    }

    /** Whether STAT finds it: what BODY would always say it lacks is not here for STAT either. */
    boolean has(String id) {
        return articles.containsKey(id) && onBody.fault(new Request(id, 1, Integer.MAX_VALUE))
                .filter(f -> f == BodyFault.MISSING).isEmpty();
    }

    Optional<PostFault> postFault(String id) {
        posted.addAndGet(id.isEmpty() ? 1 : 0);
        int before = received.getOrDefault(id, new AtomicInteger()).get();
        return onPost.fault(new Request(id, before + 1, posts.incrementAndGet()));
    }

    /** An article came; false if it was here before. */
    boolean keep(String id, byte[] wire, boolean really) {
        received.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
        return !really || articles.putIfAbsent(id, wire) == null;
    }

    void hang() throws InterruptedException {
        end.await();
    }

    void beLate() throws InterruptedException {
        end.await(late.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                if (down || toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    socket.close();
                } else {
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new FaultSession(this, socket).run();
        } catch (IOException e) {
            // The client went away, or we closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
