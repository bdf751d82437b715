package net.spillway.relay.session;

import java.nio.ByteBuffer;

/** The sending side of a connection, as a session sees it. Called by one thread at a time. */
public interface Outlet {
    /**
     * Whether another write is welcome. After a write that made it false, the session's {@link
     * NntpSession#writable()} is called as soon as it is true again.
     */
    boolean ready();

    /** Whether {@link #write(FileSpan)} sends from the file itself, without the heap. */
    boolean sendsFiles();

    /** Sends octets; the buffer belongs to the outlet from now on. */
    void write(ByteBuffer octets);

    /** Sends a piece of a file and closes it when it is sent or will never be. */
    void write(FileSpan span);

    /**
     * Sends these last words and begins TLS behind them. What came in before the client could
     * answer them is lost, since it may not be the client's (RFC 4642, section 2.2.2); the
     * session's {@link NntpSession#secured} is called when the handshake is done. Called when
     * nothing is unsent that has to come before.
     */
    void secure(ByteBuffer lastWords);

    /** The session is done with a buffer that it received, and can bear another. */
    void consumed(ByteBuffer received);

    /** Octets that came in on the wire so far; any thread may ask. */
    default long octetsIn() {
        return 0;
    }

    /** Octets that went out on the wire so far; any thread may ask. */
    default long octetsOut() {
        return 0;
    }

    /** Closes the connection once everything written has gone out. */
    void close();

    /** Closes the connection at once, whatever was still to be sent. */
    void abort();
}
