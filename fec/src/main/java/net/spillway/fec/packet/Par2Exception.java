package net.spillway.fec.packet;

import java.io.IOException;
import java.io.Serial;
import java.util.Optional;

/** Parity that can't be used, made or repaired, with a message fit for users. */
public final class Par2Exception extends IOException {
    @Serial private static final long serialVersionUID = 1;

    /** What sort of failure it is, for exit codes and decisions. */
    public enum Kind {
        /** No PAR2 packet is there at all. */
        NOT_PAR2,
        /** Packets that a set can't do without are missing. */
        INCOMPLETE,
        /** A value that no honest set has. */
        IMPOSSIBLE,
        /** Two packets say different things of the same thing. */
        CONTRADICTION,
        /** A name that would lead out of the folder. */
        UNSAFE_NAME,
        /** What was asked for can't be done, for instance too many slices. */
        BAD_REQUEST,
        /** A file that would have to be overwritten is there. */
        EXISTS,
        /** More slices are missing than there are recovery slices. */
        NOT_RECOVERABLE,
        /** What came out has the wrong hash: the recovery data lied, or memory failed. */
        HASH_MISMATCH,
        /** A file changed while it was worked on. */
        CHANGED
    }

    private final Kind kind;
    private final transient PacketProblem place;

    /** A failure that concerns no particular place. */
    public Par2Exception(Kind kind, String message) {
        super(message);
        this.kind = kind;
        place = null;
    }

    /**
     * A failure at some place in a file.
     *
     * @param file the file's name as the user knows it
     * @param offset where in it, counted from 0
     */
    public Par2Exception(Kind kind, String file, long offset, String message) {
        this(kind, new PacketProblem(file, offset, message));
    }

    private Par2Exception(Kind kind, PacketProblem place) {
        super(place.toString());
        this.kind = kind;
        this.place = place;
    }

    /** Where it is and what, if the failure concerns a place in a file. */
    public Optional<PacketProblem> problem() {
        return Optional.ofNullable(place);
    }

    /** What sort of failure it is. */
    public Kind kind() {
        return kind;
    }
}
