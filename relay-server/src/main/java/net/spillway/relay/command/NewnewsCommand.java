package net.spillway.relay.command;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.TextSource;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;

/** NEWNEWS (RFC 3977, section 7.4): what arrived in some groups since then. */
record NewnewsCommand() implements Handler {
    private static final int ENTRIES_A_PIECE = 500;

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        List<String> words = command.arguments();
        Optional<Instant> since =
                SinceArguments.parse(conversation, words.subList(1, words.size()));
        if (since.isEmpty()) {
            return Answer.line(ReplyCode.SYNTAX_ERROR,
                    "write NEWNEWS wildmat yyyymmdd hhmmss [GMT]");
        }
        Wildmat wanted;
        try {
            wanted = Wildmat.parse(words.getFirst());
        } catch (IllegalArgumentException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
        }
        return Answer.block(ReplyCode.NEW_ARTICLES, "new articles follow",
                lines(conversation, wanted, since.get()));
    }

    /** Searches the log while the lines are sent, and no further than it reached at the start. */
    private static TextSource lines(Conversation conversation, Wildmat wanted, Instant since)
            throws IOException {
        Spool spool = conversation.relay().spool();
        Wildmat read = conversation.rights().read();
        long first = spool.sequenceBefore(since);
        long last = spool.committed();
        return new TextSource() {
            private long at = first;

            @Override
            public byte[] next() throws IOException {
                List<LogEntry> entries = at >= last ? List.of() : spool.log(at, ENTRIES_A_PIECE);
                if (entries.isEmpty()) {
                    return null;
                }
                Lines piece = new Lines();
                for (LogEntry entry : entries) {
                    if (!entry.arrival().isBefore(since) && entry.groups().stream()
                            .anyMatch(g -> wanted.matches(g) && read.matches(g))) {
                        piece.add(entry.id().value());
                    }
                }
                at = entries.getLast().sequence();
                return piece.toBytes();
            }
        };
    }
}
