package net.spillway.relay.intake;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.protocol.ArticleHead;
import net.spillway.spool.Newsgroup;

/**
 * Where an article is filed. Control messages are not for reading: they go to the group {@code
 * control.cancel} (or what else they are) or {@code control}, if there is one, and not to the
 * groups that they are about (RFC 5537, section 5). Without such a group they have no number
 * anywhere: they are acted on and fed all the same, and only who may read everything can read them.
 */
final class Filing {
    private Filing() {
    }

    /** @param named the groups of its Newsgroups field that exist here */
    static List<String> groups(ArticleHead head, List<String> named,
            Function<String, Optional<Newsgroup>> groups) {
        return head.first("Control").map(control -> controlGroup(control, groups).stream().toList())
                .orElse(named);
    }

    /** The group for such a control message; empty if there is none here. */
    static Optional<String> controlGroup(String control,
            Function<String, Optional<Newsgroup>> groups) {
        String type = control.strip().split("[ \t]+")[0].toLowerCase(Locale.ROOT);
        return groups.apply("control." + type).or(() -> groups.apply("control"))
                .map(Newsgroup::name);
    }
}
