package net.spillway.relay.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.filter.ssl.EncryptedWriteRequest;
import org.apache.mina.filter.ssl.SslFilter;
import org.apache.mina.filter.ssl.SslHandler;

/**
 * MINA's TLS filter without four of its habits: it looks up the client's name in DNS on the thread
 * that serves everybody; in its newer mode it can hand on what it decrypted out of order when a
 * handshake ends on another thread; it fails if something happens while it is taken away; and it
 * makes a buffer for all that is to be sent, and a write, for each record of 16 KiB.
 */
final class ServerTlsFilter extends SslFilter {
    private static final AttributeKey ENGINE = new AttributeKey(ServerTlsFilter.class, "engine");
    /** What a record holds at most (RFC 8446, section 5.1). */
    private static final int RECORD_OCTETS = 16 * 1024;
    private static final String CHEAPEST = "_AES_128_GCM_";

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
        engine.setEnabledCipherSuites(cheapestFirst(engine.getEnabledCipherSuites()));
        session.setAttribute(ENGINE, engine);
        return engine;
    }

    /**
     * The suites in their order, but those of AES-128-GCM before all others, within what each
     * version of TLS has: a tenth to a quarter less work than AES-256-GCM, and as good as unbroken.
     */
    static String[] cheapestFirst(String[] suites) {
        return Stream.concat(Stream.of(suites).filter(suite -> suite.contains(CHEAPEST)),
                Stream.of(suites).filter(suite -> !suite.contains(CHEAPEST)))
                .toArray(String[]::new);
    }

    /** Makes all records of a write at once, for one buffer and one write to the socket. */
    @Override
    public void filterWrite(NextFilter next, IoSession session, WriteRequest request)
            throws Exception {
        if (!(request instanceof EncryptedWriteRequest)
                && request.getMessage() instanceof IoBuffer plain && plain.hasRemaining()
                && session.getAttribute(SSL_HANDLER) instanceof SslHandler handler) {
            synchronized (handler) {
                if (handler.isConnected()) {
                    IoBuffer records =
                            encrypt((SSLEngine) session.getAttribute(ENGINE), plain.buf());
                    // Records have numbers: they are queued in the order in which they are made.
                    next.filterWrite(session, new EncryptedWriteRequest(records, request));
                    return;
                }
            }
        }
        super.filterWrite(next, session, request);
    }

    private static IoBuffer encrypt(SSLEngine engine, ByteBuffer plain) throws SSLException {
        int record = engine.getSession().getPacketBufferSize();
        int records = 1 + plain.remaining() / RECORD_OCTETS;
        ByteBuffer out = ByteBuffer.allocate(records * record);
        boolean stuck = false;
        while (plain.hasRemaining()) {
            if (out.remaining() < record) {
                out = ByteBuffer.allocate(out.capacity() + record).put(out.flip());
            }
            SSLEngineResult result = engine.wrap(plain, out);
            if (result.getStatus() != SSLEngineResult.Status.OK) {
                throw new SSLException("cannot encrypt: " + result.getStatus());
            }
            if (result.bytesConsumed() > 0 || result.bytesProduced() > 0) {
                stuck = false;
            } else if (stuck) {
                // A handshake waits for work of another thread, which waits for us.
                throw new SSLException("the client wants to negotiate anew amid a reply");
            } else {
                stuck = true;
            }
        }
        return IoBuffer.wrap(out.flip());
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
