package net.spillway.relay.command;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import net.spillway.conf.Wildmat;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.TextSource;
import net.spillway.spool.Newsgroup;

/**
 * A line for each group that the client may read, made while it is sent, so that a list of a
 * hundred thousand groups costs no memory. A group that comes or goes meanwhile is in it or not.
 */
final class GroupLines implements TextSource {
    private static final int GROUPS_A_PIECE = 500;

    private final Conversation conversation;
    private final Predicate<Newsgroup> wanted;
    private final Function<Newsgroup, String> line;
    private String last = "";

    GroupLines(Conversation conversation, Predicate<Newsgroup> wanted,
            Function<Newsgroup, String> line) {
        this.conversation = conversation;
        this.wanted = wanted;
        this.line = line;
    }

    @Override
    public byte[] next() {
        List<Newsgroup> groups = conversation.relay().spool().groupsAfter(last, GROUPS_A_PIECE);
        if (groups.isEmpty()) {
            return null;
        }
        Wildmat read = conversation.rights().read();
        Lines piece = new Lines();
        for (Newsgroup group : groups) {
            if (wanted.test(group) && read.matches(group.name())) {
                piece.add(line.apply(group));
            }
        }
        last = groups.getLast().name();
        return piece.toBytes();
    }

    /** Name, highest and lowest number, status (RFC 3977, section 7.6.3). */
    static String active(Newsgroup group) {
        return group.name() + " " + group.high() + " " + group.low() + " " + group.status();
    }

    /** As {@link #active}, with the number of articles (RFC 6048, section 2.2). */
    static String counts(Newsgroup group) {
        return group.name() + " " + group.high() + " " + group.low() + " " + group.count() + " "
                + group.status();
    }

    /** Name, when it was made, and by whom (RFC 3977, section 7.6.4). */
    static String times(Newsgroup group) {
        return group.name() + " " + group.created().getEpochSecond() + " local";
    }

    /** Name and description (RFC 3977, section 7.6.6). */
    static String newsgroups(Newsgroup group) {
        return group.name() + "\t" + group.description();
    }
}
