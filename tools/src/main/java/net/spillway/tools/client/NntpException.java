package net.spillway.tools.client;

import java.io.IOException;

/** A conversation with a server that didn't work out; its message names the server. */
public abstract sealed class NntpException extends IOException
        permits NntpException.Refused, NntpException.Untrusted, NntpException.ConnectionLost,
                NntpException.TimedOut {
    private static final long serialVersionUID = 1L;

    private NntpException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether trying again later, in the same way, is pointless. */
    public boolean isFinal() {
        return false;
    }

    /** The server answered, and said no. */
    public static final class Refused extends NntpException {
        private static final long serialVersionUID = 1L;
        private final int code;

        public Refused(String server, String what, int code, String text) {
            super(server + " refuses " + what + ": " + code + " " + text, null);
            this.code = code;
        }

        /** The reply code, RFC 3977 3.2. */
        public int code() {
            return code;
        }

        /**
         * Whether asking again later, with the same login, is pointless: a wrong or missing login
         * (480, 481, 482), a login that wants TLS (483), no right at all (502).
         */
        @Override
        public boolean isFinal() {
            return code >= 480 && code <= 483 || code == 502;
        }
    }

    /** The server's certificate is not one we believe. */
    public static final class Untrusted extends NntpException {
        private static final long serialVersionUID = 1L;

        public Untrusted(String server, String why, Throwable cause) {
            super(server + " shows a certificate that is not trusted: " + why
                    + ". An authority of its own is named with --tls-ca FILE", cause);
        }

        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** There is no connection, or there was one. */
    public static final class ConnectionLost extends NntpException {
        private static final long serialVersionUID = 1L;

        public ConnectionLost(String server, String what, Throwable cause) {
            super(server + ": " + what, cause);
        }
    }

    /** The server was silent for too long. */
    public static final class TimedOut extends NntpException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String server, String what, Throwable cause) {
            super(server + ": " + what, cause);
        }
    }
}
