package net.spillway.relay.transport;

import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.filter.ssl.SslFilter;

/**
 * MINA's TLS filter without three of its habits: it looks up the client's name in DNS on the thread
 * that serves everybody; in its newer mode it can hand on what it decrypted out of order when a
 * handshake ends on another thread; and it fails if something happens while it is taken away.
 */
final class ServerTlsFilter extends SslFilter {
    ServerTlsFilter(ServerTls tls) {
        super(tls.context());
        setWantClientAuth(tls.asks());
        setUseNonBlockingPipeline(false);
    }

    @Override
    protected SSLEngine createEngine(IoSession session, InetSocketAddress address) {
        SSLEngine engine = sslContext.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setWantClientAuth(isWantClientAuth());
        return engine;
    }

    @Override
    public void messageReceived(NextFilter next, IoSession session, Object message)
            throws Exception {
        if (session.getAttribute(SSL_HANDLER) != null) {
            super.messageReceived(next, session, message);
        }
    }

    @Override
    public void messageSent(NextFilter next, IoSession session, WriteRequest request)
            throws Exception {
        if (session.getAttribute(SSL_HANDLER) != null) {
            super.messageSent(next, session, request);
        }
    }
}
