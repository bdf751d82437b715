package net.spillway.feed.transport;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import net.spillway.conf.HostPort;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.PeerTls;
import net.spillway.feed.PeerTransport;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.FilterEvent;
import org.apache.mina.filter.ssl.SslEvent;
import org.apache.mina.filter.ssl.SslFilter;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketConnector;

/**
 * Connects to peers with MINA. All peers share a few threads, which only move octets: what is to be
 * said is decided elsewhere.
 */
public final class MinaTransport implements PeerTransport {
    private static final AttributeKey WIRE = new AttributeKey(MinaTransport.class, "wire");
    private static final AttributeKey TLS = new AttributeKey(MinaTransport.class, "tls");
    private static final long CONNECT_TIMEOUT_MILLIS = 10_000;
    /** MINA writes at most one and a half times this in one turn; its default starves articles. */
    private static final int READ_BUFFER = 1 << 20;
    /** With TLS, MINA allocates as much as it has read for every record in it. */
    private static final int TLS_READ_BUFFER = 64 * 1024;
    private static final int MAX_THREADS = 4;

    private final SimpleIoProcessorPool<NioSession> loops = new SimpleIoProcessorPool<>(
            EventLoop.class, Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()));
    private final NioSocketConnector connector;

    /** Starts no connection, only the threads. */
    public MinaTransport() {
        connector = new NioSocketConnector(loops);
        connector.setConnectTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
        connector.getSessionConfig().setTcpNoDelay(true);
        connector.getSessionConfig().setKeepAlive(true);
        connector.getSessionConfig().setMaxReadBufferSize(READ_BUFFER);
        connector.setFilterChainBuilder(MinaTransport::addTls);
        connector.setHandler(new ToWire());
    }

    private static void addTls(IoFilterChain chain) {
        if (chain.getSession().getAttribute(TLS) instanceof SSLContext context) {
            chain.addLast("tls", filter(context));
        }
    }

    private static SslFilter filter(SSLContext context) {
        SslFilter filter = new SslFilter(context);
        filter.setEndpointIdentificationAlgorithm("HTTPS");
        // Its newer mode can hand on what it decrypted out of order.
        filter.setUseNonBlockingPipeline(false);
        return filter;
    }

    @Override
    public void connect(HostPort address, Optional<PeerTls> tls,
            ConnectionEvents events) {
        // Looking up a name can block for long, and none of our threads may.
        Thread.ofVirtual().name("resolve-" + address.host()).start(() -> {
            try {
                connect(address, address.resolve(), tls, events);
            } catch (RuntimeException e) {
                events.closed("cannot connect: " + MinaWire.reason(e));
            }
        });
    }

    private void connect(HostPort address, InetSocketAddress remote,
            Optional<PeerTls> tls, ConnectionEvents events) {
        if (remote.isUnresolved()) {
            events.closed("the host name " + address.host() + " cannot be resolved");
            return;
        }
        ConnectFuture future = connector.connect(remote, (session, connecting) -> {
            AtomicReference<SSLContext> context = new AtomicReference<>();
            MinaWire wire = new MinaWire(session, tls.isPresent(),
                    tls.filter(PeerTls::starttls).map(t -> () -> session.getFilterChain()
                            .addLast("tls", filter(context.get()))), events);
            session.setAttribute(WIRE, wire);
            tls.ifPresent(t -> {
                context.set(context(t, wire));
                session.getConfig().setMaxReadBufferSize(TLS_READ_BUFFER);
            });
            tls.filter(t -> !t.starttls()).ifPresent(t -> session.setAttribute(TLS, context.get()));
        });
        future.addListener(done -> {
            if (!future.isConnected()) {
                Throwable cause = future.getException();
                events.closed("cannot connect to " + address + ": "
                        + (cause == null ? "cancelled" : MinaWire.reason(cause)));
            }
        });
    }

    /** One for each connection, so that a refused certificate is told to the right one. */
    private static SSLContext context(PeerTls tls, MinaWire wire) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager watched = new WatchedTrust(tls.trust(), why -> {
                wire.failed(why);
                wire.close();
            });
            context.init(tls.shows().get(), new TrustManager[] {watched}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    @Override
    public void close() {
        connector.dispose();
        loops.dispose();
    }

    /** Hands what MINA tells to the wire it is about. */
    private static final class ToWire extends IoHandlerAdapter {
        private static Optional<MinaWire> wire(IoSession session) {
            return Optional.ofNullable((MinaWire) session.getAttribute(WIRE));
        }

        @Override
        public void sessionOpened(IoSession session) {
            wire(session).ifPresent(MinaWire::opened);
        }

        @Override
        public void event(IoSession session, FilterEvent event) {
            if (event == SslEvent.SECURED) {
                wire(session).ifPresent(MinaWire::secured);
            }
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            wire(session).ifPresent(w -> w.received(message));
        }

        @Override
        public void messageSent(IoSession session, Object message) {
            wire(session).ifPresent(w -> w.sent(message));
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            wire(session).ifPresent(w -> w.failed(MinaWire.reason(cause)));
            session.closeNow();
        }
    }
}
