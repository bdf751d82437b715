package net.spillway.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on loopback that can be made to fail as networks do. Its own port stays the same
 * for its whole life, whatever becomes of the target, so that it can stand in configuration files
 * before the target is even there.
 */
final class FaultyLink implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private final Object gate = new Object();
    private ServerSocket listener;
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptFrom(ServerSocket from) {
        Thread.ofVirtual().name("link-" + port).start(() -> {
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
                Thread back = Thread.ofVirtual().start(() -> pump(server, client));
                pump(client, server);
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
            }
        });
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitGate();
                out.write(buffer, 0, n);
                octets.addAndGet(n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
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
