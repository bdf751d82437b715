package net.spillway.it;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The plainest possible NNTP client: octets as they are on the wire. It shares no code with the
 * product, so that the two cannot be wrong in the same way.
 */
final class NntpWire implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] input = new byte[64 * 1024];
    /** What was read and not taken yet: [at, end). */
    private int at;
    private int end;

    /** Connects and reads the greeting. */
    NntpWire(InetSocketAddress address) throws IOException {
        try {
            socket.connect(address, READ_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            String greeting = readLine();
            if (!greeting.startsWith("20")) {
                throw new IOException("greeted with: " + greeting);
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a line without waiting for anything. */
    void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends octets as they are without waiting for anything. */
    void send(byte[] octets) throws IOException {
        out.write(octets);
    }

    /** Sends a line and gives the first line of the reply. */
    String ask(String line) throws IOException {
        send(line);
        return readLine();
    }

    /** Sends a line and gives the block that follows its positive reply, in wire form. */
    byte[] askBlock(String line) throws IOException {
        String reply = ask(line);
        if (!reply.startsWith("1") && !reply.startsWith("2")) {
            throw new IOException(line + " was answered: " + reply);
        }
        return readBlock();
    }

    /** Sends a line and gives the lines of the block that follows, unstuffed. */
    List<String> askLines(String line) throws IOException {
        String block = new String(askBlock(line), StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String each : block.split("\r\n")) {
            if (!each.equals(".")) {
                lines.add(each.startsWith(".") ? each.substring(1) : each);
            }
        }
        return lines;
    }

    /** Posts an article in wire form and gives the final reply. */
    String post(byte[] wire) throws IOException {
        String reply = ask("POST");
        return reply.startsWith("340") ? askRaw(wire) : reply;
    }

    /** Offers an article in wire form by IHAVE and gives the final reply. */
    String ihave(String id, byte[] wire) throws IOException {
        String reply = ask("IHAVE " + id);
        return reply.startsWith("335") ? askRaw(wire) : reply;
    }

    private String askRaw(byte[] wire) throws IOException {
        out.write(wire);
        return readLine();
    }

    /** The next line, without its CRLF; everything sent so far goes out first. */
    String readLine() throws IOException {
        out.flush();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (!readRestOfLine(line)) {
            fill();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (!text.endsWith("\r\n")) {
            throw new IOException("a line that does not end in CRLF: " + text);
        }
        return text.substring(0, text.length() - 2);
    }

    /** The next multi-line block as it came, up to and with its final {@code .CRLF}. */
    byte[] readBlock() throws IOException {
        Octets block = new Octets();
        int lineStart = 0;
        while (true) {
            while (!readRestOfLine(block)) {
                fill();
            }
            if (block.isLastLine(lineStart)) {
                return block.toByteArray();
            }
            lineStart = block.size();
        }
    }

    private static final class Octets extends ByteArrayOutputStream {
        boolean isLastLine(int from) {
            return count - from == 3 && buf[from] == '.' && buf[from + 1] == '\r';
        }
    }

    /** Takes what is there of a line; whether that is its end. */
    private boolean readRestOfLine(ByteArrayOutputStream line) {
        for (int i = at; i < end; i++) {
            if (input[i] == '\n') {
                line.write(input, at, i + 1 - at);
                at = i + 1;
                return true;
            }
        }
        line.write(input, at, end - at);
        at = end;
        return false;
    }

    private void fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(input));
        if (end == 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
