package net.spillway.tools.post;

import static net.spillway.protocol.ReplyCode.ARTICLE_EXISTS;
import static net.spillway.protocol.ReplyCode.CHECK_UNWANTED;
import static net.spillway.protocol.ReplyCode.NO_SUCH_ARTICLE;
import static net.spillway.protocol.ReplyCode.POSTED;
import static net.spillway.protocol.ReplyCode.POSTING_FAILED;
import static net.spillway.protocol.ReplyCode.SEND_POST;
import static net.spillway.protocol.ReplyCode.SEND_TRANSFER;
import static net.spillway.protocol.ReplyCode.TAKETHIS_REJECTED;
import static net.spillway.protocol.ReplyCode.TAKETHIS_TAKEN;
import static net.spillway.protocol.ReplyCode.TRANSFERRED;
import static net.spillway.protocol.ReplyCode.TRANSFER_REJECTED;
import static net.spillway.protocol.ReplyCode.TRANSFER_UNWANTED;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.Durations;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.post.PostRequest.Method;

/**
 * Gets articles to a server, whichever will take them. By TAKETHIS several are under way at a time;
 * POST and IHAVE wait for each answer, as RFC 3977 wants it.
 *
 * <p>When it is not sure whether a server has an article (the connection broke, or a refusal may
 * mean "duplicate"), it asks before it sends again, so that nothing is posted twice.
 */
