package net.spillway.relay.peering;

/** Something could not be done, for a reason that whoever asked for it can do something about. */
public final class PeeringException extends Exception {
    private static final long serialVersionUID = 1;

    PeeringException(String message) {
        super(message);
    }

    PeeringException(String message, Throwable cause) {
        super(message, cause);
    }
}
