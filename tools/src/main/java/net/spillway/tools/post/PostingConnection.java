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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.Durations;
import net.spillway.tools.ExitCode;
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
    /** Octets between two looks at the clock, unless whole articles go off in no time. */
    private static final int PIECE = 64 << 10;
    private static final long NO_TIME_NS = 100_000_000;
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
    private final Deque<Parcel> underWay = new ArrayDeque<>();
    private final Deque<Doubt> doubts = new ArrayDeque<>();
    private int octetsUnderWay;
    private PostingServers.Server server;
    private Method method = Method.POST;
    private volatile PipelinedClient client;
    private volatile boolean closed;
    /** When sending last got on, or 0 while nothing is being sent. */
    private volatile long sendingSince;
    /** Whether the last article on this connection went off in no time. */
    private boolean goesAtOnce;

    /**
     * An article that the server may have, to be asked for when nothing is under way.
     *
     * @param reply the refusal, if there was one
     */
    private record Doubt(Parcel parcel, Optional<Reply> reply) {}

    PostingConnection(PostingPool pool, PostingServers servers, PostRequest request) {
        this.pool = pool;
        this.servers = servers;
        this.request = request;
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
                client.request("TAKETHIS " + next.id.value());
                write(next);
                underWay.add(next);
                octetsUnderWay += next.length;
            }
            case IHAVE -> {
                Reply first = client.ask("IHAVE " + next.id.value());
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
        return client.reply();
    }

    private void write(Parcel parcel) throws NntpException, InterruptedException {
        int whole = goesAtOnce ? parcel.length : PIECE;
        int piece = pool.pace().isLimited() ? PIECE / 4 : whole;
        long began = System.nanoTime();
        try {
            for (int at = 0; at < parcel.length; at += piece) {
                int n = Math.min(piece, parcel.length - at);
                pool.pace().await(n);
                sendingSince = System.nanoTime();
                client.write(parcel.wire, at, n);
                client.flush();
                sendingSince = 0; // The wait for our own pace is no server's fault.
                pool.wrote(parcel, at + n);
            }
            goesAtOnce = System.nanoTime() - began < NO_TIME_NS;
        } finally {
            sendingSince = 0;
        }
    }

    /** The answer to the first article under way. */
    private void settle() throws NntpException, InterruptedException {
        Reply reply = client.reply();
        Parcel first = underWay.poll();
        octetsUnderWay -= first.length;
        heard(first, reply);
    }

    private void heard(Parcel parcel, Reply reply) {
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

    private void taken(Parcel parcel) {
        servers.succeeded(server, parcel.payload);
        pool.settled(parcel);
    }

    /** Asks whether the server has an article; one that can't say may have said so already. */
    private boolean isThere(Doubt doubt) throws NntpException {
        String id = doubt.parcel().id.value();
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
            servers.failed(server, why, true);
            lose(parcel);
        } else {
            pool.giveBack(parcel);
        }
    }

    private String words(Parcel parcel, Reply reply) {
        return server.address + " refuses " + parcel.id + " (" + parcel.subject + "): " + reply
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
                goesAtOnce = false;
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

    /** From any thread: breaks the connection if the server has not taken an octet for too long. */
    void checkProgress() {
        long since = sendingSince;
        PipelinedClient current = client;
        if (since != 0 && current != null
                && System.nanoTime() - since > request.timeout().toNanos()) {
            current.close();
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
