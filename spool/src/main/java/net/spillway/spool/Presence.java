package net.spillway.spool;

/** What the history says of a message-ID. */
public enum Presence {
    /** Never seen, or so long ago that it was forgotten. */
    UNKNOWN,
    /** Being written at this moment; ask again to learn what became of it. */
    PENDING,
    /** Here, and readable. */
    STORED,
    /** Was here, or was refused: expired, removed or remembered on purpose. Not wanted again. */
    REMEMBERED
}
