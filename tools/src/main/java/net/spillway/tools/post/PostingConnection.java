package net.spillway.tools.post;

import static net.spillway.protocol.ReplyCode.ARTICLE_EXISTS;
import static net.spillway.protocol.ReplyCode.POSTED;
import static net.spillway.protocol.ReplyCode.POSTING_FAILED;

import java.util.regex.Pattern;
import net.spillway.protocol.Reply;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;

/**
 * Gets one article after another to a server, whichever will take it. When it is not sure whether a
 * server has an article (the connection broke, or it answered 441, which may mean "duplicate"), it
 * asks by STAT before it sends again, so that nothing is posted twice.
 */
final class PostingConnection implements AutoCloseable {
    private static final int REFUSALS_BELIEVED = 5;
    private static final int REFUSALS_OF_ONE_SERVER = 3;
    private static final long PAUSE_MS = 50;
    /** How servers word it that an article is beyond their limit, ours first, then INN's. */
    private static final Pattern TOO_LARGE = Pattern.compile(
            "too (large|big)|(bigger|larger) than|exceeds .*limit", Pattern.CASE_INSENSITIVE);

    private final PostingPool pool;
    private final PostingServers servers;
    private final PostRequest request;
    private PostingServers.Server server;
    private volatile PipelinedClient client;
    private volatile boolean closed;
    private PostingPool.Encoded unsettled;

    PostingConnection(PostingPool pool, PostingServers servers, PostRequest request) {
        this.pool = pool;
        this.servers = servers;
        this.request = request;
    }

    /** What {@link #deliver} gave up. */
    PostingPool.Encoded unsettled() {
        return unsettled;
    }

    /**
     * Goes on until a server has the article.
     *
     * @return false if this connection is one too many: {@link #unsettled} is another's work then
     */
    boolean deliver(PostingPool.Encoded article) throws InterruptedException {
        boolean uncertain = article.uncertain();
        int refusals = 0; // Of this article, by 441.
        boolean first = true;
        while (true) {
            if (!connect()) {
                unsettled = new PostingPool.Encoded(article.article(), article.wire(), uncertain);
                return false;
            }
            if (!first) {
                pool.countRetry();
            }
            first = false;
            try {
                if (uncertain && isThere(article)) {
                    servers.succeeded(server);
                    return true;
                }
                uncertain = true;
                Reply reply = client.post(article.wire(), article.wire().length);
                if (reply.code() == POSTED
                        || reply.code() == POSTING_FAILED && isThere(article)) {
                    servers.succeeded(server);
                    return true;
                }
                uncertain = false;
                refusals += reply.code() == POSTING_FAILED ? 1 : 0;
                refused(article, reply, refusals);
            } catch (NntpException e) {
                servers.failed(server, e);
                disconnect();
            }
        }
    }

    private boolean isThere(PostingPool.Encoded article) throws NntpException {
        return client.ask("STAT " + article.article().id().value()).code() == ARTICLE_EXISTS;
    }

    /** 441 is about the article, and may pass (no space just now); the rest is about the server. */
    private void refused(PostingPool.Encoded article, Reply reply, int refusals)
            throws InterruptedException {
        String why = server.address + " refuses " + article.article().id() + " ("
                + article.article().subject() + "): " + reply
                + (TOO_LARGE.matcher(reply.text()).find() ? ". Post with a smaller --part-size; "
                        + "articles are some 3 % larger than their parts" : "");
        if (reply.code() == POSTING_FAILED) {
            if (refusals >= REFUSALS_BELIEVED) {
                throw new CommandFailure(ExitCode.FAILED, why + ". No manifest was written.");
            }
            servers.answered();
            Thread.sleep(PAUSE_MS << refusals);
            if (refusals < REFUSALS_OF_ONE_SERVER) {
                return;
            }
        }
        boolean isFinal = reply.code() == 440 || reply.code() >= 480 && reply.code() <= 483
                || reply.code() == 502;
        servers.failed(server, why, isFinal || reply.code() == POSTING_FAILED);
        disconnect();
    }

    /** Makes sure that there is a connection; false if it would be one too many. */
    private boolean connect() throws InterruptedException {
        while (client == null) {
            if (closed) {
                throw new InterruptedException();
            }
            server = servers.next();
            try {
                PipelinedClient opened = PipelinedClient.open(
                        server.address, request.timeout(), request.timeout());
                servers.connected(server);
                client = opened;
                if (closed) {
                    disconnect();
                }
            } catch (NntpException e) {
                if (servers.isOneTooMany(server, e) && pool.mayRetire()) {
                    return false;
                }
                servers.failed(server, e);
            }
        }
        return true;
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
    void quit() {
        if (client != null) {
            client.quit();
            disconnect();
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
