package net.spillway.relay.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.session.Conversation;

/** Date and time as NEWGROUPS and NEWNEWS take them (RFC 3977, section 7.3.2). */
final class SinceArguments {
    private SinceArguments() {
    }

    /** @param words date, time and perhaps GMT; empty if they are not that */
    static Optional<Instant> parse(Conversation conversation, List<String> words) {
        boolean gmt = words.size() == 3 && words.get(2).equalsIgnoreCase("GMT");
        if (words.size() < 2 || words.size() > 2 && !gmt) {
            return Optional.empty();
        }
        return NntpDate.parseArguments(words.get(0), words.get(1),
                gmt ? ZoneOffset.UTC : ZoneId.systemDefault(),
                conversation.relay().clock().instant());
    }
}
