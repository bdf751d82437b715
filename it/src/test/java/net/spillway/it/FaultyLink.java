package net.spillway.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A TCP proxy on loopback that can be made to fail as networks do. Its own port stays the same
 * for its whole life, whatever becomes of the target, so that it can stand in configuration files
 * before the target is even there.
 */
final class FaultyLink implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;
    /** Pieces that a way can hold. */
    private static final int ON_THE_WAY = 64;

    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private final Set<Socket> servers = ConcurrentHashMap.newKeySet();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger flips = new AtomicInteger();
    private volatile long delayNanos;
    private volatile int sliced;
    private final Object gate = new Object();
    private ServerSocket listener;
    private Thread accepting;
    private volatile InetSocketAddress target;
    private boolean stalled;
    private volatile boolean closed;

    /** A link that leads nowhere yet: whoever connects is accepted and dropped. */
    FaultyLink() {
        try {
            listener = listen(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = listener.getLocalPort();
        acceptFrom(listener);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Where to connect to. */
    int port() {
        return port;
    }

    /** As the configuration of a peer has it. */
    String address() {
        return "nntp://127.0.0.1:" + port;
    }

    /** Connections made since the link is there go here; empty-handed ones are dropped. */
    void leadTo(InetSocketAddress newTarget) {
        target = newTarget;
    }

    /** How many connections have been made to this link. */
    int accepted() {
        return accepted.get();
    }

    /** How many octets have gone through, both ways. */
    long octets() {
        return octets.get();
    }

    /** Drops every connection there is; new ones are let through. */
    void cut() {
        for (Socket socket : sockets) {
            closeQuietly(socket);
        }
    }

    /** Connections stay open and new ones are made, but nothing comes through any more. */
    void stall() {
        synchronized (gate) {
            stalled = true;
        }
    }

    /** What comes from now on arrives so much later, in both directions. */
    void delay(Duration by) {
        delayNanos = by.toNanos();
    }

    /** Connections made from now on pass so many octets each way one by one. */
    void slice(int octetsEachWay) {
        sliced = octetsEachWay;
    }

    /** So many of the next pieces that go through have a bit in the middle turned over. */
    void flip(int pieces) {
        flips.set(pieces);
    }

    /** Ends every connection with an RST: what the other side has not read is lost to it. */
    void reset() throws IOException {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
            } catch (SocketException e) {
                continue; // It has just been closed.
            }
            closeQuietly(socket);
        }
    }

    /** The target sees the end of what it is sent, and can still answer. */
    void halfClose() {
        for (Socket server : servers) {
            try {
                server.shutdownOutput();
            } catch (IOException e) {
                // It is closed both ways already.
                continue;
            }
        }
    }

    /** The message-IDs of all articles that went through whole, as often as they did. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Drops every connection and refuses new ones. */
    synchronized void refuse() {
        closeListener();
        cut();
    }

    /** Ends a stall or a refusal; what was held back comes through now. */
    synchronized void restore() throws IOException {
        synchronized (gate) {
            stalled = false;
            gate.notifyAll();
        }
        if (listener.isClosed() && !closed) {
            listener = listen(port);
            acceptFrom(listener);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeListener();
        synchronized (gate) {
            stalled = false;
            gate.notifyAll();
        }
        cut();
    }

    private void closeListener() {
        try {
            listener.close();
            accepting.join(); // Until it has left, the system may let one more in.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptFrom(ServerSocket from) {
        accepting = Thread.ofVirtual().name("link-" + port).start(() -> {
            while (!from.isClosed()) {
                try {
                    join(from.accept());
                } catch (IOException e) {
                    // The listener was closed, which ends the loop, or one client went at once.
                }
            }
        });
    }

    private void join(Socket client) {
        accepted.incrementAndGet();
        sockets.add(client);
        Thread.ofVirtual().start(() -> {
            Socket server = new Socket();
            try {
                InetSocketAddress to = target;
                if (to == null) {
                    throw new IOException("leads nowhere yet");
                }
                sockets.add(server);
                server.connect(to, 5_000);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                servers.add(server);
                Thread back = Thread.ofVirtual().start(() -> pump(server, client, octets -> { }));
                ArticlesSeen seen = new ArticlesSeen(bodies::add);
                pump(client, server, seen::through);
                back.join();
            } catch (IOException e) {
                // As if the target were not there: the client sees its connection dropped.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                closeQuietly(client);
                closeQuietly(server);
                sockets.remove(client);
                sockets.remove(server);
                servers.remove(server);
            }
        });
    }

    /** Octets on their way; none: the sender has ended. */
    private record Chunk(long dueNanos, byte[] octets) {
    }

    private void pump(Socket from, Socket to, Consumer<byte[]> through) {
        BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(ON_THE_WAY);
        Thread writer = Thread.ofVirtual().start(() -> deliver(onTheWay, from, to, through));
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                onTheWay.put(new Chunk(System.nanoTime() + delayNanos,
                        Arrays.copyOf(buffer, n)));
            }
            onTheWay.put(new Chunk(System.nanoTime() + delayNanos, new byte[0]));
            writer.join();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
            writer.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(BlockingQueue<Chunk> onTheWay, Socket from, Socket to,
            Consumer<byte[]> through) {
        try {
            OutputStream out = to.getOutputStream();
            int single = sliced;
            for (Chunk next = onTheWay.take(); next.octets().length > 0; next = onTheWay.take()) {
                TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
                awaitGate();
                byte[] octets = next.octets();
                if (to.isOutputShutdown()) {
                    continue; // Half-closed by us: the rest is lost.
                }
                if (flips.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    octets[octets.length / 2] ^= 0x10;
                }
                int one = Math.min(single, octets.length);
                for (int i = 0; i < one; i++) {
                    out.write(octets[i]);
                }
                single -= one;
                out.write(octets, one, octets.length - one);
                this.octets.addAndGet(octets.length);
                through.accept(octets);
            }
            if (!to.isOutputShutdown()) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitGate() throws IOException {
        synchronized (gate) {
            while (stalled) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to be done with it.
        }
    }
}