final class PostingConnection implements AutoCloseable {
    /** POST has one code for all refusals (RFC 3977, section 6.3.1); full disks are no verdict. */
    private static final Pattern FOR_NOW = Pattern.compile(
            "(?i)\\btry again later\\b|\\bno space left\\b");
    private static final int REFUSALS_BELIEVED = 5;
    private static final int REFUSALS_OF_ONE_SERVER = 3;
    private static final long PAUSE_MS = 50;
    /** Articles under way by TAKETHIS, and their octets. */
    private static final int DEPTH = 8;
    private static final int OCTETS_UNDER_WAY = 3 << 20;
    /** How long a server that wants fewer connections is not asked for more: 5 s, then to 60 s. */
    private static final int PATIENCE_TO_FIRST_REST = 6;
    private static final int LONGEST_REST_TO_PATIENCE = 2;
    /**
     * Octets sent at a time where the line may be slow, or is to be: each that goes shows that the
     * server is there.
     */
    private static final int STEP = 16 << 10;
    private static final byte[] NOTHING = {};
    /** Whoever answers an article in less time is sent the next ones whole. */
    private static final long SOON_NS = 1_000_000_000;
    /** How servers word it that an article is beyond their limit, ours first, then INN's. */
    private static final Pattern TOO_LARGE = Pattern.compile(
            "too (large|big)|(bigger|larger) than|exceeds .*limit", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_GROUP = Pattern.compile(
            "no (such|valid) (news)?group|unknown (news)?group|(news)?group does not exist",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DUPLICATE =
            Pattern.compile("duplicate|already (have|here|exists|posted)", Pattern.CASE_INSENSITIVE);

    private final PostingPool pool;
    private final PostingServers servers;
    private final PostRequest request;
    private final ArticleEncoder encoder;
    private final StallWatch watch = new StallWatch();
    private final Deque<Parcel> underWay = new ArrayDeque<>();
    private final Deque<Doubt> doubts = new ArrayDeque<>();
    private int octetsUnderWay;
    private PostingServers.Server server;
    private Method method = Method.POST;
    private volatile PipelinedClient client;
    private volatile boolean closed;
    /** Whether octets are being handed to the system. */
    private volatile boolean sending;
    /** Whether the last article on this connection was answered soon. */
    private boolean isSwift;

    /**
     * An article that the server may have, to be asked for when nothing is under way.
     *
     * @param reply the refusal, if there was one
     */
    private record Doubt(Parcel parcel, Optional<Reply> reply) {}

    PostingConnection(PostingPool pool, PostingServers servers, PostRequest request,
            ArticleEncoder encoder) {
        this.pool = pool;
        this.servers = servers;
        this.request = request;
        this.encoder = encoder;
    }

    /** Goes on until the pool has nothing more; rests while this connection is one too many. */
    void run() throws InterruptedException {
        Duration pause = Durations.dividedBy(request.patience(), PATIENCE_TO_FIRST_REST);
        Duration longest = Durations.times(request.patience(), LONGEST_REST_TO_PATIENCE);
        while (true) {
            Parcel next = mayTakeMore() ? pool.take(underWay.isEmpty()) : null;
            if (next == null && underWay.isEmpty() && doubts.isEmpty()) {
                quit();
                return;
            }
            if (next == null || connect(next)) {
                step(next);
            } else {
                servers.rest(pause);
                pause = Durations.doubled(pause, longest);
            }
        }
    }

    private boolean mayTakeMore() {
        boolean room = underWay.isEmpty() || method == Method.TAKETHIS
                && underWay.size() < DEPTH && octetsUnderWay < OCTETS_UNDER_WAY;
        return room && doubts.isEmpty();
    }

    /** Sends the next article or, if there is none, hears what became of the first one sent. */
    private void step(Parcel next) throws InterruptedException {
        try {
            if (next != null) {
                send(next);
            } else if (underWay.isEmpty()) {
                resolve();
            } else {
                settle();
            }
        } catch (NntpException e) {
            if (!closed) {
                servers.failed(server, e);
            }
            lose(next);
        }
    }

    private void send(Parcel next) throws NntpException, InterruptedException {
        if (next.uncertain) {
            doubts.add(new Doubt(next, Optional.empty()));
            return;
        }
        pool.sending();
        if (next.tries++ > 0) {
            pool.countRetry();
        }
        next.uncertain = true;
        switch (method) {
            case TAKETHIS -> {
                client.request("TAKETHIS " + next.id().value());
                write(next);
                underWay.add(next);
                octetsUnderWay += next.encoded.length();
            }
            case IHAVE -> {
                Reply first = client.ask("IHAVE " + next.id().value());
                heard(next, first.code() == SEND_TRANSFER ? sent(next) : first);
            }
            default -> {
                Reply first = client.ask("POST");
                heard(next, first.code() == SEND_POST ? sent(next) : first);
            }
        }
    }

    private Reply sent(Parcel parcel) throws NntpException, InterruptedException {
        write(parcel);
        return client.replyTo(parcel.encoded.length());
    }

    private void write(Parcel parcel) throws NntpException, InterruptedException {
        parcel.begun = System.nanoTime();
        int[] gone = {0};
        parcel.encoded = encode(parcel, (octets, length, payload) -> {
            write(parcel, octets, length, gone[0], payload);
            gone[0] += payload;
        });
        hand(NOTHING, 0, 0, true);
        pool.tell(parcel, parcel.article.length());
    }

    /** Whether the next article is handed to the system in one piece. */
    private boolean goesWhole() {
        return isSwift && !pool.pace().isLimited();
    }

    /**
     * Sends a piece of an article.
     *
     * @param before octets of the file that went before it
     * @param payload those in it: in a piece that goes bit by bit they are spread evenly
     */
    private void write(Parcel parcel, byte[] octets, int length, int before, int payload)
            throws NntpException, InterruptedException {
        boolean whole = goesWhole();
        int step = whole ? length : Math.min(STEP, length);
        for (int at = 0; at < length; at += step) {
            int n = Math.min(step, length - at);
            pool.pace().await(n);
            hand(octets, at, n, n == STEP);
            if (!whole) {
                pool.tell(parcel, before + (int) ((long) payload * (at + n) / length));
            }
        }
    }

    /** What the system does not take stops here, and is watched. */
    private void hand(byte[] octets, int from, int length, boolean now) throws NntpException {
        sending = true;
        try {
            client.write(octets, from, length);
            if (now) {
                client.flush();
            }
        } finally {
            sending = false;
        }
    }

    /** What can't be read is no server's fault, and the end. */
    private ArticleEncoder.Encoded encode(Parcel parcel, ArticleEncoder.Wire to)
            throws NntpException, InterruptedException {
        try {
            return encoder.encode(parcel.article, to);
        } catch (NntpException e) {
            throw e;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "Posting broke off: " + Explanation.of(e) + ".", e);
        }
    }

    /** The answer to the first article under way. */
    private void settle() throws NntpException, InterruptedException {
        Reply reply = client.replyTo(underWay.peek().encoded.length());
        Parcel first = underWay.poll();
        octetsUnderWay -= first.encoded.length();
        heard(first, reply);
    }

    private void heard(Parcel parcel, Reply reply)
            throws NntpException, InterruptedException {
        isSwift = System.nanoTime() - parcel.begun < SOON_NS;
        int code = reply.code();
        if (code == POSTED || code == TRANSFERRED || code == TAKETHIS_TAKEN
                || code == TRANSFER_UNWANTED) {
            taken(parcel);
        } else if (isAboutArticle(code)) {
            parcel.refusals++;
            doubts.add(new Doubt(parcel, Optional.of(reply)));
        } else {
            refusedByServer(parcel, reply);
        }
    }

    /** Asks for an article that the server may have. */
    private void resolve() throws NntpException, InterruptedException {
        Doubt doubt = doubts.peek();
        boolean there = isThere(doubt);
        doubts.poll();
        if (there) {
            taken(doubt.parcel());
            return;
        }
        doubt.parcel().uncertain = false;
        if (doubt.reply().isPresent()) {
            refused(doubt.parcel(), doubt.reply().get());
        } else {
            pool.giveBack(doubt.parcel());
        }
    }

    private static boolean isAboutArticle(int code) {
        return code == POSTING_FAILED || code == TAKETHIS_REJECTED || code == TRANSFER_REJECTED;
    }

    private void taken(Parcel parcel) throws NntpException, InterruptedException {
        if (parcel.encoded == null) { // By an earlier process; its CRC-32 is wanted all the same.
            parcel.encoded = encode(parcel, (octets, length, payload) -> { });
        }
        servers.succeeded(server, parcel.article.length());
        pool.settled(parcel);
    }

    /** Asks whether the server has an article; one that can't say may have said so already. */
    private boolean isThere(Doubt doubt) throws NntpException {
        String id = doubt.parcel().id().value();
        int code = client.ask("STAT " + id).code();
        if (code == ARTICLE_EXISTS || code == NO_SUCH_ARTICLE) {
            return code == ARTICLE_EXISTS;
        }
        return doubt.reply().filter(reply -> DUPLICATE.matcher(reply.text()).find()).isPresent()
                || method == Method.TAKETHIS
                        && client.ask("CHECK " + id).code() == CHECK_UNWANTED;
    }

    /** The refusal is about the article, and may pass (no space just now). */
    private void refused(Parcel parcel, Reply reply) throws InterruptedException {
        String why = words(parcel, reply);
        if (NO_GROUP.matcher(reply.text()).find()) {
            servers.refuse(server, why);
            lose(parcel);
            return;
        }
        if (parcel.refusals >= REFUSALS_BELIEVED) {
            throw new CommandFailure(FOR_NOW.matcher(reply.text()).find()
                    ? ExitCode.TEMPORARY : ExitCode.FAILED, why);
        }
        if (method != Method.POST && request.method() == Method.AUTO) {
            servers.onlyPost(server); // Feeding is not what this server wants of us.
            lose(parcel);
            return;
        }
        servers.answered();
        Thread.sleep(PAUSE_MS << parcel.refusals);
        if (parcel.refusals >= REFUSALS_OF_ONE_SERVER) {
            servers.failed(server, why, !FOR_NOW.matcher(reply.text()).find());
            lose(parcel);
        } else {
            pool.giveBack(parcel);
        }
    }

    private String words(Parcel parcel, Reply reply) {
        return server.address + " refuses " + parcel.id() + " (" + parcel.article.subject() + "): "
                + reply
                + (TOO_LARGE.matcher(reply.text()).find() ? ". Post with a smaller --part-size"
                        + " and --restart; articles are some 3 % larger than their parts" : "");
    }

    private void refusedByServer(Parcel parcel, Reply reply) {
        int code = reply.code();
        boolean isFinal = code == 440 || code >= 480 && code <= 483 || code == 502;
        servers.failed(server, words(parcel, reply), isFinal);
        parcel.uncertain = method == Method.TAKETHIS;
        lose(parcel);
    }

    /** The connection is of no use any more: others, or another, take what was under way. */
    private void lose(Parcel further) {
        disconnect();
        if (further != null) {
            pool.giveBack(further);
        }
        doubts.forEach(doubt -> underWay.add(doubt.parcel()));
        doubts.clear();
        for (Parcel parcel : underWay) {
            parcel.uncertain = true;
            pool.giveBack(parcel);
        }
        underWay.clear();
        octetsUnderWay = 0;
    }

    /** Makes sure that there is a connection; false if it would be one too many. */
    private boolean connect(Parcel waiting) throws InterruptedException {
        while (client == null) {
            if (closed) {
                throw new InterruptedException();
            }
            server = servers.next();
            try {
                PipelinedClient opened = PipelinedClient.openToSend(server.address, request.timeout(),
                        request.timeout(), request.method() != Method.POST);
                client = opened;
                isSwift = false;
                servers.connected(server);
                if (!agree() || closed) {
                    disconnect();
                }
            } catch (NntpException e) {
                disconnect();
                if (closed) {
                    throw new InterruptedException(); // Which is what broke it off.
                }
                if (servers.isOneTooMany(server, e)) {
                    pool.giveBack(waiting);
                    return false;
                }
                servers.failed(server, e);
            }
        }
        return true;
    }

    /** Finds out how this server takes articles, and whether it takes them at all. */
    private boolean agree() throws NntpException {
        method = servers.method(server, request.method(), client);
        if (method == Method.TAKETHIS && client.ask("MODE STREAM").code() != 203) {
            servers.onlyPost(server);
            if (request.method() != Method.AUTO) {
                servers.refuse(server, server.address + " offers no streaming (MODE STREAM)");
            }
            return false;
        }
        return method != Method.POST || GroupCheck.passes(client, server, servers, request);
    }

    private void disconnect() {
        PipelinedClient gone = client;
        if (gone != null) {
            client = null;
            gone.close();
            servers.disconnected(server);
        }
    }

    /** Takes leave of the server, when there is nothing more to post. */
    private void quit() {
        if (client != null) {
            client.quit();
            disconnect();
        }
    }

    /** From one thread: breaks the connection if the server has not taken an octet for too long. */
    void checkProgress() {
        PipelinedClient current = client;
        if (current != null && sending && watch.isStuck(current)) {
            current.close();
        } else if (current == null || !sending) {
            watch.rest();
        }
    }

    /** From any thread: ends what is going on. */
    @Override
    public void close() {
        closed = true;
        PipelinedClient current = client;
        if (current != null) {
            current.close();
        }
    }
}
