package net.spillway.protocol;

import java.io.IOException;

/** The other side sent a line or a list that the protocol does not allow. */
public class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }
}
