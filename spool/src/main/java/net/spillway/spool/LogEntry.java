package net.spillway.spool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.LoggedArticle;
import net.spillway.spool.segment.LogRecord;

/**
 * An article as feeds see it: what the decision to offer it needs.
 *
 * @param sequence     its place in the log; rises, with gaps
 * @param groups       the groups it was filed in here
 * @param posted       when it was injected, or written where nobody says so (RFC 5537, section
 *                     3.6); empty if that could not be read
 * @param source       the peer it came from, or ""
 * @param path         content of its Path field, ours in front
 * @param distribution content of its Distribution field, or ""
 * @param wireLength   octets that sending it takes, the final {@code .CRLF} included
 */
public record LogEntry(long sequence, MessageId id, List<String> groups, Instant arrival,
        Optional<Instant> posted, String source, String path, String distribution, int wireLength) {

    static LogEntry of(LoggedArticle article) {
        return new LogEntry(article.sequence(), MessageId.of(article.id()),
                article.filed().stream().map(LogRecord.Filed::group).toList(),
                Instant.ofEpochMilli(article.arrival()),
                article.posted() == LogRecord.NO_TIME ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(article.posted())),
                article.source(), article.path(), article.distribution(), article.wireLength());
    }

    /** The same article, in these groups. */
    public LogEntry withGroups(List<String> others) {
        return new LogEntry(sequence, id, others, arrival, posted, source, path, distribution,
                wireLength);
    }

    /** The same article as if nobody had sent it here: what remains is what it is itself. */
    public LogEntry fromNobody() {
        return new LogEntry(sequence, id, groups, arrival, posted, "", "", distribution,
                wireLength);
    }
}
