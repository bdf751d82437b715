package net.spillway.relay.trace;

import java.util.List;

/** What an article has to pass, from its first octet to the disk. */
public enum Check {
    SIZE("no larger than allowed"),
    FORMAT("well-formed: CRLF, no NUL, no line too long"),
    HEADERS("fields as RFC 5536 asks for"),
    MESSAGE_ID("its Message-ID is the one that was offered"),
    LOOP("has not been here, by its Path"),
    AGE("not older than the cutoff"),
    SOURCE("in a group that is taken from who sends it"),
    GROUPS("in a group that exists here and may be posted to"),
    MODERATION("Approved, where its group is moderated"),
    HISTORY("its message-ID is new"),
    DISK("written to the disk");

    /** What a posted article has to pass, in this order. */
    public static final List<Check> POSTED =
            List.of(SIZE, FORMAT, HEADERS, GROUPS, MODERATION, AGE, HISTORY, DISK);
    /** What an article from a peer has to pass, in this order. */
    public static final List<Check> RELAYED = List.of(SIZE, FORMAT, HEADERS, MESSAGE_ID, LOOP, AGE,
            SOURCE, GROUPS, MODERATION, HISTORY, DISK);

    private final String text;

    Check(String text) {
        this.text = text;
    }

    /** What passes, in words. */
    public String text() {
        return text;
    }
}
