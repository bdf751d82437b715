package net.spillway.benchmarks.feed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A reader that asks one thing after the other. */
final class Nntp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final OutputStream out;

    Nntp(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
        in.readLine();
        ask("MODE READER");
    }

    String ask(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String reply = in.readLine();
        if (reply == null) {
            throw new IOException("the server closed the connection at " + line);
        }
        return reply;
    }

    /** How many articles a group holds. */
    long count(String group) throws IOException {
        String reply = ask("GROUP " + group);
        if (!reply.startsWith("211 ")) {
            throw new IOException("GROUP " + group + " was answered: " + reply);
        }
        return Long.parseLong(reply.split(" ")[1]);
    }

    /** Posts an article, and returns when that is acknowledged. */
    void post(String article) throws IOException {
        String reply = ask("POST");
        if (reply.startsWith("340")) {
            reply = ask(article + "\r\n.");
        }
        if (!reply.startsWith("240")) {
            throw new IOException("a post was answered: " + reply);
        }
    }

    boolean has(String id) throws IOException {
        return ask("STAT " + id).startsWith("223");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
