package net.spillway.relay.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSession;
import net.spillway.conf.HostPort;
import net.spillway.conf.LimitsConfig;
import net.spillway.conf.ListenConfig;
import net.spillway.relay.access.Client;
import net.spillway.relay.session.NntpSession;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.FilterEvent;
import org.apache.mina.filter.ssl.SslEvent;
import org.apache.mina.filter.ssl.SslFilter;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients and serves each with a session of its own. */
public final class Listeners implements AutoCloseable {
    static final String TLS_FILTER = "tls";

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final AttributeKey CONNECTION = new AttributeKey(Listeners.class, "connection");
    /** MINA writes at most one and a half times this in one turn; its default starves articles. */
    private static final int PLAIN_READ_BUFFER = 1 << 20;
    /** MINA's TLS filter allocates as much as it has read for every record in it. */
    private static final int TLS_READ_BUFFER = 64 * 1024;
    private static final int NO_READ_BUFFER = 1;
    private static final int BACKLOG = 512;
    /**
     * How long a TLS handshake may wait for the client without our saying anything: we speak two
     * or three times, so this bounds it whatever the client says meanwhile.
     */
    private static final int HANDSHAKE_SECONDS = 30;
    /** To tell somebody under TLS why he is not served takes a handshake: so many at a time. */
    private static final int REFUSED_UNDER_TLS = 64;

    private volatile LimitsConfig limits;
    private final Executor threads;
    private final SessionStarter starter;
    private final ConnectionCount count;
    private final UnreadInput unread = new UnreadInput();
    private final EventLoops loops;
    private volatile Optional<ServerTls> certificate = Optional.empty();
    private final List<NioSocketAcceptor> acceptors = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final Map<IoSession, MinaConnection> connections = new ConcurrentHashMap<>();
    /** Those under TLS that are still to hear that they are not served, and why. */
    private final Set<IoSession> refused = ConcurrentHashMap.newKeySet();

    /**
     * Listens nowhere yet.
     *
     * @param threads run what may wait for the disk
     */
    public Listeners(LimitsConfig limits, Executor threads, SessionStarter starter) {
        this.limits = limits;
        this.threads = threads;
        this.starter = starter;
        this.count = new ConnectionCount(limits.connections(), limits.connectionsPerAddress());
        this.loops = new EventLoops("relay-io", Runtime.getRuntime().availableProcessors());
    }

    /**
     * Listens at these addresses.
     *
     * @param tls needed if one of them is for TLS; with it, plain connections can change to TLS
     * @throws IOException naming the address that cannot be used
     */
    public void bind(List<ListenConfig> wanted, Optional<ServerTls> tls) throws IOException {
        certificate = tls;
        NioSocketAcceptor plain = acceptor(Optional.empty());
        Optional<NioSocketAcceptor> secure = wanted.stream().anyMatch(ListenConfig::tls)
                ? tls.map(context -> acceptor(tls)) : Optional.empty();
        for (ListenConfig listen : wanted) {
            addresses.add(bind(listen.tls() ? secure.orElseThrow(() -> new IOException(
                    "no certificate is configured for " + listen.address())) : plain,
                    listen.address()));
        }
    }

    private NioSocketAcceptor acceptor(Optional<ServerTls> tls) {
        NioSocketAcceptor acceptor = new Acceptor(loops);
        acceptors.add(acceptor);
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(BACKLOG);
        // A relay that stops accepts nobody any more, but finishes with those who are there.
        acceptor.setCloseOnDeactivation(false);
        SocketSessionConfig config = acceptor.getSessionConfig();
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        // Unused, since our loops read by themselves, but made for every read.
        config.setMinReadBufferSize(NO_READ_BUFFER);
        config.setReadBufferSize(NO_READ_BUFFER);
        config.setMaxReadBufferSize(tls.isPresent() ? TLS_READ_BUFFER : PLAIN_READ_BUFFER);
        config.setIdleTime(IdleStatus.BOTH_IDLE, idleSeconds());
        tls.ifPresent(context -> acceptor.setFilterChainBuilder(
                chain -> chain.addLast(TLS_FILTER,
                        new ServerTlsFilter(certificate.orElse(context)))));
        acceptor.setHandler(new Serve(tls.isPresent()));
        return acceptor;
    }

