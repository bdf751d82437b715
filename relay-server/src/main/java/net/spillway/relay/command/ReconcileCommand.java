package net.spillway.relay.command;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.Scope;
import net.spillway.feed.reconcile.TooManyArticlesException;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.protocol.reconcile.Answerer;
import net.spillway.protocol.reconcile.RangeFrame;
import net.spillway.protocol.reconcile.ReconcileException;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.spool.Newsgroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XRECON, our own: the answering side of a comparison of articles. {@code
 * net.spillway.feed.reconcile} says how it goes.
 */
record ReconcileCommand() implements Handler {
    static final String HELP = "XRECON OPEN from to|FRAME|CLOSE";

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileCommand.class);
    private static final int DONE = 290;
    private static final int OPENED = 291;
    private static final int FRAME = 292;
    private static final int NOT_NOW = 490;
    private static final int TOO_MANY = 491;
    /** A frame in Base64, with line ends. */
    private static final int MAX_BLOCK = RangeFrame.MAX_OCTETS / 2 * 3;

    @Override
    public Answer answer(Conversation conversation, Command command) {
        return switch (command.arguments().getFirst().toUpperCase(Locale.ROOT)) {
            case "OPEN" -> block(lines -> open(conversation, command, lines));
            case "FRAME" -> block(lines -> frame(conversation, lines));
            case "CLOSE" -> {
                conversation.relay().reconciliations().end(conversation.name());
                yield Answer.line(DONE, "closed");
            }
            default -> Answer.line(ReplyCode.SYNTAX_ERROR, "usage: " + HELP);
        };
    }

    private static Answer block(Function<List<String>, Answer> then) {
        return new Answer.Receive(Optional.empty(), MAX_BLOCK, new Answer.Receiver() {
            @Override
            public boolean waits() {
                return true; // The log is read to answer.
            }

            @Override
            public Answer received(BlockDecoder.Complete block) {
                List<String> lines =
                        new String(block.bytes(), StandardCharsets.UTF_8).lines().toList();
                return then.apply(lines.subList(0, lines.size() - 1));
            }

            @Override
            public Answer refused(String why) {
                return Answer.line(NOT_NOW, why);
            }
        });
    }

    private static Answer open(Conversation conversation, Command command, List<String> lines) {
        Reconciliations all = conversation.relay().reconciliations();
        Wildmat accept = conversation.peer().accept();
        Scope scope;
        try {
            scope = new Scope(Long.parseLong(command.arguments().get(1)),
                    Long.parseLong(command.arguments().get(2)),
                    Wildmat.parse(String.join("", lines)), accept,
                    PeerArticles.maxOctets(conversation));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "usage: " + HELP);
        }
        Scope narrowed = scope.since(Math.max(scope.from(), all.horizon()));
        String choice = choice(conversation);
        CompletionStage<Answerer> opening =
                all.open(conversation.name(), conversation.peer().name(), narrowed);
        if (opening == null) {
            return Answer.line(NOT_NOW, "too many comparisons at once; try again later");
        }
        return new Answer.Later(opening.handle((answerer, error) -> error == null
                ? Answer.block(OPENED, narrowed.from() + " " + narrowed.to() + " "
                        + narrowed.maxArticle() + " " + choice + " is compared",
                        Lines.of(Scope.lines(accept)))
                : failed(conversation, error)));
    }

    /**
     * What decides which articles are taken from this peer, in short: what was refused may be
     * wanted once it is another.
     */
    private static String choice(Conversation conversation) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Newsgroup group : conversation.relay().spool().groups()) {
                digest.update((group.name() + " " + group.status() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            digest.update((conversation.peer().accept() + "\n" + conversation.sender().files())
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, Scope.CHOICE_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java has it.
        }
    }

    private static Answer failed(Conversation conversation, Throwable error) {
        conversation.relay().reconciliations().end(conversation.name());
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof TooManyArticlesException) {
            return Answer.line(TOO_MANY, cause.getMessage());
        }
        if (cause instanceof CancellationException) {
            return Answer.line(NOT_NOW, cause.getMessage());
        }
        LOG.error("session {}: articles could not be gathered", conversation.name(), cause);
        return Answer.line(NOT_NOW, "something failed here; try again later");
    }

    private static Answer frame(Conversation conversation, List<String> lines) {
        Reconciliations all = conversation.relay().reconciliations();
        Answerer answerer = all.find(conversation.name());
        if (answerer == null) {
            return Answer.line(NOT_NOW, "XRECON OPEN comes first");
        }
        try {
            byte[] answer = answerer.answer(RangeFrame.ofLines(lines));
            return Answer.block(FRAME, "frame follows", Lines.of(RangeFrame.toLines(answer)));
        } catch (ReconcileException e) {
            all.end(conversation.name());
            LOG.warn("session {}: {} compares in vain: {}", conversation.name(),
                    conversation.peer().name(), e.getMessage());
            return Answer.line(NOT_NOW, e.getMessage());
        }
    }
}
