package net.spillway.relay.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.HeadEditor;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.NntpDate;
import net.spillway.protocol.WireArticle;
import net.spillway.protocol.article.ArticleChecks;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.protocol.article.PathDiagnostic;
import net.spillway.protocol.article.PathHeader;
import net.spillway.relay.trace.Check;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Newsgroup;

/**
 * Decides whether an article that a peer sends is taken, and writes us into its Path (RFC 5537,
 * section 3.6). No I/O.
 *
 * @param identity ours, for Path
 * @param cutoff older articles are refused; they may have been here and be forgotten
 * @param groups the groups that exist here
 */
record RelayingAgent(String identity, Duration cutoff,
        Function<String, Optional<Newsgroup>> groups) {
    /** The Path of who posts by feeding, and names no site. */
    private static final String NOWHERE = "not-for-mail";

    /** @param offered the message-ID with which the peer announced the article */
    Verdict judge(WireArticle article, MessageId offered, Sender sender, Instant now) {
        return judge(article, offered, sender, now, false);
    }

    /**
     * As above.
     *
     * @param wanted whether we had it, lost it, and asked for it: then it has been here, and may be
     *     old
     */
    Verdict judge(WireArticle article, MessageId offered, Sender sender, Instant now,
            boolean wanted) {
        ArticleHead head = article.head();
        List<String> problems = ArticleChecks.relaying(head, now);
        if (!problems.isEmpty()) {
            return Verdict.refuse(Check.HEADERS, String.join("; ", problems));
        }
        if (!head.first("Message-ID").orElseThrow().equals(offered.value())) {
            return Verdict.refuse(Check.MESSAGE_ID, "its Message-ID is not the one that was offered");
        }
        PathHeader path = head.first("Path").filter(value -> !value.isBlank())
                .or(() -> Optional.of(NOWHERE)).flatMap(PathHeader::parse).orElseThrow();
        if (path.contains(identity) && !wanted) {
            return Verdict.refuse(Check.LOOP, "it has been here: " + identity + " is in its Path");
        }
        Instant date = date(head);
        if (date.isBefore(now.minus(cutoff)) && !wanted) {
            return Verdict.refuseForGood(Check.AGE,
                    "it is more than " + cutoff.toDays() + " days old");
        }
        List<String> names = NewsgroupNames.parseList(head.first("Newsgroups").orElseThrow())
                .orElseThrow();
        if (!sender.peer().accept().accepts(names)) {
            return Verdict.refuseBySource(Check.SOURCE,
                    "none of its groups is taken from " + sender.peer().name());
        }
        List<Newsgroup> known = known(names);
        boolean control = head.first("Control")
                .flatMap(c -> Filing.controlGroup(c, groups)).isPresent();
        if (known.isEmpty() && !control) {
            return Verdict.refuseByGroups(Check.GROUPS,
                    "no such group here: " + String.join(", ", names));
        }
        if (head.first("Approved").isEmpty()) {
            for (Newsgroup group : known) {
                if (group.status() == 'm') {
                    return Verdict.refuseByGroups(Check.MODERATION,
                            group.name() + " is moderated, and it is not Approved");
                }
            }
        }
        var filed = new ArrayList<String>(known.size());
        for (Newsgroup group : known) {
            if (sender.files().matches(group.name())) {
                filed.add(group.name());
            }
        }
        if (filed.isEmpty() && !control) {
            return Verdict.refuseBySource(Check.SOURCE, "none of its groups that exist here is"
                    + " taken from " + sender.peer().name());
        }
        return new Verdict.Accept(relayed(article, offered, path, sender, filed, date, now));
    }

    private List<Newsgroup> known(List<String> names) {
        var known = new ArrayList<Newsgroup>(names.size());
        for (String name : names) {
            groups.apply(name).ifPresent(known::add);
        }
        return known;
    }

    /** When it was injected, or written where nobody says so (RFC 5537, section 3.6). */
    private static Instant date(ArticleHead head) {
        return head.first("Injection-Date").or(() -> head.first("Date"))
                .flatMap(NntpDate::parseHeader).orElseThrow();
    }

    private NewArticle relayed(WireArticle article, MessageId id, PathHeader path, Sender sender,
            List<String> filed, Instant date, Instant now) {
        byte[] stored = new HeadEditor(article.head())
                .remove("Xref")
                .set("Path", path.prepend(identity, diagnostic(path, sender)))
                .toBytes();
        long size = article.unstuffedSize() - article.headLength() + stored.length;
        return new NewArticle(id, stored, article.bytes(), article.bodyStart(), article.bodyEnd(),
                article.bodyLines(), size, Filing.groups(article.head(), filed, groups), now,
                Optional.of(date), sender.peer().name());
    }

    /** We know every configured peer, by address or login; so its name in Path can be checked. */
    private static PathDiagnostic diagnostic(PathHeader path, Sender sender) {
        String expected = sender.peer().identity();
        if (!PathHeader.isIdentity(expected)) {
            return PathDiagnostic.seen(sender.host()); // Let in by a rule, which has any name.
        }
        boolean first = !path.identities().isEmpty()
                && path.identities().getFirst().equalsIgnoreCase(expected);
        return first ? PathDiagnostic.match() : PathDiagnostic.mismatch(expected);
    }
}
