package net.spillway.feed;

import static net.spillway.protocol.ReplyCode.AUTHENTICATED;
import static net.spillway.protocol.ReplyCode.AUTHENTICATION_REQUIRED;
import static net.spillway.protocol.ReplyCode.COMPRESSION_ACTIVE;
import static net.spillway.protocol.ReplyCode.ENCRYPTION_REQUIRED;
import static net.spillway.protocol.ReplyCode.NOT_PERMITTED;
import static net.spillway.protocol.ReplyCode.NOT_SUPPORTED;
import static net.spillway.protocol.ReplyCode.PASSWORD_REQUIRED;
import static net.spillway.protocol.ReplyCode.READY_POSTING_ALLOWED;
import static net.spillway.protocol.ReplyCode.READY_POSTING_PROHIBITED;
import static net.spillway.protocol.ReplyCode.SERVICE_UNAVAILABLE;
import static net.spillway.protocol.ReplyCode.STREAMING;
import static net.spillway.protocol.ReplyCode.SYNTAX_ERROR;
import static net.spillway.protocol.ReplyCode.UNKNOWN_COMMAND;

import java.io.IOException;
import java.util.Optional;
import net.spillway.conf.Credentials;
import net.spillway.conf.LinkConfig;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;

/**
 * One connection to a peer, from its greeting to its end, without the connection: lines come in,
 * lines and articles go to a {@link Wire}. After each input {@link #ending} tells whether it is
 * over and why. Whatever was outstanding then has been given back to the desk.
 *
 * <p>One thread. Times are milliseconds of any steady clock.
 */
final class PeerSession {
    /** After so many reply time-outs an answer is lost, though other answers keep coming. */
    private static final int PATIENCE = 10;

    /** Where the conversation is. */
    enum State { GREETING, USER, PASSWORD, COMPRESS, MODE, READY, QUITTING, CLOSED }

    /** What an end means for the next attempt. */
    enum Cause {
        /** We wanted it. */
        STOPPED,
        /** Something failed that may be well again soon. */
        LOST,
        /** The peer says that it is not available at the moment (400). */
        UNAVAILABLE,
        /** The peer ended a connection on which nothing was under way. */
        IDLE,
        /** The peer will not have us as we are: somebody has to change something. */
        REFUSED
    }

    /** How a session ended. */
    record Ending(Cause cause, String why) {
    }

    private final LinkConfig link;
    private final Optional<Credentials> login;
    private final long replyTimeout;
    private final OfferDesk desk;
    private final Wire wire;
    private State state = State.GREETING;
    private Optional<Exchange> exchange = Optional.empty();
    private Optional<Ending> ending = Optional.empty();
    private boolean draining;
    private long progressAt;
    private long octetsSeen;

    PeerSession(LinkConfig link, long replyTimeout, OfferDesk desk, Wire wire, long now) {
        this.link = link;
        this.login = link.login();
        this.replyTimeout = replyTimeout;
        this.desk = desk;
        this.wire = wire;
        this.progressAt = now;
    }

    State state() {
        return state;
    }

    /** Present when the session is over. */
    Optional<Ending> ending() {
        return ending;
    }

    /** Whether articles can be offered. */
    boolean ready() {
        return state == State.READY;
    }

    /** Whether they are offered with CHECK and TAKETHIS. */
    boolean streams() {
        return exchange.map(e -> e instanceof StreamingFeeder).orElse(false);
    }

    /** A line came in. */
    void line(String line, long now) {
        if (state == State.CLOSED) {
            return;
        }
        progressAt = now;
        try {
            reply(Reply.parse(line), now);
        } catch (ProtocolException e) {
            end(Cause.LOST, "the peer does not speak NNTP: " + e.getMessage(), now);
        }
    }

    private void reply(Reply reply, long now) {
        if (reply.code() == SERVICE_UNAVAILABLE && state != State.QUITTING) {
            Cause cause = idle() ? Cause.IDLE : Cause.UNAVAILABLE;
            exchange.ifPresent(e -> e.release(true, now));
            end(cause, "the peer says it is not available: " + reply, now);
            return;
        }
        switch (state) {
            case GREETING -> greeting(reply, now);
            case USER -> user(reply, now);
            case PASSWORD -> password(reply, now);
            case COMPRESS -> compress(reply, now);
            case MODE -> mode(reply, now);
            case READY -> {
                if (!exchange.orElseThrow().reply(reply, now)) {
                    unexpected(reply, now);
                }
            }
            case QUITTING -> end(Cause.STOPPED, "stopped", now);
            case CLOSED -> { }
        }
    }

    private void greeting(Reply reply, long now) {
        if (reply.code() != READY_POSTING_ALLOWED && reply.code() != READY_POSTING_PROHIBITED) {
            unexpected(reply, now);
        } else if (login.isPresent()) {
            say("AUTHINFO USER " + login.get().user(), State.USER);
        } else {
            loggedIn(now);
        }
    }

    private void user(Reply reply, long now) {
        if (reply.code() == AUTHENTICATED) {
            loggedIn(now);
        } else if (reply.code() == PASSWORD_REQUIRED) {
            sendPassword(now);
        } else {
            loginFailed(reply, now);
        }
    }

    private void sendPassword(long now) {
        try {
            say("AUTHINFO PASS " + login.orElseThrow().password().read(), State.PASSWORD);
        } catch (IOException e) {
            end(Cause.REFUSED, "cannot log in: " + e.getMessage(), now);
        }
    }

