package net.spillway.tools.post;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;

/**
 * Which server to post to next. The first one that is not backing off is taken; a server that fails
 * backs off, longer each time, and one that will not let us post is not asked again. Thread-safe.
 */
final class PostingServers {
    private static final long FIRST_BACK_OFF_MS = 200;
    private static final long LONGEST_BACK_OFF_MS = 10_000;
    private static final int REFUSALS_BELIEVED = 4;

    /** One of the servers. */
    static final class Server {
        final ServerAddress address;
        private int open;
        private int failures;
        private long notBefore = System.nanoTime();
        private boolean refuses;
        private boolean onlyPost;
        private boolean missed;
        private volatile boolean hasGroups;
        private long articles;
        private long octets;

        private Server(ServerAddress address) {
            this.address = address;
        }

        /** Whether it is known to carry what is posted. */
        boolean hasGroups() {
            return hasGroups;
        }
    }

    private final List<Server> servers = new ArrayList<>();
    private final Duration patience;
    private final Consumer<String> trouble;
    private final Consumer<String> warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** When no server was of use any more; empty while one is, or is not needed. */
    private OptionalLong troubledSince = OptionalLong.empty();
    private String lastError = "";
    /** Whether {@link #trouble} has been told of some that is not over. */
    private boolean troubleTold;
    private boolean closed;

    /**
     * @param trouble told in a few words what keeps us waiting, and nothing when it is over
     * @param warnings told what should be known in any case
     */
    PostingServers(List<ServerAddress> addresses, Duration patience, Consumer<String> trouble,
            Consumer<String> warnings) {
        addresses.forEach(address -> servers.add(new Server(address)));
        this.patience = patience;
        this.trouble = trouble;
        this.warnings = warnings;
    }

    /**
     * The server to connect to, after waiting for its back-off.
     *
     * @throws CommandFailure if none will have us, or none has answered for too long
     */
    Server next() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Optional<Server> best = candidate();
                if (best.isEmpty()) {
                    throw new CommandFailure(ExitCode.FAILED,
                            "No server takes our articles: " + lastError);
                }
                long wait = best.get().notBefore - System.nanoTime();
                if (wait <= 0) {
                    return best.get();
                }
                if (open() == 0 && isPatienceOver(System.nanoTime())) {
                    throw new CommandFailure(ExitCode.TEMPORARY, "No server could be reached for "
                            + patience.toSeconds() + " s; the last one said: " + lastError);
                }
                changed.awaitNanos(Math.min(wait, TimeUnit.SECONDS.toNanos(1)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long nothing was asked of servers does not count: only from the first failure on. */
    private boolean isPatienceOver(long now) {
        return troubledSince.isPresent()
                && now - troubledSince.getAsLong() > patience.toNanos();
    }

    private Optional<Server> candidate() {
        Server best = null;
        long now = System.nanoTime();
        for (Server server : servers) {
            if (!server.refuses && (best == null || isBetter(server, best, now))) {
                best = server;
            }
        }
        return Optional.ofNullable(best);
    }

    /** One that works goes before one that lately didn't; then the one to wait less for. */
    private static boolean isBetter(Server server, Server than, long now) {
        return server.failures == 0 != (than.failures == 0) ? server.failures == 0
                : waits(server, now) < waits(than, now);
    }

    private static long waits(Server server, long now) {
        return Math.max(0, server.notBefore - now);
    }

    private int open() {
        return servers.stream().mapToInt(server -> server.open).sum();
    }

    void connected(Server server) {
        lock.lock();
        try {
            server.open++;
        } finally {
            lock.unlock();
        }
    }

    /** A connection that was {@link #connected} is gone. */
    void disconnected(Server server) {
        lock.lock();
        try {
            server.open--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as long as a connection that was one too many for its server should: {@code pause}, but
     * not while nobody is connected to any server, nor when all is over.
     */
    void rest(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = pause.toNanos();
            while (!closed && open() > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is to rest any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A server said no to an article: at least it is there. */
    void answered() {
        lock.lock();
        try {
            troubledSince = OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    /** What each server took so far. */
    List<PostResult.Server> shares() {
        lock.lock();
        try {
            return servers.stream().map(server -> new PostResult.Server(
                    server.address.toString(), server.articles, server.octets)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How to hand articles to a server to which a connection has just been made. */
    PostRequest.Method method(
            Server server, PostRequest.Method wanted, PipelinedClient client) {
        if (wanted != PostRequest.Method.AUTO) {
            return wanted;
        }
        lock.lock();
        try {
            if (server.onlyPost) {
                return PostRequest.Method.POST;
            }
        } finally {
            lock.unlock();
        }
        if (client.capability("STREAMING").isPresent()) {
            return PostRequest.Method.TAKETHIS;
        }
        boolean reads = client.capability("POST").isPresent()
                || client.capability("MODE-READER").isPresent();
        return client.capability("IHAVE").isPresent() && !reads ? PostRequest.Method.IHAVE
                : PostRequest.Method.POST;
    }

    /** A server that does not want to be fed by us, whatever it says. */
    void onlyPost(Server server) {
        lock.lock();
        try {
            server.onlyPost = true;
        } finally {
            lock.unlock();
        }
    }

    /** A server carries the groups, but for some. */
    void groupsAreThere(Server server, List<String> lacking) {
        lock.lock();
        try {
            if (!server.hasGroups && !lacking.isEmpty()) {
                warnings.accept(server.address + " carries no newsgroup "
                        + String.join(", ", lacking) + "; it may file the articles in the others");
            }
            server.hasGroups = true;
        } finally {
            lock.unlock();
        }
    }

    /** A server that has said for good that it will not take our articles. */
    void refuse(Server server, String why) {
        lock.lock();
        try {
            lastError = why;
            server.refuses = true;
            troubledSince = OptionalLong.empty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** An article was taken, with so many octets of a file. */
    void succeeded(Server server, int octets) {
        lock.lock();
        try {
            server.articles++;
            server.octets += octets;
            server.failures = 0;
            if (troubleTold) {
                troubleTold = false;
                troubledSince = OptionalLong.empty();
                trouble.accept("");
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a refused connection was merely one too many: the server still serves others of ours.
     */
    boolean isOneTooMany(Server server, NntpException why) {
        lock.lock();
        try {
            return why instanceof NntpException.Refused && server.open > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Something went wrong with a server: it has to wait. */
    void failed(Server server, NntpException why) {
        failed(server, why.getMessage(), why.isFinal());
    }

    /**
     * The same, for a reply in the middle of things.
     *
     * @param isFinal whether the reply is one that time doesn't change; servers that are starting
     *     or stopping give such replies too, so only several in a row are believed
     */
    void failed(Server server, String why, boolean isFinal) {
        lock.lock();
        try {
            lastError = why;
            troubleTold = true;
            trouble.accept(why);
            if (servers.size() > 1 && server.articles == 0 && !server.missed) {
                server.missed = true;
                warnings.accept(why + "; the other servers are posted to meanwhile");
            }
            long now = System.nanoTime();
            if (isFinal || troubledSince.isEmpty()) {
                troubledSince = OptionalLong.of(now); // A final answer: it is there, at least.
            }
            if (now < server.notBefore) {
                return; // Another connection told of the same trouble.
            }
            long back = Math.min(
                    LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS << Math.min(20, server.failures));
            server.failures++;
            server.refuses |= isFinal && server.failures >= REFUSALS_BELIEVED;
            server.notBefore = now + TimeUnit.MILLISECONDS.toNanos(back);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
