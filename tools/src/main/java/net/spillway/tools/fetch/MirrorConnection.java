package net.spillway.tools.fetch;

import static net.spillway.protocol.ReplyCode.BODY;
import static net.spillway.protocol.ReplyCode.NO_CURRENT_ARTICLE;
import static net.spillway.protocol.ReplyCode.NO_SUCH_ARTICLE;
import static net.spillway.protocol.ReplyCode.NO_SUCH_NUMBER;
import static net.spillway.protocol.ReplyCode.TAKEN_DOWN;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.Reply;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencDecoder;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.Durations;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.client.Block;
import net.spillway.tools.client.Inventory;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;

/** A connection to a mirror, and the thread that keeps it busy with pipelined BODY commands. */
final class MirrorConnection implements AutoCloseable {
    /** How long a mirror that wants fewer connections is not asked for more: 5 s, then to 60 s. */
    private static final int PATIENCE_TO_FIRST_REST = 3;
    private static final int LONGEST_REST_TO_PATIENCE = 4;
    private final MirrorSet set;
    private final Mirror mirror;
    private final FetchRequest request;
    private final Thread thread;
    private final Deque<Wanted> owed = new ArrayDeque<>();
    private volatile Optional<PipelinedClient> client = Optional.empty();
    private volatile boolean closed;
    private volatile boolean connecting;
    private volatile boolean idle;
    /** Serves for the next article's data. */
    private byte[] spare = {};
    /**
     * From when on the next reply takes its time: when the one before came, or a round trip after
     * it was asked for if nothing else was under way.
     */
    private long began;
    /** Of how many articles owed it is not known what they took: they came before they were taken. */
    private int untimed;
    private long counted;
    private Duration pause;

    MirrorConnection(MirrorSet set, Mirror mirror, FetchRequest request) {
        this.set = set;
        this.mirror = mirror;
        this.request = request;
        this.pause = Durations.dividedBy(request.patience(), PATIENCE_TO_FIRST_REST);
        this.thread = Thread.ofPlatform().daemon().name("fetch-" + mirror.address)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            boolean more = serve(); // Before it is known for what, since that takes time.
            while (more && set.awaitWork(mirror)) {
                more = serve();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } catch (IOException e) {
            set.fail(new CommandFailure(ExitCode.FAILED, "What was fetched cannot be written to "
                    + request.output() + ": " + Explanation.of(e) + ".", e));
        } catch (OutOfMemoryError e) {
            set.fail(e);
        } catch (RuntimeException | Error e) {
            set.fail(new CommandFailure(ExitCode.FAILED, "Fetching broke off: " + e, e));
        }
    }

    /** One connection's life; false if there should not be another. */
    private boolean serve() throws IOException, InterruptedException {
        PipelinedClient opened;
        connecting = true;
        try {
            opened = PipelinedClient.open(
                    mirror.address, request.connectTimeout(), request.stallTimeout());
        } catch (NntpException e) {
            if (set.isOneTooMany(mirror, e)) {
                rest();
                return !closed;
            }
            set.broke(mirror, List.of(), e);
            return true;
        }
        counted = 0;
        client = Optional.of(opened);
        connecting = false;
        set.connected(mirror, opened.roundTrip());
        try (opened) {
            if (!closed) {
                survey(opened);
                pump(opened);
            }
        } catch (NntpException e) {
            set.broke(mirror, List.copyOf(owed), e);
        } finally {
            owed.clear();
            client = Optional.empty();
            count(opened);
            set.disconnected(mirror);
        }
        return !closed;
    }

    /** For longer each time: the mirror may want fewer connections for now, or for good. */
    private void rest() throws InterruptedException {
        connecting = false;
        Duration longest = Durations.times(request.patience(), LONGEST_REST_TO_PATIENCE);
        set.rest(mirror, pause);
        pause = Durations.doubled(pause, longest);
    }

