package net.spillway.tools.client;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.tools.Credentials;
import net.spillway.tools.ServerAddress;

/**
 * One connection to an NNTP server on which commands may be sent ahead of their replies (RFC 3977
 * 3.5). {@link #request} only buffers; {@link #flush} sends; {@link #reply} and {@link #block} read
 * answers in the order of the requests. How many requests may be outstanding is the caller's
 * business: so many that they do not fill the buffers while nobody reads. What buffers do not take
 * of answers that are left unread for a while waits in the server, which need not stand that for
 * longer than it stands a silent client.
 *
 * <p>One thread at a time, except {@link #close}, which any thread may call to end a blocked one.
 */
public final class PipelinedClient implements Closeable {
    /** Blocks longer than this are read over; articles of 8 MiB are the most anybody posts. */
    public static final int MAX_BLOCK = 16 << 20;

    /** Where a round trip takes longer than this, nobody waits for a goodbye. */
    private static final int PARTING_MS = 30;

    /** Octets a millisecond, on lines that are still thought to be of use. */
    private static final int SLOWEST_LINE = 16;
    /** For so many octets there is always time. */
    private static final int LITTLE = 64 << 10;

    private final String name;
    private final Socket socket;
    private final OutputStream out;
    private final LongSupplier sent;
    private final WireReader in;
    private List<String> capabilities = List.of();
    private long roundTrip;
    private int silenceMs;

    private PipelinedClient(String name, Socket socket) throws IOException {
        this.name = name;
        this.socket = socket;
        if (socket.getChannel() == null) {
            CountedOutput counted = new CountedOutput(socket.getOutputStream());
            this.out = new BufferedOutputStream(counted, 64 * 1024);
            this.sent = counted::sent;
        } else {
            ChannelOutput channel = new ChannelOutput(socket.getChannel());
            this.out = channel;
            this.sent = channel::sent;
        }
        this.in = new WireReader(socket.getInputStream(), MAX_BLOCK);
    }

    /**
     * Connects, reads the greeting, logs in where there is a login, and asks for the reader
     * commands if the server wants to be asked (RFC 3977 5.3).
     *
     * @param connect bounds the connection, the handshakes and each reply up to the login
     * @param silence bounds every later wait for an octet
     */
    public static PipelinedClient open(ServerAddress server, Duration connect, Duration silence)
            throws NntpException {
        return open(server, server::connect, connect, silence, false);
    }

    /**
     * The same, for one who sends articles.
     *
     * @param feeding whether they would rather be fed than posted: then reader commands are not
     *     asked for where the server offers streaming, since some that do have no streaming for
     *     readers
     */
    public static PipelinedClient openToSend(
            ServerAddress server, Duration connect, Duration silence, boolean feeding)
            throws NntpException {
        return open(server, server::connectToSend, connect, silence, feeding);
    }

    private interface Connector {
        Socket connect(Duration timeout) throws IOException;
    }

