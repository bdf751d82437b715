package net.spillway.tools.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.spillway.protocol.Reply;
import net.spillway.tools.BoundedInput;
import net.spillway.tools.Credentials;
import net.spillway.tools.ServerAddress;
import org.apache.commons.net.io.DotTerminatedMessageReader;
import org.apache.commons.net.nntp.NNTPClient;
import org.apache.commons.net.nntp.NNTPReply;

/**
 * One connection to an NNTP server for a question or two, one after the other: Commons Net's
 * client, within bounds. What is asked often or answered at length goes through
 * {@link PipelinedClient}.
 */
public final class QuestionClient implements Closeable {
    /** More than this on one connection is no answer to any question asked here. */
    private static final long MAX_OCTETS = 16 << 20;

    private final String name;
    private final Wire wire;
    private boolean lost;

    private QuestionClient(String name, Wire wire) {
        this.name = name;
        this.wire = wire;
    }

    /**
     * Connects, reads the greeting, and logs in where there is a login.
     *
     * @param patience bounds the connection and every wait for an octet
     */
    public static QuestionClient open(ServerAddress server, Duration patience)
            throws NntpException {
        QuestionClient client = new QuestionClient(server.toString(), new Wire());
        try {
            client.wire.begin(server.connect(patience), Math.toIntExact(patience.toMillis()));
            client.greet(server);
            return client;
        } catch (IOException e) {
            client.lost |= !(e instanceof NntpException);
            client.close();
            throw PipelinedClient.connecting(server, e);
        }
    }

    private void greet(ServerAddress server) throws IOException {
        if (!NNTPReply.isPositiveCompletion(wire.getReplyCode())) {
            throw refused("the connection");
        }
        if (server.login().isPresent()) {
            logIn(server.login().get());
        }
    }

    /** RFC 4643 2.3: 281 may come at once. */
    private void logIn(Credentials login) throws IOException {
        PipelinedClient.requireOneLine(name, login);
        int code;
        try {
            code = wire.authinfoUser(login.user());
            if (code == NNTPReply.MORE_AUTH_INFO_REQUIRED) {
                code = wire.authinfoPass(login.password());
            }
        } catch (SocketTimeoutException e) {
            lost = true;
            throw PipelinedClient.loginUnanswered(name);
        }
        if (code != NNTPReply.AUTHENTICATION_ACCEPTED) {
            throw refused("the login");
        }
    }

    /** Sends a command and gives the first line of what comes back. */
    public Reply ask(String command) throws NntpException {
        try {
            wire.sendCommand(command);
            return Reply.parse(wire.getReplyString().stripTrailing());
        } catch (IOException e) {
            lost = true;
            throw PipelinedClient.typed(name, "connection lost", e);
        }
    }

    /** The block behind a reply that has one, as UTF-8 lines without dot-stuffing. */
    public List<String> lines() throws NntpException {
        try {
            return wire.lines();
        } catch (IOException e) {
            lost = true;
            throw PipelinedClient.typed(name, "connection lost", e);
        }
    }

    /** Says QUIT and closes; one that has not answered would not answer that either. */
    @Override
    public void close() {
        try {
            if (!lost && wire.isConnected()) {
                wire.quit();
            }
        } catch (IOException e) {
            // It is gone already; so are we.
        }
        wire.end();
    }

    private NntpException refused(String what) {
        String reply = wire.getReplyString().stripTrailing();
        return new NntpException.Refused(name, what, wire.getReplyCode(),
                reply.substring(Math.min(reply.length(), 4)));
    }

    /** Gives Commons Net a socket that is connected already, with TLS or without. */
    private static final class Wire extends NNTPClient {
        void begin(Socket socket, int timeoutMillis) throws IOException {
            setDefaultTimeout(timeoutMillis);
            _socket_ = new BoundedSocket(socket);
            _connectAction_();
        }

        List<String> lines() throws IOException {
            List<String> lines = new ArrayList<>();
            try (DotTerminatedMessageReader reader = new DotTerminatedMessageReader(_reader_)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    // Commons Net reads octets as Latin-1; these are the octets again.
                    lines.add(new String(line.getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8));
                }
            }
            return lines;
        }

        void end() {
            try {
                disconnect();
            } catch (IOException e) {
                // Nothing is lost that was not lost before.
            }
        }
    }

    /** Commons Net reads lines of any length; through this, no more than there may be in all. */
    private static final class BoundedSocket extends Socket {
        private final Socket socket;

        BoundedSocket(Socket socket) {
            this.socket = socket;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new BoundedInput(socket.getInputStream(), MAX_OCTETS, () ->
                    new IOException("it sends more than 16 MiB; that answers nothing"));
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void setSoTimeout(int millis) throws SocketException {
            socket.setSoTimeout(millis);
        }

        @Override
        public boolean isConnected() {
            return socket.isConnected();
        }

        @Override
        public synchronized void close() throws IOException {
            socket.close();
        }
    }
}