    /** Asks what the mirror has, if nobody else does. */
    private void survey(PipelinedClient client) throws NntpException {
        Optional<List<Wanted>> all = set.beginSurvey(mirror);
        if (all.isPresent()) {
            List<Wanted> articles = all.get();
            boolean complete = Inventory.take(client, articles.stream().map(Wanted::id).toList(),
                    (from, to, held) -> set.learnt(mirror, articles.subList(from, to), held));
            set.surveyEnded(mirror, complete);
        }
    }

    private void pump(PipelinedClient client) throws IOException, InterruptedException {
        began = System.nanoTime() + set.roundTrip(mirror);
        untimed = 0;
        while (true) {
            ask(client);
            if (owed.isEmpty()) {
                idle = true;
                long since = System.nanoTime();
                boolean more = set.awaitWork(mirror);
                idle = false;
                if (!more || set.isStale(System.nanoTime() - since)) {
                    client.quit();
                    return;
                }
                survey(client);
                began = System.nanoTime() + set.roundTrip(mirror);
            } else {
                if (set.awaitTaking(owed.peek(), mirror)) {
                    untimed = owed.size();
                }
                answer(client, client.reply());
                untimed = Math.max(0, untimed - 1);
                count(client);
            }
        }
    }

    private void count(PipelinedClient client) {
        mirror.bytes.add(client.received() - counted);
        counted = client.received();
    }

    private void ask(PipelinedClient client) throws NntpException {
        int depth = set.depth(mirror);
        boolean asked = false;
        while (owed.size() < depth && (owed.isEmpty() || !owed.peek().isSuspect())) {
            Optional<Wanted> next = set.next(mirror, owed.isEmpty());
            if (next.isEmpty()) {
                break;
            }
            owed.add(next.get());
            client.requestBody(next.get().id());
            asked = true;
        }
        if (asked) {
            client.flush();
        }
    }

    private void answer(PipelinedClient client, Reply reply) throws IOException {
        Wanted article = owed.peek();
        switch (reply.code()) {
            case BODY -> body(article, reply, client.block());
            case NO_SUCH_ARTICLE, NO_SUCH_NUMBER, NO_CURRENT_ARTICLE, TAKEN_DOWN -> {
                owed.poll();
                set.denied(article, mirror, false);
            }
            default -> throw new NntpException.Refused(
                    mirror.address.toString(), "an article", reply.code(), reply.text());
        }
    }

    private void body(Wanted article, Reply reply, Optional<Block> block) throws IOException {
        boolean another = reply.words().stream()
                .anyMatch(word -> word.startsWith("<") && !word.equals(article.id().value()));
        TargetFile.Verdict verdict = block.isEmpty() || another ? TargetFile.Verdict.BAD
                : accept(article, block.get());
        owed.poll();
        long now = System.nanoTime();
        switch (verdict) {
            case GOOD -> set.came(article, mirror, untimed > 0 ? 0 : (now - began) / 1e9);
            case REPEATED -> set.cameAgain(article, mirror);
            case BAD -> set.denied(article, mirror, true);
        }
        began = now;
    }

    private TargetFile.Verdict accept(Wanted article, Block body) throws IOException {
        YencDecoded decoded = YencDecoder.decode(body.bytes(), body.from(), body.to(), spare);
        TargetFile.Taken taken = article.file().accept(
                article, decoded, set.answers().isLastToAsk(article, mirror));
        spare = taken.spare();
        return taken.verdict();
    }

    /** From any thread: ends what is going on. */
    @Override
    public void close() {
        closed = true;
        if (!idle) {
            client.ifPresent(PipelinedClient::close);
        }
    }

    /**
     * After {@link #close}, waits until nothing is written any more. A thread that is connecting
     * isn't waited for: that may take long, and when it is done it sees that all is over.
     */
    void join() {
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive() && !connecting) {
            try {
                thread.join(Duration.ofMillis(50));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
