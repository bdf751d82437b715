package net.spillway.spool;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * An article that was checked and shall be stored. The arrays are not copied: leave them alone
 * until {@link Spool#store} has completed.
 *
 * @param head      header lines in wire form, each with its CRLF, as they shall be stored; without
 *                  Xref, which the spool adds at the end, and without the blank line
 * @param body      holds the body in wire form (CRLF, dot-stuffed), without the final {@code .CRLF}
 * @param bodyFrom  where the body begins in that array
 * @param bodyTo    where it ends; the body is empty or ends with CRLF
 * @param bodyLines for overview's {@code :lines}
 * @param size      octets of head, blank line and body without dot-stuffing; overview's
 *                  {@code :bytes} is this and the Xref line
 * @param groups    existing groups to file the article in, each once; with none it is stored and
 *                  fed, but has no number
 * @param posted    what the article says of its own date, if that could be read
 * @param source    the peer it came from, or ""
 */
public record NewArticle(
        MessageId id,
        byte[] head,
        byte[] body,
        int bodyFrom,
        int bodyTo,
        int bodyLines,
        long size,
        List<String> groups,
        Instant arrival,
        Optional<Instant> posted,
        String source) {

    /** Refuses ranges outside the array. */
    public NewArticle {
        Objects.requireNonNull(id);
        Objects.requireNonNull(head);
        Objects.requireNonNull(arrival);
        Objects.requireNonNull(posted);
        Objects.requireNonNull(source);
        groups = List.copyOf(groups);
        Objects.checkFromToIndex(bodyFrom, bodyTo, body.length);
    }
}
