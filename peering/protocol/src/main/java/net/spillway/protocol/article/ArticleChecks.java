package net.spillway.protocol.article;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.NntpDate;

/**
 * Whether an article's fields are fit to be injected or relayed, RFC 5537 §3.5 and §3.6. Which
 * groups exist, who may post and what is a duplicate are questions for others.
 */
public final class ArticleChecks {
    /** RFC 5537 §3.5 and §3.6: no agent takes an article from further ahead. */
    public static final Duration FUTURE = Duration.ofHours(24);

    /** Newsgroups of one article; more than this is never meant well, and every one is filed. */
    public static final int MAX_GROUPS = 100;

    private static final List<String> MANDATORY =
            List.of("From", "Newsgroups", "Subject", "Message-ID", "Date");
    /** What may be in an article once at most, RFC 5536 §3; of others nobody knows. */
    private static final List<String> ONCE = List.of("From", "Newsgroups", "Subject",
            "Message-ID", "Date", "Path", "Approved", "Archive", "Cancel-Key", "Cancel-Lock",
            "Control", "Distribution",
            "Expires", "Followup-To", "Injection-Date", "Injection-Info", "Lines",
            "Organization", "References", "Reply-To", "Sender", "Summary", "Supersedes",
            "User-Agent", "Xref");

    private static final Pattern DISTRIBUTIONS = Pattern.compile(
            "[ \t]*[A-Za-z0-9][A-Za-z0-9+_-]*([ \t]*,[ \t]*[A-Za-z0-9][A-Za-z0-9+_-]*)*[ \t]*");
    /** A comment between message-IDs; what nests deeper nobody writes. */
    private static final Pattern COMMENT = Pattern.compile("\\([^()<>]*\\)");

    private ArticleChecks() {}

    /**
     * What speaks against relaying an article; empty if nothing does. Each entry is a short text
     * that names the field and fits a reply.
     */
    public static List<String> relaying(ArticleHead head, Instant now) {
        List<String> problems = new ArrayList<>();
        for (String name : MANDATORY) {
            checkPresent(head, name, problems);
        }
        // Who posts by TAKETHIS may leave it empty (Nyuu does): we are the first site in it then.
        if (head.count("Path") == 0) {
            problems.add("the header field Path is missing");
        }
        checkOnce(head, problems);
        checkSyntax(head, now, problems);
        return List.copyOf(problems);
    }

    /**
     * What speaks against injecting a proto-article; empty if nothing does. Message-ID, Date and
     * Path may be absent, since the injecting agent adds them.
     */
    public static List<String> injecting(ArticleHead head, Instant now) {
        List<String> problems = new ArrayList<>();
        for (String name : List.of("From", "Newsgroups", "Subject")) {
            checkPresent(head, name, problems);
        }
        for (String name : List.of("Injection-Info", "Xref")) {
            if (head.count(name) > 0) {
                problems.add(name + " is for servers to add: leave it out");
            }
        }
        checkOnce(head, problems);
        checkSyntax(head, now, problems);
        checkInjectedSyntax(head, problems);
        return List.copyOf(problems);
    }

    private static void checkPresent(ArticleHead head, String name, List<String> problems) {
        Optional<String> value = head.first(name);
        if (value.isEmpty()) {
            problems.add("the header field " + name + " is missing");
        } else if (value.get().isBlank()) {
            problems.add("the header field " + name + " is empty");
        }
    }

    private static void checkOnce(ArticleHead head, List<String> problems) {
        if (!head.mayRepeat()) {
            return;
        }
        for (String name : ONCE) {
            if (head.count(name) > 1) {
                problems.add("the header field " + name + " stands there more than once");
            }
        }
    }

