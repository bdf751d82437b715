package net.spillway.feed.reconcile;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.spillway.conf.Credentials;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.Wire;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;

/**
 * A conversation with a peer, one question after the other, besides the feed's own connections.
 * Waits for each answer; for threads that may. How many lines can wait unread is the transport's
 * to bound.
 */
public final class PeerTalk implements ConnectionEvents, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A whole conversation; a peer that answers at its leisure must not keep a thread for days. */
    private static final Duration WHOLE = Duration.ofMinutes(10);
    private static final int MAX_LINES = 100_000;

    /** What a conversation begins with. */
    public enum Stage { CONNECTION, GREETING, LOGIN }

    /** A conversation that did not come about. */
    public static final class NotBegun extends IOException {
        private static final long serialVersionUID = 1;

        private final Stage stage;

        NotBegun(Stage stage, IOException why) {
            super(why.getMessage(), why);
            this.stage = stage;
        }

        /** Where it failed; with TLS the handshake comes between the first and the second. */
        public Stage stage() {
            return stage;
        }
    }

    /** A line, or with the wrong ending why there are no more. */
    private record Heard(String line, boolean over) {
    }

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Wire> wire = new CompletableFuture<>();
    private final Duration patience;
    private final Duration whole;
    private final long begun = System.nanoTime();
    private boolean greeted;

    /**
     * Connects, takes the greeting and logs in; the whole conversation may take ten minutes.
     *
     * @param connect begins to connect and tells this what comes of it
     * @throws NotBegun with what went wrong, in words
     */
    public PeerTalk(Consumer<ConnectionEvents> connect, Optional<Credentials> login)
            throws IOException {
        this(connect, login, PATIENCE, WHOLE);
    }

    /** The same with another bound for the whole conversation. */
    PeerTalk(Consumer<ConnectionEvents> connect, Optional<Credentials> login, Duration whole)
            throws IOException {
        this(connect, login, PATIENCE, whole);
    }

    /**
     * Connects, takes the greeting and logs in.
     *
     * @param connect begins to connect and tells this what comes of it
     * @param patience how long to wait for the connection, and for each line
     * @param whole how long the whole conversation may take
     * @throws NotBegun with what went wrong, in words
     */
    public PeerTalk(Consumer<ConnectionEvents> connect, Optional<Credentials> login,
            Duration patience, Duration whole) throws IOException {
        this.patience = patience;
        this.whole = whole;
        connect.accept(this);
        Stage stage = Stage.CONNECTION;
        try {
            wire();
            Reply greeting = reply();
            greeted = true;
            stage = Stage.GREETING;
            expect(greeting, ReplyCode.READY_POSTING_ALLOWED, ReplyCode.READY_POSTING_PROHIBITED);
            stage = Stage.LOGIN;
            if (login.isPresent()) {
                logIn(login.get());
            }
        } catch (IOException e) {
            close();
            throw new NotBegun(stage, e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void logIn(Credentials login) throws IOException {
        Reply user = ask("AUTHINFO USER " + login.user());
        if (user.code() == ReplyCode.PASSWORD_REQUIRED) {
            user = ask("AUTHINFO PASS " + login.password().read());
        }
        if (user.code() != ReplyCode.AUTHENTICATED) {
            throw new IOException("the peer does not take our login: " + user);
        }
    }

    private Wire wire() throws IOException {
        try {
            return wire.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("no connection came about in " + seconds(patience), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Says a line and gives what is answered. */
    public Reply ask(String line) throws IOException {
        wire().line(line);
        wire().flush();
        return reply();
    }

    /** Says a line and a block of lines, none of which begins with a dot. */
    Reply ask(String line, List<String> block) throws IOException {
        say(line, block);
        return reply();
    }

    /** The same without waiting for the answer: {@link #reply} gives those in turn. */
    void say(String line, List<String> block) throws IOException {
        wire().line(line);
        for (String one : block) {
            wire().line(one);
        }
        wire().line(".");
        wire().flush();
    }

    /** The next answer. */
    Reply reply() throws IOException {
        try {
            return Reply.parse(line());
        } catch (ProtocolException e) {
            throw new IOException("the peer does not speak NNTP: " + e.getMessage(), e);
        }
    }

    /** The lines of a block that an answer announced. */
    public List<String> block() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.equals("."); line = line()) {
            lines.add(line.startsWith(".") ? line.substring(1) : line);
            if (lines.size() > MAX_LINES) {
                throw new IOException("the peer's answer has no end");
            }
        }
        return lines;
    }

    private String line() throws IOException {
        try {
            Duration left = whole.minusNanos(System.nanoTime() - begun);
            Heard next = left.isPositive() ? heard.poll(Math.min(left.toMillis(),
                    patience.toMillis()), TimeUnit.MILLISECONDS) : null;
            if (next == null) {
                throw new IOException(!greeted
                        ? "connected, but it says nothing for " + seconds(patience)
                        : left.compareTo(patience) < 0
                        ? "the peer takes too long: more than " + seconds(whole) + " in all"
                        : "the peer has not answered for " + seconds(patience));
            }
            if (next.over()) {
                throw new IOException(next.line());
            }
            wire().consumed(1);
            return next.line();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }

    /** When the peer's certificate ends; empty without TLS. */
    public Optional<Instant> certificateEnds() throws IOException {
        return wire().certificateEnds();
    }

    static void expect(Reply reply, int... codes) throws IOException {
        for (int code : codes) {
            if (reply.code() == code) {
                return;
            }
        }
        throw new IOException("the peer says: " + reply);
    }

    @Override
    public void connected(Wire made) {
        wire.complete(made);
    }

    @Override
    public void lines(List<String> lines) {
        lines.forEach(line -> heard.add(new Heard(line, false)));
    }

    @Override
    public void articlesSent(int count) {
        // None are sent here.
    }

    @Override
    public void closed(String why) {
        wire.completeExceptionally(new IOException(why));
        heard.add(new Heard(why, true));
    }

    /** Says QUIT and ends the connection. */
    @Override
    public void close() {
        wire.whenComplete((made, error) -> {
            if (made != null) {
                made.line("QUIT");
                made.flush();
                made.close();
            }
        });
    }
}
