package net.spillway.relay.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * Decides whether an article that somebody posts is injected, and gives it the fields it needs
 * (RFC 5537, section 3.5). No I/O.
 *
 * @param identity ours, for Path and Injection-Info
 * @param cutoff older articles would be refused by every relay they are sent to
 * @param groups the groups that exist here
 * @param moderator whom articles for a moderated group are mailed to, if that is known
 * @param secret makes the keys with which users can take back what they post
 */
record InjectingAgent(String identity, Duration cutoff,
        Function<String, Optional<Newsgroup>> groups,
        Function<String, Optional<String>> moderator, CancelSecret secret) {

    /** What clients and older servers leave behind and what is ours to say, if anybody's. */
    private static final List<String> TRACES =
            List.of("NNTP-Posting-Host", "NNTP-Posting-Date", "X-Complaints-To", "X-Trace");

    Verdict judge(WireArticle article, Poster poster, Instant now) {
        ArticleHead head = article.head();
        List<String> problems = ArticleChecks.injecting(head, now);
        if (!problems.isEmpty()) {
            return Verdict.refuse(Check.HEADERS, String.join("; ", problems));
        }
        List<String> names = NewsgroupNames.parseList(head.first("Newsgroups").orElseThrow())
                .orElseThrow();
        Optional<Verdict> objection = objection(names, head, poster);
        if (objection.isPresent()) {
            return objection.get();
        }
        Optional<Instant> date = head.first("Date").flatMap(NntpDate::parseHeader);
        for (String field : List.of("Date", "Injection-Date")) {
            if (head.first(field).flatMap(NntpDate::parseHeader)
                    .filter(now.minus(cutoff)::isAfter).isPresent()) {
                return Verdict.refuse(Check.AGE,
                        "the " + field + " is more than " + cutoff.toDays() + " days ago");
            }
        }
        MessageId id = head.first("Message-ID").flatMap(MessageId::parse)
                .orElseGet(() -> MessageId.random(identity));
        byte[] stored = injected(head, id, poster, now);
        long size = article.unstuffedSize() - article.headLength() + stored.length;
        return new Verdict.Accept(new NewArticle(id, stored, article.bytes(), article.bodyStart(),
                article.bodyEnd(), article.bodyLines(), size,
                Filing.groups(head, carried(names), groups), now,
                Optional.of(injected(head, now).or(() -> date).orElse(now)), ""));
    }

    /** What Injection-Date says in the end; empty if there is none: then Date is what counts. */
    private static Optional<Instant> injected(ArticleHead head, Instant now) {
        return head.first("Injection-Date").map(NntpDate::parseHeader)
                .orElseGet(() -> isComplete(head) ? Optional.empty()
                        : Optional.of(now.truncatedTo(ChronoUnit.SECONDS)));
    }

    private static boolean isComplete(ArticleHead head) {
        return head.count("Message-ID") > 0 && head.count("Date") > 0;
    }

    /**
     * Groups that are not carried here do no harm beside one that is: other relays may carry them.
     * But one that the poster may not post to is refused whether it is here or not, or who may
     * neither read nor post to a group would be told that it is there.
     */
    private Optional<Verdict> objection(List<String> names, ArticleHead head, Poster poster) {
        List<String> unknown = new ArrayList<>();
        boolean refused = false;
        for (String name : names) {
            Optional<Newsgroup> group = groups.apply(name);
            if (group.isEmpty() || isHidden(name, poster)) {
                unknown.add(name);
                refused |= !poster.post().matches(name);
            } else if (!poster.post().matches(name) || group.get().status() == 'n') {
                return objection(Check.GROUPS, "posting to " + name + " is not allowed");
            } else if (group.get().status() == 'm' && head.first("Approved").isEmpty()) {
                return objection(Check.MODERATION,
                        name + " is moderated, and the article is not Approved"
                                + moderator.apply(name).map(to -> "; mail it to " + to).orElse(""));
            } else if (group.get().status() == 'm' && !poster.approve().matches(name)) {
                return objection(Check.MODERATION,
                        name + " is moderated, and you may not approve articles for it");
            }
        }
        if (refused || unknown.size() == names.size()) {
            return objection(Check.GROUPS, "no such group here: " + String.join(", ", unknown));
        }
        return head.first("Approved").isPresent() && names.stream().noneMatch(poster.approve()::matches)
                ? objection(Check.MODERATION, "you may not approve articles for any of its groups;"
                        + " leave out Approved")
                : Optional.empty();
    }

    private List<String> carried(List<String> names) {
        return names.stream().filter(name -> groups.apply(name).isPresent()).toList();
    }

    /** Who can neither read a group nor post to it is not told that there is one. */
    private static boolean isHidden(String group, Poster poster) {
        return !poster.read().matches(group) && !poster.post().matches(group);
    }

    private static Optional<Verdict> objection(Check check, String why) {
        return Optional.of(Verdict.refuse(check, why));
    }

    /**
     * The head with the fields that injecting adds. An article that brings both Message-ID and
     * Date gets no Injection-Date: it may have been handed to several relays at once, which is
     * told from that (RFC 5537, section 3.5).
     */
    private byte[] injected(ArticleHead head, MessageId id, Poster poster, Instant now) {
        HeadEditor editor = new HeadEditor(head);
        TRACES.forEach(editor::remove);
        editor.set("Message-ID", id.value());
        if (head.count("Date") == 0) {
            editor.add("Date", NntpDate.formatHeader(now));
        }
        if (!isComplete(head) && head.count("Injection-Date") == 0) {
            editor.add("Injection-Date", NntpDate.formatHeader(now));
        }
        editor.add("Injection-Info", injectionInfo(poster));
        poster.account().ifPresent(user -> addCancelFields(editor, head, id, user));
        String path = PathHeader.prepend(identity, PathDiagnostic.posted(poster.host()),
                head.first("Path").orElse("not-for-mail"));
        return editor.remove("Path").addFirst("Path", path).toBytes();
    }

    /**
     * Locks the article for its user, and shows the key to what it cancels or supersedes, which
     * fits only if that is the same user's (RFC 8315, sections 3.1 and 3.2). Who has not logged in
     * gets neither: nobody knows who that is.
     */
    private void addCancelFields(HeadEditor editor, ArticleHead head, MessageId id, String user) {
        append(editor, head, "Cancel-Lock",
                CancelLock.key(secret, user, id).lock().orElseThrow());
        Withdrawals.target(head).ifPresent(target ->
                append(editor, head, "Cancel-Key", CancelLock.key(secret, user, target)));
    }

    private static void append(HeadEditor editor, ArticleHead head, String field,
            CancelLock entry) {
        editor.set(field, head.first(field).map(own -> own + " " + entry)
                .orElseGet(entry::toString));
    }

    /** RFC 5536, section 3.2.8. */
    private String injectionInfo(Poster poster) {
        String info = identity + "; posting-host=\"" + poster.host() + "\"";
        return poster.account()
                .map(name -> name.replaceAll("[\"\\\\]", "_"))
                .map(name -> info + "; posting-account=\"" + name + "\"")
                .orElse(info);
    }
}
