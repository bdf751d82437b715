package net.spillway.protocol.article;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.NntpDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArticleChecksTest {
    private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
    private static final String RELAYED = """
            Path: them!not-for-mail
            From: Ann <ann@host.example>
            Newsgroups: spill.test,spill.other
            Subject: hello
            Date: Tue, 05 May 2026 11:00:00 +0000
            Message-ID: <1@host.example>
            """;
    private static final String PROTO = """
            From: ann@host.example
            Newsgroups: spill.test
            Subject: hello
            """;

    @Test
    void articleWithAllItsFieldsIsFit() {
        assertEquals(List.of(), ArticleChecks.relaying(head(RELAYED), NOW));
        assertEquals(List.of(), ArticleChecks.injecting(head(RELAYED), NOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Followup-To: poster|", "Followup-To: a.b, c.d|", "Distribution: local, world|",
        "Expires: Tue, 05 May 2027 11:00:00 +0000|", "References: <a@b> (why) <c@d>|",
        "Control: cancel <a@b>|", "Control: newgroup a.b|", "Supersedes: <a@b>|",
        "Followup-To: a b|Followup-To is neither a list of group names nor poster",
        "Distribution: a b|Distribution is not a list of names",
        "Expires: soon|Expires is no date",
        "References: one|References is not a list of message-IDs",
        "Supersedes: all|Supersedes is no message-ID",
        "Control: cancel|Control: cancel takes one message-ID",
        "Control: cancel <a@b> <c@d>|Control: cancel takes one message-ID"})
    void fieldsThatMayBeThereAreCheckedWhenPosted(String line, String problem) {
        assertEquals(problem == null ? List.of() : List.of(problem),
                ArticleChecks.injecting(head(PROTO + line + "\n"), NOW));
        assertEquals(List.of(), ArticleChecks.relaying(head(RELAYED + line + "\n"), NOW));
    }

    @Test
    void anArticleSupersedesOrControlsButNotBoth() {
        assertEquals(List.of("Control and Supersedes exclude each other"),
                ArticleChecks.injecting(head(
                        PROTO + "Control: cancel <a@b>\nSupersedes: <a@b>\n"), NOW));
    }

    @Test
    void protoArticleMayLackWhatTheServerAdds() {
        assertEquals(List.of(), ArticleChecks.injecting(head(PROTO), NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "Newsgroups", "Subject", "Message-ID", "Date", "Path"})
    void mandatoryFieldsAreThereOnceAndOnlyPathMayBeEmpty(String name) {
        assertEquals(List.of("the header field " + name + " is missing"),
                ArticleChecks.relaying(head(without(RELAYED, name)), NOW));
        List<String> empty = name.equals("Path") ? List.of()
                : List.of("the header field " + name + " is empty");
        assertEquals(empty,
                ArticleChecks.relaying(head(without(RELAYED, name) + name + ": \n"), NOW));
        String twice = RELAYED + line(RELAYED, name);
        assertEquals(List.of("the header field " + name + " stands there more than once"),
                ArticleChecks.relaying(head(twice), NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "Newsgroups", "Subject"})
    void protoArticleMustHaveWhatOnlyItsAuthorKnows(String name) {
        assertEquals(List.of("the header field " + name + " is missing"),
                ArticleChecks.injecting(head(without(PROTO, name)), NOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Newsgroups: a b|Newsgroups is not a list",
        "Newsgroups: a,,b|Newsgroups is not a list",
        "Message-ID: 1@host|Message-ID is not",
        "Path: a b!c|Path is not",
        "Date: soon|Date is no date",
        "Date: Wed, 06 May 2026 12:00:01 +0000|Date lies more than 24 hours"})
    void wrongFieldIsNamed(String field, String expected) {
        String name = field.substring(0, field.indexOf(':'));
        List<String> problems =
                ArticleChecks.relaying(head(without(RELAYED, name) + field + "\n"), NOW);
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().startsWith(expected), problems.getFirst());
    }

    @Test
    void dateMayBeAheadByADayButNotMore() {
        String at = without(RELAYED, "Date") + "Date: ";
        Instant edge = NOW.plus(Duration.ofHours(24));
        assertEquals(List.of(), ArticleChecks.relaying(
                head(at + NntpDate.formatHeader(edge) + "\n"), NOW));
        assertEquals(1, ArticleChecks.relaying(
                head(at + NntpDate.formatHeader(edge.plusSeconds(1)) + "\n"), NOW).size());
        assertEquals(1, ArticleChecks.relaying(head(RELAYED + "Injection-Date: "
                + NntpDate.formatHeader(edge.plusSeconds(1)) + "\n"), NOW).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Xref: us a:1", "Injection-Info: us", "Path: us!.POSTED!x",
        "Message-ID: <no-at-sign>", "Date: soon"})
    void protoArticleMayNotHaveThese(String field) {
        assertEquals(1, ArticleChecks.injecting(head(PROTO + field + "\n"), NOW).size());
    }

    @Test
    void authorNeedsAnAddress() {
        assertEquals(List.of("From holds no address such as name@host"), ArticleChecks.injecting(
                head(without(PROTO, "From") + "From: nobody\n"), NOW));
    }

    @Test
    void relaysLiveWithWhatOthersLetIn() {
        assertEquals(List.of(), ArticleChecks.relaying(head(without(
                without(RELAYED, "From"), "Message-ID")
                + "From: nobody\nMessage-ID: <a..b$@x>\nXref: them a:1\n"), NOW));
    }

    @Test
    void groupsAreBounded() {
        String groups = IntStream.rangeClosed(0, ArticleChecks.MAX_GROUPS)
                .mapToObj(n -> "g" + n).collect(Collectors.joining(","));
        assertEquals(List.of("Newsgroups names more than 100 groups"), ArticleChecks.relaying(
                head(without(RELAYED, "Newsgroups") + "Newsgroups: " + groups + "\n"), NOW));
    }

    private static ArticleHead head(String lines) {
        byte[] bytes = lines.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try {
            return ArticleHead.parse(bytes, 0, bytes.length);
        } catch (MalformedArticle e) {
            throw new AssertionError(e);
        }
    }

    private static String line(String lines, String name) {
        return Arrays.stream(lines.split("\n")).filter(l -> l.startsWith(name + ":"))
                .findFirst().orElseThrow() + "\n";
    }

    private static String without(String lines, String name) {
        return lines.replace(line(lines, name), "");
    }
}
