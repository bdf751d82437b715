package net.spillway.tools.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import net.spillway.tools.ServerAddress;

/**
 * An address where nobody is. A port that was free a moment ago may have been taken since, and a
 * server just closed may still take a connection; this port is held, and nothing listens there.
 */
public final class Nobody implements Closeable {
    private final Socket held = new Socket();

    public Nobody() throws IOException {
        held.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    public ServerAddress address() {
        return ServerAddress.plain("127.0.0.1", held.getLocalPort());
    }

    public String hostPort() {
        return "127.0.0.1:" + held.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