    private static InetSocketAddress bind(NioSocketAcceptor acceptor, HostPort address)
            throws IOException {
        InetSocketAddress wanted = address.resolve();
        if (wanted.isUnresolved()) {
            throw new IOException("cannot listen on " + address.hostAndPort()
                    + ": the host name cannot be resolved");
        }
        Set<SocketAddress> before = new HashSet<>(acceptor.getLocalAddresses());
        try {
            acceptor.bind(wanted);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address.hostAndPort() + ": " + reason(e), e);
        }
        // The system has chosen a port if 0 was asked for; the address that is new tells which.
        return acceptor.getLocalAddresses().stream()
                .filter(a -> !before.contains(a))
                .map(InetSocketAddress.class::cast)
                .findFirst().orElse(wanted);
    }

    /** MINA wraps what the system says in a sentence of its own. */
    private static String reason(IOException e) {
        String said = e.getCause() instanceof IOException cause && cause.getMessage() != null
                ? cause.getMessage() : String.valueOf(e.getMessage());
        if (said.startsWith("Address already in use")) {
            return "another program listens there already; stop it, or choose another port";
        }
        if (said.startsWith("Cannot assign")) {
            return "this machine has no such address; correct it";
        }
        return said.startsWith("Permission denied")
                ? "permission denied; ports below 1024 need a privilege" : said;
    }

    private void beginTls(IoSession session) {
        session.getConfig().setMaxReadBufferSize(TLS_READ_BUFFER);
        session.getFilterChain().addLast(TLS_FILTER,
                new ServerTlsFilter(certificate.orElseThrow()));
    }

    /** Shows this from now on to who connects or begins TLS. */
    public void show(ServerTls tls) {
        certificate = Optional.of(tls);
    }

    /** Other limits hold from now on; the idle time and pipeline for who connects from now on. */
    public void limits(LimitsConfig now) {
        limits = now;
        count.limits(now.connections(), now.connectionsPerAddress());
        acceptors.forEach(acceptor ->
                acceptor.getSessionConfig().setIdleTime(IdleStatus.BOTH_IDLE, idleSeconds()));
    }

    private int idleSeconds() {
        return (int) Math.clamp(limits.idleTimeout().toSeconds(), 1, Integer.MAX_VALUE);
    }

    /** Where we listen, in the order asked for. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Accepts nobody any more, and lets those who are there have the answers they wait for. */
    public void shutDown() {
        acceptors.forEach(NioSocketAcceptor::unbind);
        connections.values().forEach(MinaConnection::shutDown);
    }

    /** Whether nobody is connected. */
    public boolean isQuiet() {
        return connections.isEmpty();
    }

    /** Drops whoever is still there and frees the threads. */
    @Override
    public void close() {
        connections.values().forEach(MinaConnection::abort);
        acceptors.forEach(acceptor -> acceptor.dispose(true));
        loops.close();
    }

    /** Shares out connections among the loops. */
    private static final class Acceptor extends NioSocketAcceptor {
        private static final SelectorProvider IPV4 = new Ipv4Provider();

        private final EventLoops loops;

        Acceptor(EventLoops loops) {
            super(loops.next());
            this.loops = loops;
        }

        /** An IPv4 address is IPv4 alone: Java's usual sockets would take 0.0.0.0 for everything. */
        @Override
        protected ServerSocketChannel open(SocketAddress address) throws Exception {
            selectorProvider = address instanceof InetSocketAddress inet
                    && inet.getAddress() instanceof Inet4Address ? IPV4 : null;
            return super.open(address);
        }

        @Override
        protected NioSession accept(IoProcessor<NioSession> any, ServerSocketChannel listener)
                throws Exception {
            return super.accept(loops.next(), listener);
        }
    }

    /** Hands what MINA tells to the connection it is about. */
    private final class Serve extends IoHandlerAdapter {
        private final boolean tls;

        Serve(boolean tls) {
            this.tls = tls;
        }

        private Optional<MinaConnection> of(IoSession session) {
            return Optional.ofNullable((MinaConnection) session.getAttribute(CONNECTION));
        }

        @Override
        public void sessionOpened(IoSession session) {
            if (!(session.getRemoteAddress() instanceof InetSocketAddress remote)) {
                session.closeNow();
                return;
            }
            Client client = new Client(remote.getAddress(), tls);
            Optional<String> refusal = count.add(client.address());
            if (tls && refusal.isPresent() && !mayHear(session)) {
                count.remove(client.address());
                session.closeNow();
                return;
            }
            MinaConnection connection =
                    new MinaConnection((NioSession) session, client, limits.pipelineBytes(),
                            unread, threads);
            NntpSession nntp = starter.start(client, connection, connection.strand());
            connections.put(session, connection);
            session.setAttribute(CONNECTION, connection);
            if (tls) {
                session.getConfig().setIdleTime(IdleStatus.WRITER_IDLE,
                        Math.min(HANDSHAKE_SECONDS, idleSeconds()));
            }
            connection.start(nntp, refusal.<Runnable>map(why -> () -> nntp.refuse(why))
                    .orElse(nntp::open), () -> beginTls(session));
        }

        /** Whether there is time to tell it why it is not served. */
        private boolean mayHear(IoSession session) {
            return refused.size() < REFUSED_UNDER_TLS && refused.add(session);
        }

        @Override
        public void event(IoSession session, FilterEvent event) {
            if (event == SslEvent.SECURED) {
                session.getConfig().setIdleTime(IdleStatus.WRITER_IDLE, 0);
                Set<String> shown = session.getAttribute(SslFilter.SSL_SECURED)
                        instanceof SSLSession tlsSession && certificate.isPresent()
                        ? certificate.get().clients().names(tlsSession) : Set.of();
                of(session).ifPresent(connection -> connection.secured(shown));
            }
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            of(session).ifPresent(c -> c.received((IoBuffer) message));
        }

        @Override
        public void messageSent(IoSession session, Object message) {
            of(session).ifPresent(MinaConnection::sent);
        }

        @Override
        public void inputClosed(IoSession session) {
            of(session).ifPresentOrElse(MinaConnection::inputEnded, session::closeNow);
        }

        @Override
        public void sessionIdle(IoSession session, IdleStatus status) {
            of(session).ifPresent(status == IdleStatus.WRITER_IDLE
                    ? MinaConnection::handshakeTakesLong : MinaConnection::idle);
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            if (cause instanceof IOException) {
                LOG.debug("connection from {} broke: {}", session.getRemoteAddress(),
                        cause.getMessage());
            } else {
                LOG.warn("connection from {} failed", session.getRemoteAddress(), cause);
            }
            session.closeNow();
        }

        @Override
        public void sessionClosed(IoSession session) {
            refused.remove(session);
            MinaConnection connection = connections.remove(session);
            if (connection != null) {
                count.remove(connection.client().address());
                connection.ended();
            }
        }
    }
}
