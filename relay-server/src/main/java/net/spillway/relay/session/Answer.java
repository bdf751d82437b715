package net.spillway.relay.session;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Reply;

/** What a handler wants done in answer to a command. */
public sealed interface Answer {

    /** One line. */
    record Line(Reply reply) implements Answer {
    }

    /** One line, then the connection closes. */
    record Last(Reply reply) implements Answer {
    }

    /** A line, then lines, then {@code .CRLF}. */
    record Block(Reply reply, TextSource lines) implements Answer {
    }

    /**
     * A line, then an article or a part of one out of the spool.
     *
     * @param span lines as they are to be sent
     * @param ended whether the span ends with {@code .CRLF} of its own
     */
    record Stored(Reply reply, FileSpan span, boolean ended) implements Answer {
    }

    /**
     * The client sends an article next.
     *
     * @param invitation 335 or 340; empty where the client does not wait for one
     * @param maxOctets the most that is kept of it; more is swallowed and reported
     */
    record Receive(Optional<Reply> invitation, long maxOctets, Receiver receiver)
            implements Answer {
    }

    /**
     * A line, to which the client's next line is an answer and no command.
     *
     * @param next gives the answer to that line, which comes without its end
     */
    record Question(Reply reply, Function<String, Answer> next) implements Answer {
    }

    /** A line, then TLS (RFC 4642). */
    record Secure(Reply reply) implements Answer {
    }

    /** A line, behind which both directions are compressed (RFC 8054). */
    record Compress(Reply reply) implements Answer {
    }

    /** The answer comes later; what follows waits for it, except as {@link Spec#streaming} says. */
    record Later(CompletionStage<? extends Answer> answer) implements Answer {
    }

    /**
     * What {@link Later} may come to: an answer that has yet to be made, on the session's strand,
     * because making it changes the conversation.
     */
    record Finish(Supplier<Answer> answer) implements Answer {
    }

    static Answer line(int code, String text) {
        return new Line(new Reply(code, text));
    }

    static Answer block(int code, String text, TextSource lines) {
        return new Block(new Reply(code, text), lines);
    }

    /** What to do with the article that was asked for by {@link Receive}. */
    interface Receiver {
        /** @param article as it came, ended by {@code .CRLF} */
        Answer received(BlockDecoder.Complete article);

        /** Whether {@link #received} may have to wait now. */
        default boolean waits() {
            return false;
        }

        /** The article broke the rules of lines or of size and is gone. */
        Answer refused(String why);
    }
}
