package net.spillway.protocol.reconcile;

/** The other side sent a frame that makes no sense, or more than is allowed. */
public final class ReconcileException extends Exception {
    private static final long serialVersionUID = 1;

    ReconcileException(String message) {
        super(message);
    }
}
