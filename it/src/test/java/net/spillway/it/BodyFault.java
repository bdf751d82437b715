package net.spillway.it;

/** What a {@link FaultServer} may do instead of giving the article that a client asks for. */
enum BodyFault {
    /** 430. */
    MISSING,
    /** 451, as some servers say of what was taken down. */
    TAKEN_DOWN,
    /** The connection breaks before any reply. */
    DROP,
    /** The connection breaks in the middle of the body. */
    CUT,
    /** The body ends properly, but in its middle. */
    SHORTENED,
    /** One octet of the data is another. */
    CORRUPT,
    /** No reply, and none later. */
    HANG,
    /** Half of the body, then nothing. */
    HANG_IN_BODY,
    /** The right answer, later: see {@link FaultServer#lateBy}. */
    LATE,
    /** The reply is that of the article, the body another one's. */
    ANOTHERS_BODY,
    /** Reply and body of another article. */
    ANOTHER_ARTICLE,
    /** A text that is no yEnc. */
    NO_YENC,
    /** 400, and the connection closes. */
    REFUSE_400,
    /** 499, which no standard knows. */
    REFUSE_499,
    /** 500, as if BODY were unknown. */
    REFUSE_500,
    /** 502, and the connection stays. */
    REFUSE_502,
    /** A line that is no NNTP reply. */
    GARBAGE
}