    private static void checkSyntax(ArticleHead head, Instant now, List<String> problems) {
        given(head, "Newsgroups").ifPresent(value -> checkGroups(value, problems));
        given(head, "Message-ID").ifPresent(value -> {
            if (MessageId.parse(value).isEmpty()) {
                problems.add("Message-ID is not <unique@host> of 250 octets at most");
            }
        });
        given(head, "Path").ifPresent(value -> {
            if (PathHeader.parse(value).isEmpty()) {
                problems.add("Path is not a list of site names with ! between them");
            }
        });
        for (String name : List.of("Date", "Injection-Date")) {
            given(head, name).ifPresent(value -> checkDate(name, value, now, problems));
        }
    }

    private static void checkGroups(String value, List<String> problems) {
        Optional<List<String>> groups = NewsgroupNames.parseList(value);
        if (groups.isEmpty()) {
            problems.add("Newsgroups is not a list of group names with commas between them");
        } else if (groups.get().size() > MAX_GROUPS) {
            problems.add("Newsgroups names more than " + MAX_GROUPS + " groups");
        }
    }

    private static void checkDate(String name, String value, Instant now,
            List<String> problems) {
        Optional<Instant> date = NntpDate.parseHeader(value);
        if (date.isEmpty()) {
            problems.add(name + " is no date such as \"" + NntpDate.formatHeader(now) + "\"");
        } else if (date.get().isAfter(now.plus(FUTURE))) {
            problems.add(name + " lies more than 24 hours in the future");
        }
    }

    /** What is asked of new articles only: relays have to live with what others let in. */
    private static void checkInjectedSyntax(ArticleHead head, List<String> problems) {
        given(head, "From").filter(value -> value.indexOf('@') < 1).ifPresent(value ->
                problems.add("From holds no address such as name@host"));
        given(head, "Message-ID").flatMap(MessageId::parse).filter(id -> !id.isWellFormed())
                .ifPresent(id -> problems.add("Message-ID is not <unique@host>"));
        given(head, "Path").flatMap(PathHeader::parse).filter(PathHeader::isPosted)
                .ifPresent(path -> problems.add("Path says that this was posted already"));
        given(head, "Followup-To").filter(value -> !value.equalsIgnoreCase("poster")
                && NewsgroupNames.parseList(value).isEmpty()).ifPresent(value ->
                problems.add("Followup-To is neither a list of group names nor poster"));
        given(head, "Distribution").filter(value -> !DISTRIBUTIONS.matcher(value).matches())
                .ifPresent(value -> problems.add("Distribution is not a list of names"));
        given(head, "Expires").filter(value -> NntpDate.parseHeader(value).isEmpty())
                .ifPresent(value -> problems.add("Expires is no date"));
        given(head, "References").filter(value -> !isMessageIds(value))
                .ifPresent(value -> problems.add("References is not a list of message-IDs"));
        checkWithdrawal(head, problems);
    }

    /** RFC 5536 §3.2.3 and §3.2.12: one of the two at most, and each names what it is about. */
    private static void checkWithdrawal(ArticleHead head, List<String> problems) {
        if (head.count("Control") > 0 && head.count("Supersedes") > 0) {
            problems.add("Control and Supersedes exclude each other");
        }
        given(head, "Supersedes").filter(value -> MessageId.parse(value).isEmpty())
                .ifPresent(value -> problems.add("Supersedes is no message-ID"));
        given(head, "Control").map(value -> value.strip().split("[ \t]+")).ifPresent(words -> {
            boolean cancel = words[0].equalsIgnoreCase("cancel");
            if (cancel && (words.length != 2 || MessageId.parse(words[1]).isEmpty())) {
                problems.add("Control: cancel takes one message-ID");
            }
        });
    }

    private static boolean isMessageIds(String value) {
        String bare = COMMENT.matcher(value).replaceAll(" ").strip();
        return Arrays.stream(bare.split("[ \t]+")).allMatch(id -> MessageId.parse(id).isPresent());
    }

    private static Optional<String> given(ArticleHead head, String name) {
        return head.first(name).filter(value -> !value.isBlank());
    }
}
