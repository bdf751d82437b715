package net.spillway.it;

/** What a {@link FaultServer} may do to an article that is posted or sent by a feed. */
enum PostFault {
    /** Acknowledged, and never seen again. */
    LOST_AFTER_ACKNOWLEDGEMENT,
    /** Stored, but the connection breaks before that is said. */
    STORED_BUT_CUT,
    /** The connection breaks when the article has been read, and it is not stored. */
    CUT,
    /** Stored, but refused: 441 or what the command has for it. */
    STORED_BUT_REFUSED,
    /** Refused when the article has been read: 441. */
    REFUSED,
    /** 440 instead of the invitation. */
    NOT_ALLOWED,
    /** 400 instead of the invitation, and the connection closes. */
    REFUSE_400,
    /** 499 instead of the invitation, which no standard knows. */
    REFUSE_499,
    /** 500 instead of the invitation. */
    REFUSE_500,
    /** 502 instead of the invitation. */
    REFUSE_502,
    /** The article is read, and no answer comes. */
    HANG,
    /** Stored and acknowledged, but late: see {@link FaultServer#lateBy}. */
    LATE
}
