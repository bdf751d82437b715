package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ports of this machine. */
public final class Port {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Port() {}

    public static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until a server greets. */
    public static void await(Process server, int port, Path log)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (server.isAlive() && System.nanoTime() < end) {
            if (greets(port)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IOException("the server does not come up:\n" + Files.readString(log));
    }

    private static boolean greets(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(1000);
            return socket.getInputStream().read() == '2';
        } catch (IOException notYet) {
            return false;
        }
    }
}
