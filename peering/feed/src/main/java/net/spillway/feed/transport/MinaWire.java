package net.spillway.feed.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.OutgoingArticle;
import net.spillway.feed.Wire;
import net.spillway.protocol.LineDecoder;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.file.DefaultFileRegion;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;

/**
 * One connection. What is to be sent waits in a queue of lines and open articles, and one write at
 * a time is handed to MINA, the next when that has been sent: MINA has no bound of its own, and TLS
 * does not bear many. Lines and small articles are gathered into one buffer; a large article goes
 * out by {@code transferTo} or, with TLS or compression, in chunks.
 *
 * <p>Whoever sets {@code writing} from false to true may touch {@code buffered} and begin a write;
 * no lock is held while MINA is called.
 */
final class MinaWire implements Wire {
    private static final int MAX_LINE = 4096;
    private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]+)");
    private static final int BATCH = 64 * 1024;
    /** Up to this, copying costs less than a write of its own. */
    private static final int SMALL_ARTICLE = 32 * 1024;
    private static final int CHUNK = 64 * 1024;
    /** What a line can have. */
    private static final int SLACK = 16 * 1024;
    /** Lines told and not dealt with, at which we stop reading from the peer. */
    private static final int MAX_PENDING_LINES = 2048;

    private sealed interface Item {
    }

    private record Line(byte[] octets) implements Item {
    }

    private record Article(OutgoingArticle article) implements Item {
    }

    /** An article of which a part has been handed to MINA. */
    private record Sending(OutgoingArticle article, int done) {
    }

    private final IoSession session;
    private final boolean tls;
    private final ConnectionEvents events;
    private final LineDecoder decoder = LineDecoder.forReplies(MAX_LINE);
    private final ConcurrentLinkedQueue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicReference<Sending> large = new AtomicReference<>();
    private final AtomicInteger pendingLines = new AtomicInteger();
    private final AtomicReference<String> why = new AtomicReference<>();
    private final Optional<StartTls> startTls;
    private final AtomicReference<Compression> compression = new AtomicReference<>();
    private volatile boolean secured;
    /** Octets of a line whose end has not come. */
    private int unfinished;
    private volatile Object inFlight;
    private volatile boolean closed;
    /** Articles that the buffer in flight holds whole. */
    private int buffered;
    /** What is in flight, if it was gathered: files are read into it and it is written as it is. */
    private ByteBuffer gathered;

    /**
     * @param tls whether the connection is or will be encrypted
     * @param startTls how it comes to be; empty: it is from the first octet on, or never
     */
    MinaWire(IoSession session, boolean tls, Optional<Runnable> startTls,
            ConnectionEvents events) {
        this.session = session;
        this.tls = tls;
        this.startTls = startTls.map(begin -> new StartTls(new BeforeTls(begin)));
        this.events = events;
    }

    /** What is said and done before TLS stands. */
    private final class BeforeTls implements StartTls.Connection {
        private final Runnable begin;

        BeforeTls(Runnable begin) {
            this.begin = begin;
        }

        @Override
        public void say(String line) {
            MinaWire.this.line(line);
            flush();
        }

        @Override
        public void beginTls() {
            begin.run();
        }

        @Override
        public void fail(String reason) {
            failed(reason);
            session.closeNow();
        }
    }

    /** What to tell of an exception: the JDK's words about TLS are for those who write it. */
    static String reason(Throwable cause) {
        String message = cause.getMessage();
        if (cause instanceof CertificateException && cause.getCause() != null
                && message != null && message.startsWith("PKIX")) {
            return reason(cause.getCause()); // Around it stand names of the JDK's classes.
        }
        if (cause instanceof SSLException && message != null) {
            Matcher alert = ALERT.matcher(message);
            return message.contains("SSL message") ? "no TLS is spoken there"
                    : alert.find() ? "the peer refuses TLS: " + alert.group(1).replace('_', ' ')
                    : message;
        }
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    void opened() {
        // Not the handler's sessionClosed, which is left out when TLS fails while closing.
        session.getCloseFuture().addListener(done -> ended());
        if (startTls.isEmpty()) {
            events.connected(this);
        }
    }

    /** TLS stands. */
    void secured() {
        if (startTls.isPresent() && !secured) {
            secured = true;
            events.connected(this);
            pendingLines.incrementAndGet();
            events.lines(List.of(startTls.get().greeting()));
        }
    }

    void received(Object message) {
        if (!(message instanceof IoBuffer octets)) {
            return;
        }
        if (startTls.isPresent() && !secured) {
            startTls.get().received(octets.buf());
            return;
        }
        try {
            Compression compressed = compression.get();
            received(compressed == null ? octets.buf() : compressed.inflate(octets.buf()));
        } catch (IOException e) {
            failed(reason(e));
            session.closeNow();
        }
    }

    private void tooLong() {
        failed("the peer sent a line of more than " + MAX_LINE + " octets");
        session.closeNow();
    }

    private void received(ByteBuffer in) {
        List<String> lines = new ArrayList<>();
        int from = in.position();
        while (decoder.feed(in)) {
            unfinished = 0;
            from = in.position();
            switch (decoder.line()) {
                case LineDecoder.Complete line ->
                        lines.add(new String(line.bytes(), StandardCharsets.UTF_8));
                case LineDecoder.TooLong tooLong -> {
                    tooLong();
                    return;
                }
            }
        }
        unfinished += in.position() - from;
        if (unfinished > MAX_LINE) {
            // One that has no end would never be told of.
            tooLong();
            return;
        }
        if (lines.isEmpty()) {
            return;
        }
        if (pendingLines.addAndGet(lines.size()) > MAX_PENDING_LINES) {
            session.suspendRead();
            // The other side may have caught up before we got to that.
            if (pendingLines.get() <= MAX_PENDING_LINES) {
                session.resumeRead();
            }
        }
        events.lines(lines);
    }

    @Override
    public void consumed(int lines) {
        int before = pendingLines.getAndAdd(-lines);
        if (before > MAX_PENDING_LINES && before - lines <= MAX_PENDING_LINES) {
            session.resumeRead();
        }
    }

    @Override
    public void line(String line) {
        queue.add(new Line((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void article(OutgoingArticle article) {
        queue.add(new Article(article));
        if (closed) {
            releaseQueue();
        }
    }

    @Override
    public void compress() {
        compression.set(new Compression());
        if (closed) {
            compression.get().end();
        }
    }

    @Override
    public void flush() {
        if (!queue.isEmpty() && !closed && writing.compareAndSet(false, true)) {
            writeNext();
        }
    }

    /** Begins the next write; belongs to whoever owns {@code writing}. */
    private void writeNext() {
        try {
            Object next = large.get() != null ? partOfLarge() : gather();
            if (next == null) {
                writing.set(false);
                // Something may have been queued between the look and the release.
                flush();
                return;
            }
            inFlight = next;
            session.write(next).addListener(done -> {
                if (session.isClosing()) {
                    releaseLarge();
                }
            });
        } catch (IOException e) {
            failed("cannot read an article from the spool: " + reason(e));
            releaseLarge();
            session.closeNow();
        }
    }

    private ByteBuffer emptied() {
        if (gathered == null) {
            gathered = ByteBuffer.allocateDirect(BATCH + SMALL_ARTICLE + SLACK);
        }
        return gathered.clear();
    }

    /** Lines and small articles, up to the next large one; null if there is nothing. */
    private Object gather() throws IOException {
        buffered = 0;
        ByteBuffer batch = null;
        while (batch == null || batch.position() < BATCH) {
            Item item = queue.poll();
            if (item == null) {
                break;
            }
            if (item instanceof Article(OutgoingArticle article)
                    && article.length() > SMALL_ARTICLE) {
                large.set(new Sending(article, 0));
                break;
            }
            batch = batch == null ? emptied() : batch;
            append(item, batch);
        }
        if (batch != null) {
            return packed(batch.flip());
        }
        return large.get() == null ? null : partOfLarge();
    }

    private void append(Item item, ByteBuffer batch) throws IOException {
        switch (item) {
            case Line line -> batch.put(line.octets());
            case Article(OutgoingArticle article) -> {
                try (article) {
                    read(article, 0, article.length(), batch);
                }
                buffered++;
            }
        }
    }

    private Object partOfLarge() throws IOException {
        Sending sending = large.get();
        OutgoingArticle article = sending.article();
        if (!tls && compression.get() == null) {
            large.set(new Sending(article, article.length()));
            return new DefaultFileRegion(
                    article.channel(), article.position(), article.length());
        }
        int length = Math.min(CHUNK, article.length() - sending.done());
        ByteBuffer chunk = emptied();
        read(article, sending.done(), length, chunk);
        large.set(new Sending(article, sending.done() + length));
        return packed(chunk.flip());
    }

    private IoBuffer packed(ByteBuffer octets) {
        Compression agreed = compression.get();
        return agreed == null ? IoBuffer.wrap(octets) : agreed.deflate(octets);
    }

    private static void read(OutgoingArticle article, int from, int length, ByteBuffer into)
            throws IOException {
        int start = into.position();
        into.limit(start + length);
        while (into.hasRemaining()) {
            long at = article.position() + from + into.position() - start;
            if (article.channel().read(into, at) < 0) {
                throw new IOException("its file ends early");
            }
        }
        into.limit(into.capacity());
    }

    /** MINA has sent something; it is ours only if it is what we have in flight. */
    void sent(Object message) {
        if (message != inFlight) {
            return;
        }
        inFlight = null;
        int done = buffered;
        buffered = 0;
        Sending sending = large.get();
        if (sending != null && sending.done() == sending.article().length()
                && large.compareAndSet(sending, null)) {
            sending.article().close();
            done++;
        }
        if (done > 0) {
            events.articlesSent(done);
        }
        writeNext();
    }

    @Override
    public long octetsWritten() {
        return session.getWrittenBytes();
    }

    @Override
    public Optional<Instant> certificateEnds() {
        try {
            return session.getAttribute(SslFilter.SSL_SECURED) instanceof SSLSession stands
                    && stands.getPeerCertificates()[0] instanceof X509Certificate shown
                    ? Optional.of(shown.getNotAfter().toInstant()) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        session.closeNow();
    }

    /** Keeps the first reason for the end. */
    void failed(String reason) {
        why.compareAndSet(null, reason);
    }

    private void ended() {
        closed = true;
        releaseQueue();
        releaseLarge();
        if (compression.get() != null) {
            compression.get().end();
        }
        String reason = why.get();
        events.closed(reason == null ? "the peer closed the connection" : reason);
    }

    private void releaseQueue() {
        for (Item item = queue.poll(); item != null; item = queue.poll()) {
            if (item instanceof Article(OutgoingArticle article)) {
                article.close();
            }
        }
    }

    private void releaseLarge() {
        Sending sending = large.getAndSet(null);
        if (sending != null) {
            sending.article().close();
        }
    }
}
