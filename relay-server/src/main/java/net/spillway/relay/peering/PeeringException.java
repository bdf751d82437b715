package net.spillway.relay.peering;

/** Something could not be done, for a reason that whoever asked for it can do something about. */
public final class PeeringException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean temporary;

    PeeringException(String message) {
        this(message, null);
    }

    PeeringException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private PeeringException(String message, Throwable cause, boolean temporary) {
        super(message, cause);
        this.temporary = temporary;
    }

    /** It can be done a little later. */
    static PeeringException temporary(String message) {
        return new PeeringException(message, null, true);
    }

    /** Whether trying again later helps. */
    public boolean isTemporary() {
        return temporary;
    }
}
