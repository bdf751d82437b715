package net.spillway.tools;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * A server, with everything needed to talk to it.
 *
 * @param host name or address, IPv6 without brackets
 * @param port 1 to 65535
 * @param tls whom to believe, when TLS is spoken from the first byte; empty for plain text
 * @param login what to say if the server wants a login
 */
public record ServerAddress(
        String host, int port, Optional<TlsTrust> tls, Optional<Credentials> login) {
    public ServerAddress {
        Objects.requireNonNull(host);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(login);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 1 to 65535");
        }
    }

    /** A plain address without a login. */
    public static ServerAddress plain(String host, int port) {
        return new ServerAddress(host, port, Optional.empty(), Optional.empty());
    }

    /**
     * Connects a blocking socket, with TLS already shaken hands over it where this address wants
     * it. The time-out bounds connecting and every read during the handshake; afterwards it is
     * still set as the socket's read time-out.
     */
    public Socket connect(Duration timeout) throws IOException {
        return connect(new Socket(), timeout);
    }

    /**
     * The same, for one who sends much: what is not encrypted may go through the socket's channel,
     * which it has then. A thread that is interrupted while it waits for such a socket closes it.
     */
    public Socket connectToSend(Duration timeout) throws IOException {
        return connect(tls.isPresent() ? new Socket() : SocketChannel.open().socket(), timeout);
    }

    private Socket connect(Socket socket, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            socket.connect(new InetSocketAddress(host, port), millis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            if (tls.isEmpty()) {
                return socket;
            }
            SSLSocket secured = tls.get().over(socket, host, port);
            secured.startHandshake();
            return secured;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** {@code HOST:PORT}, or {@code nntps://HOST:PORT}; never the login. */
    @Override
    public String toString() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return (tls.isPresent() ? "nntps://" : "") + shown + ":" + port;
    }
}