    private void password(Reply reply, long now) {
        if (reply.code() == AUTHENTICATED) {
            loggedIn(now);
        } else {
            loginFailed(reply, now);
        }
    }

    private void loginFailed(Reply reply, long now) {
        if (reply.code() == ENCRYPTION_REQUIRED) {
            unexpected(reply, now);
        } else {
            end(Cause.REFUSED, "the peer does not take our login: " + reply, now);
        }
    }

    /** Compression comes after the login (RFC 8054, section 2.2.2). */
    private void loggedIn(long now) {
        if (link.compress()) {
            say("COMPRESS DEFLATE", State.COMPRESS);
        } else {
            chooseTransfer(now);
        }
    }

    private void compress(Reply reply, long now) {
        switch (reply.code()) {
            case COMPRESSION_ACTIVE -> {
                wire.compress();
                chooseTransfer(now);
            }
            case AUTHENTICATION_REQUIRED, ENCRYPTION_REQUIRED -> unexpected(reply, now);
            default -> {
                // Compression is no more than a wish.
                desk.problem("the peer does not compress: " + reply);
                chooseTransfer(now);
            }
        }
    }

    private void chooseTransfer(long now) {
        if (link.streaming()) {
            say("MODE STREAM", State.MODE);
        } else {
            begin(new IhaveFeeder(desk, wire), now);
        }
    }

    private void mode(Reply reply, long now) {
        switch (reply.code()) {
            case STREAMING -> begin(new StreamingFeeder(desk, wire, now), now);
            case UNKNOWN_COMMAND, SYNTAX_ERROR, NOT_SUPPORTED ->
                    begin(new IhaveFeeder(desk, wire), now);
            default -> unexpected(reply, now);
        }
    }

    private void begin(Exchange chosen, long now) {
        exchange = Optional.of(chosen);
        state = State.READY;
        pump(now);
    }

    private void say(String line, State next) {
        wire.line(line);
        wire.flush();
        state = next;
    }

    /** Offers and sends what it can; to be called after every input and when there is news. */
    void pump(long now) {
        if (state != State.READY) {
            return;
        }
        Exchange transfer = exchange.orElseThrow();
        boolean wasIdle = transfer.idle();
        transfer.pump(now);
        if (draining && transfer.idle()) {
            say("QUIT", State.QUITTING);
        }
        if (wasIdle && !transfer.idle()) {
            progressAt = now;
        }
        wire.flush();
    }

    /** The oldest articles on their way have left. */
    void articlesSent(int count) {
        exchange.ifPresent(e -> e.articlesSent(count));
    }

    /** Whether the peer has settled anything on this connection. */
    boolean useful() {
        return desk.useful();
    }

    /** What went wrong last without ending the connection, if it has not been told yet. */
    Optional<String> takeProblem() {
        return desk.takeProblem();
    }

    /** Looks whether the peer still moves. */
    void tick(long now) {
        if (state == State.CLOSED || idle()) {
            return;
        }
        long octets = wire.octetsWritten();
        if (octets != octetsSeen) {
            octetsSeen = octets;
            progressAt = now;
        }
        long oldest = exchange.map(Exchange::oldestUnanswered).orElse(Long.MAX_VALUE);
        if (now - progressAt >= replyTimeout
                || oldest < now && now - oldest >= PATIENCE * replyTimeout) {
            end(Cause.LOST, "the peer has not answered for " + seconds(
                    Math.max(now - progressAt, oldest < now ? now - oldest : 0)), now);
        }
    }

    private boolean idle() {
        return state == State.READY && exchange.orElseThrow().idle();
    }

    private static String seconds(long millis) {
        return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
    }

    /** Offers nothing new, finishes what is on the wire, and says QUIT. */
    void drain(long now) {
        draining = true;
        if (exchange.isEmpty()) {
            end(Cause.STOPPED, "stopped", now);
            return;
        }
        exchange.get().drain();
        pump(now);
    }

    /** The connection is gone. */
    void closed(String why, long now) {
        end(draining ? Cause.STOPPED : idle() ? Cause.IDLE : Cause.LOST, why, now);
    }

    /** Ends at once, whatever is under way. */
    void abort(String why, long now) {
        end(Cause.STOPPED, why, now);
    }

    /** Any code that does not fit where we are. */
    private void unexpected(Reply reply, long now) {
        switch (reply.code()) {
            case AUTHENTICATION_REQUIRED -> end(Cause.REFUSED, (login.isPresent()
                    ? "the peer wants another login than ours: "
                    : "the peer wants a login, and none is configured for it: ") + reply, now);
            case ENCRYPTION_REQUIRED -> end(Cause.REFUSED,
                    "the peer wants TLS; write its address as nntps://HOST:PORT, or add starttls = true: "
                            + reply, now);
            case NOT_PERMITTED -> end(Cause.REFUSED,
                    "the peer does not permit us to feed it: " + reply, now);
            case UNKNOWN_COMMAND, SYNTAX_ERROR, NOT_SUPPORTED -> end(Cause.REFUSED,
                    "the peer does not know what a feed needs: " + reply, now);
            default -> end(Cause.LOST, "the peer gave an answer that makes no sense here: "
                    + reply, now);
        }
    }

    private void end(Cause cause, String why, long now) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        ending = Optional.of(new Ending(cause, why));
        exchange.ifPresent(e -> e.release(false, now));
        wire.close();
    }
}
