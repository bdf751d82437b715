package net.spillway.relay.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.OfferTable;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Reply;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Allowances;
import net.spillway.relay.access.Client;
import net.spillway.relay.intake.CancelSecret;
import net.spillway.relay.intake.Intake;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.relay.trace.Decisions;
import net.spillway.spool.MemorySpool;
import net.spillway.spool.Spool;

/** Commands that show how a session flows, without a spool: what they say says who they are. */
public final class FlowTable {
    private final Queue<CompletableFuture<Answer>> waiting = new ArrayDeque<>();
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final Optional<Path> file;

    /** @param file what FILE sends; it ends with dot and CRLF */
    public FlowTable(Optional<Path> file) {
        this.file = file;
    }

    /** The commands ECHO, LATER, STORE, TAKETHIS, LIST, FILE, STUCK, ASK, STARTTLS... */
    public CommandTable table() {
        return new CommandTable(List.of(
                spec("ECHO", false, (c, command) -> Answer.line(200, command.rest(0))),
                spec("LATER", false, (c, command) -> new Answer.Later(promise())),
                spec("STORE", false, (c, command) -> receive(
                        Optional.of(new Reply(340, "go on")), "stored", false)),
                spec("TAKETHIS", true, (c, command) -> receive(
                        Optional.empty(), command.rest(0), command.hasWord(0, "later"))),
                spec("LIST", false, (c, command) -> Answer.block(215, "list",
                        count(Integer.parseInt(command.rest(0))))),
                spec("FILE", false, (c, command) -> new Answer.Stored(
                        new Reply(220, "file"), open(), true)),
                spec("STUCK", false, (c, command) -> {
                    throw new IOException("the disk is gone");
                }),
                spec("BURST", false, (c, command) -> {
                    throw new OutOfMemoryError("not really");
                }),
                spec("ASK", false, (c, command) -> new Answer.Question(new Reply(383, "well?"),
                        line -> Answer.line(200, "you said " + line))),
                spec("OFFEND", false, (c, command) -> {
                    c.patience().spend(TimeUnit.MILLISECONDS.toNanos(
                            Integer.parseInt(command.rest(0))));
                    return Answer.line(200, "well");
                }),
                spec("WHO", false, (c, command) -> Answer.line(200,
                        String.join(" ", new TreeSet<>(c.client().certificate())))),
                spec("STARTTLS", false, (c, command) ->
                        new Answer.Secure(new Reply(382, "begin"))),
                spec("COMPRESS", false, (c, command) ->
                        new Answer.Compress(new Reply(206, "on"))),
                spec("QUIT", false, (c, command) -> new Answer.Last(new Reply(205, "bye")))));
    }

    /** Answers the oldest command that waits. */
    public void answerOldest(Answer answer) {
        waiting.remove().complete(answer);
    }

    int waiting() {
        return waiting.size();
    }

    /** How many files FILE has opened that are not closed. */
    public int openFiles() {
        return opened.get() - released.get();
    }

    private CompletableFuture<Answer> promise() {
        CompletableFuture<Answer> promise = new CompletableFuture<>();
        waiting.add(promise);
        return promise;
    }

    private Answer receive(Optional<Reply> invitation, String name, boolean later) {
        return new Answer.Receive(invitation, 1000, new Answer.Receiver() {
            @Override
            public Answer received(BlockDecoder.Complete article) {
                return later ? new Answer.Later(promise())
                        : Answer.line(239, name + " " + article.length());
            }

            @Override
            public Answer refused(String why) {
                return Answer.line(439, name + " " + why);
            }
        });
    }

    private static TextSource count(int lines) {
        AtomicInteger next = new AtomicInteger();
        return () -> next.get() == lines ? null
                : ("line " + next.incrementAndGet() + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private FileSpan open() {
        try {
            FileChannel channel = FileChannel.open(file.orElseThrow());
            opened.incrementAndGet();
            return new FileSpan(channel, 0, channel.size(), () -> {
                released.incrementAndGet();
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What sessions with these commands share; in the spool there is nothing. */
    public static RelayParts parts() {
        return parts(unbounded(), null, nothing());
    }

    /**
     * The same, in which an article that began before another has come slower. So what is given
     * up is the same on every machine: where it takes only milliseconds to send hundreds of
     * articles, the youngest may be the slowest.
     *
     * @param halfSent octets that articles may take together that have come in part
     */
    public static RelayParts parts(long halfSent) {
        var looks = new AtomicInteger();
        return parts(new HalfSent(halfSent,
                () -> TimeUnit.SECONDS.toNanos(looks.incrementAndGet())), null, nothing());
    }

    /** The same with a timer. */
    static RelayParts parts(ScheduledExecutorService timer) {
        return parts(unbounded(), timer, nothing());
    }

    /** The same with a spool, which is told what comes. */
    static RelayParts parts(Spool spool) {
        return parts(unbounded(), null, spool);
    }

    private static HalfSent unbounded() {
        return new HalfSent(Long.MAX_VALUE, System::nanoTime);
    }

    private static Spool nothing() {
        RelayConfig config = config();
        return new MemorySpool(config.spool(), config.identity(), Clock.systemUTC());
    }

    private static RelayConfig config() {
        return ConfigLoader.embedded(Path.of("nowhere"), HostPort.of("127.0.0.1", 0));
    }

    private static RelayParts parts(HalfSent halfSent, ScheduledExecutorService timer,
            Spool spool) {
        RelayConfig config = config();
        return new RelayParts(() -> config, spool, new Intake(config, spool, Clock.systemUTC(),
                CancelSecret.random(), Runnable::run, new Decisions(Clock.systemUTC())),
                new OfferTable(Clock.systemUTC()),
                new AccessControl(() -> config), new Allowances(Clock.systemUTC()), null,
                new Traffic(Clock.systemUTC().instant()), List::of,
                peer -> { }, new Compressors(1),
                halfSent, new Company(() -> 0),
                new Reconciliations(null, null, null, null), null,
                () -> true, List::of, Clock.systemUTC(), timer);
    }

    /** A conversation with such a client. */
    public static Conversation conversation(Client client) {
        return new Conversation(parts(), client, client.address() + "#1");
    }

    private static Spec spec(String keyword, boolean streaming, Handler handler) {
        return new Spec(keyword, Right.PUBLIC, 0, 9, c -> "", !streaming, streaming, keyword,
                handler);
    }
}