    private static PipelinedClient open(ServerAddress server, Connector connector,
            Duration connect, Duration silence, boolean feeding) throws NntpException {
        Socket socket = null;
        try {
            socket = connector.connect(connect);
            PipelinedClient client = new PipelinedClient(server.toString(), socket);
            client.greet(server.login(), feeding);
            client.silenceMs = Math.toIntExact(silence.toMillis());
            socket.setSoTimeout(client.silenceMs);
            return client;
        } catch (IOException e) {
            closeQuietly(socket);
            throw connecting(server, e);
        } catch (RuntimeException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    private void greet(Optional<Credentials> login, boolean feeding) throws IOException {
        Reply greeting = reply();
        if (greeting.code() != 200 && greeting.code() != 201) {
            throw refused("the connection", greeting);
        }
        if (login.isPresent()) {
            logIn(login.get());
        }
        boolean reader = wantsModeReader();
        if (reader && !(feeding && capability("STREAMING").isPresent())) {
            ask("MODE READER"); // If it refuses, the commands that follow will tell.
        }
    }

    /** RFC 4643 2.3: 281 may come at once; a server that knows no logins is taken as it is. */
    private void logIn(Credentials login) throws IOException {
        requireOneLine(name, login);
        Reply answer;
        try {
            answer = ask("AUTHINFO USER " + login.user());
            if (answer.code() == 381) {
                answer = ask("AUTHINFO PASS " + login.password());
            }
        } catch (NntpException.TimedOut e) {
            throw loginUnanswered(name);
        }
        boolean unknown = answer.code() == 500 || answer.code() == 501 || answer.code() == 503;
        if (answer.code() != 281 && !unknown) {
            throw refused("the login", answer);
        }
    }

    /** Without a cause, so that it is not taken for a server that has never said anything. */
    static NntpException loginUnanswered(String server) {
        return new NntpException.TimedOut(server, "it does not answer the login in time; after"
                + " wrong passwords a server may keep everybody waiting for a while", null);
    }

    /** A credential with a line break in it would be two commands. */
    static void requireOneLine(String server, Credentials login) throws NntpException {
        if ((login.user() + login.password()).chars()
                .anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new NntpException.Refused(server, "the login", 501,
                    "user or password contains a line break");
        }
    }

    private boolean wantsModeReader() throws IOException {
        long asked = System.nanoTime();
        boolean shown = ask("CAPABILITIES").code() == ReplyCode.CAPABILITIES;
        roundTrip = System.nanoTime() - asked;
        if (!shown) {
            return false;
        }
        capabilities = block().map(b -> new String(b.bytes(), b.from(), b.length(),
                StandardCharsets.ISO_8859_1).lines().map(String::strip).toList())
                .orElse(List.of());
        return capability("MODE-READER").isPresent();
    }

    /** How long the server took to answer a question that costs it nothing, in nanoseconds. */
    public long roundTrip() {
        return roundTrip;
    }

    /** The arguments of a capability the server has shown (RFC 3977 3.3), if it did. */
    public Optional<List<String>> capability(String label) {
        return capabilities.stream().map(line -> List.of(line.split(" +")))
                .filter(words -> words.getFirst().equalsIgnoreCase(label))
                .map(words -> words.subList(1, words.size())).findFirst();
    }

    /** What the server is called. */
    String name() {
        return name;
    }

    /** Puts octets among those to be sent. */
    void write(byte[] octets) throws NntpException {
        try {
            out.write(octets);
        } catch (IOException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /** Puts octets among those to be sent, such as those of an article in wire form. */
    public void write(byte[] octets, int from, int length) throws NntpException {
        try {
            out.write(octets, from, length);
        } catch (IOException e) {
            throw typed(name, "connection lost while an article was being sent", e);
        }
    }

    /** Octets that the system has taken so far; any thread may ask. */
    public long sent() {
        return sent.getAsLong();
    }

    /**
     * After so many milliseconds without an octet more {@link #sent}, while some wait to be, the
     * server is thought to hang.
     */
    public long longestStall() {
        return silenceMs + ChannelOutput.MOST_AT_ONCE / SLOWEST_LINE;
    }

    /** Octets received on this connection so far. */
    public long received() {
        return in.received();
    }

    /** Puts a command line, without its CRLF, among those to be sent. */
    public void request(String command) throws NntpException {
        try {
            out.write(command.getBytes(StandardCharsets.UTF_8));
            out.write('\r');
            out.write('\n');
        } catch (IOException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /** Puts {@code BODY <id>} among the commands to be sent. */
    public void requestBody(MessageId id) throws NntpException {
        request("BODY " + id.value());
    }

    /** Sends what was put there. */
    public void flush() throws NntpException {
        try {
            out.flush();
        } catch (IOException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /** The next reply. */
    public Reply reply() throws NntpException {
        try {
            return Reply.parse(in.line());
        } catch (ProtocolException e) {
            throw new NntpException.ConnectionLost(name, "no NNTP reply: " + e.getMessage(), e);
        } catch (IOException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /**
     * The next reply, to something of so many octets: these may be on their way for a while after
     * the system took them, so it is waited longer for.
     */
    public Reply replyTo(int octets) throws NntpException {
        try {
            socket.setSoTimeout(silenceMs + Math.max(0, octets - LITTLE) / SLOWEST_LINE);
            Reply reply = reply();
            socket.setSoTimeout(silenceMs);
            return reply;
        } catch (SocketException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /** The block behind a reply that has one; empty if it was longer than {@link #MAX_BLOCK}. */
    public Optional<Block> block() throws NntpException {
        try {
            return in.block();
        } catch (IOException e) {
            throw typed(name, "connection lost", e);
        }
    }

    /** Sends one command and reads its reply; nothing else may be outstanding. */
    public Reply ask(String command) throws NntpException {
        request(command);
        flush();
        return reply();
    }

    /**
     * Posts an article (RFC 3977 6.3.1) and returns what the server says in the end: 240, or why
     * not. Nothing else may be outstanding, since POST is not to be pipelined.
     *
     * @param wire the whole article in wire form, including the final {@code .CRLF}
     */
    public Reply post(byte[] wire, int length) throws NntpException {
        Reply first = ask("POST");
        if (first.code() != 340) {
            return first;
        }
        try {
            out.write(wire, 0, length);
            out.flush();
        } catch (IOException e) {
            throw typed(name, "connection lost while an article was being sent", e);
        }
        return reply();
    }

    /** Says QUIT (RFC 3977 5.4), waits a moment for the answer, and closes. */
    public void quit() {
        try {
            socket.setSoTimeout(PARTING_MS);
            ask("QUIT");
        } catch (IOException e) {
            // It is gone already; so are we.
        }
        close();
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private NntpException refused(String what, Reply reply) {
        return new NntpException.Refused(name, what, reply.code(), reply.text());
    }

    /** What to say of a connection that did not come about. */
    static NntpException connecting(ServerAddress server, IOException e) {
        NntpException typed = typed(server.toString(), "cannot connect", e);
        // A server that speaks TLS from the first octet waits for us to begin.
        boolean silent = typed instanceof NntpException.TimedOut
                && String.valueOf(root(typed).getMessage()).startsWith("Read");
        return silent && server.tls().isEmpty()
                ? new NntpException.TimedOut(server.toString(), "cannot connect: it says nothing;"
                        + " if it speaks TLS there, write nntps://", e)
                : typed;
    }

    static NntpException typed(String name, String what, IOException e) {
        return switch (e) {
            case NntpException already -> already;
            case SocketTimeoutException t ->
                    new NntpException.TimedOut(name, what + ": no answer in time", t);
            default -> isAboutTrust(e) ? new NntpException.Untrusted(name, reason(root(e)), e)
                    : new NntpException.ConnectionLost(name, what + ": " + reason(e), e);
        };
    }

    private static boolean isAboutTrust(Throwable e) {
        return e != null && (e instanceof CertificateException || isAboutTrust(e.getCause()));
    }

    /** What is wrong with a certificate; around it stands only that the handshake failed. */
    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    /** In words; the JDK's are a bare host name, or about an SSL message. */
    private static String reason(Throwable e) {
        return switch (e) {
            case UnknownHostException u -> "there is no host of this name";
            case NoRouteToHostException n -> "no way leads to this host";
            case SSLException s when String.valueOf(s.getMessage()).contains("SSL message") ->
                    "no TLS is spoken there; nntp:// is for servers without";
            // As whoever waited too long for it closed it.
            case ClosedChannelException c -> "the connection was closed";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    private static void closeQuietly(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing is lost that was not lost before.
            }
        }
    }
}
