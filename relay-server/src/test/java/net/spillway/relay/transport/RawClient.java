package net.spillway.relay.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/** A client that sends exactly what it is told and reads lines. */
public final class RawClient implements AutoCloseable {
    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // However busy the machine is.
    }

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawClient(InetSocketAddress address) throws IOException {
        this(address, SocketFactory.getDefault());
    }

    public RawClient(InetSocketAddress address, SSLContext tls) throws IOException {
        this(address, tls.getSocketFactory());
    }

    /** @param from the address that the server sees */
    public RawClient(InetSocketAddress address, InetAddress from) throws IOException {
        this(new Socket(address.getAddress(), address.getPort(), from, 0));
    }

    private RawClient(InetSocketAddress address, SocketFactory factory) throws IOException {
        this(factory.createSocket(address.getAddress(), address.getPort()));
    }

    private RawClient(Socket open) throws IOException {
        socket = open;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = socket.getOutputStream();
    }

    /** This connection from here on under TLS. */
    public RawClient underTls(SSLContext tls) throws IOException {
        return new RawClient(tls.getSocketFactory().createSocket(
                socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true));
    }

    public Socket socket() {
        return socket;
    }

    public RawClient send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** The next line without its CRLF, or null at the end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                if (!text.endsWith("\r")) {
                    throw new IOException("a line ends without CR: " + text);
                }
                return text.substring(0, text.length() - 1);
            }
            line.write(b);
        }
        if (line.size() > 0) {
            throw new EOFException("the end came within the line " + line);
        }
        return null;
    }

    /** Sends a line and reads one. */
    public String ask(String command) throws IOException {
        return send(command + "\r\n").line();
    }

    /** The lines up to the dot, not unstuffed. */
    public String block() throws IOException {
        StringBuilder block = new StringBuilder();
        for (String line = line(); !".".equals(line); line = line()) {
            if (line == null) {
                throw new EOFException("the end came within a block");
            }
            block.append(line).append('\n');
        }
        return block.toString();
    }

    public byte[] read(int octets) throws IOException {
        return in.readNBytes(octets);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
