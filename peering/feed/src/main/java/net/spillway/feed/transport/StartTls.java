package net.spillway.feed.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import net.spillway.protocol.LineDecoder;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;

/**
 * The way from a plain connection to TLS (RFC 4642): greeting, STARTTLS, its answer, handshake.
 * Whoever sits between can put words into the peer's mouth until TLS stands; so nothing may have
 * come behind the answer, nor before we asked, and of what came the greeting alone is kept, which
 * says no more than that somebody is there. One thread: that which reads the connection.
 */
final class StartTls {
    private static final int MAX_LINE = 4096;

    private enum Step { GREETING, ASKED, HANDSHAKE }

    /** What the connection does for it. */
    interface Connection {
        void say(String line);

        void beginTls();

        void fail(String why);
    }

    private final Connection connection;
    private final LineDecoder decoder = LineDecoder.forReplies(MAX_LINE);
    private Step step = Step.GREETING;
    private String greeting = "";

    StartTls(Connection connection) {
        this.connection = connection;
    }

    /** What the peer greeted with. */
    String greeting() {
        return greeting;
    }

    /** Octets came in, not encrypted. */
    void received(ByteBuffer octets) {
        if (step == Step.HANDSHAKE) {
            connection.fail("the peer spoke before it was spoken to under TLS");
            return;
        }
        if (!decoder.feed(octets)) {
            return;
        }
        if (!(decoder.line() instanceof LineDecoder.Complete line)) {
            connection.fail("the peer sent a line of more than " + MAX_LINE + " octets");
        } else if (octets.hasRemaining()) {
            connection.fail("there is something behind the peer's answer before TLS stands;"
                    + " somebody may have put it there");
        } else {
            answered(new String(line.bytes(), StandardCharsets.UTF_8));
        }
    }

    private void answered(String line) {
        try {
            Reply reply = Reply.parse(line);
            if (step == Step.GREETING) {
                greeted(line, reply);
            } else if (reply.code() == ReplyCode.START_TLS) {
                step = Step.HANDSHAKE;
                connection.beginTls();
            } else {
                connection.fail("the peer does not begin TLS when asked by STARTTLS: " + reply);
            }
        } catch (ProtocolException e) {
            connection.fail("the peer does not speak NNTP: " + e.getMessage());
        }
    }

    private void greeted(String line, Reply reply) {
        if (reply.code() != ReplyCode.READY_POSTING_ALLOWED
                && reply.code() != ReplyCode.READY_POSTING_PROHIBITED) {
            connection.fail("the peer turns us away: " + reply);
            return;
        }
        greeting = line;
        step = Step.ASKED;
        connection.say("STARTTLS");
    }
}
