package net.spillway.spool;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/** Articles for tests. */
final class Articles {
    static final Instant ARRIVAL = Instant.parse("2026-03-01T12:00:00Z");

    private Articles() {}

    static MessageId id(int n) {
        return MessageId.of("<a" + n + "@test.example>");
    }

    static NewArticle article(int n, String... groups) {
        return article(id(n), ARRIVAL.plusSeconds(n), bodyOf(n, 3), groups);
    }

    static NewArticle article(MessageId id, Instant arrival, byte[] body, String... groups) {
        byte[] head = head(id, groups);
        return new NewArticle(id, head, body, 0, body.length, lines(body),
                head.length + 2L + body.length, List.of(groups), arrival, Optional.of(arrival),
                "peer.example");
    }

    static byte[] head(MessageId id, String... groups) {
        return ("Path: spill.example!peer.example!not-for-mail\r\n"
                + "From: Änne <a@test.example>\r\n"
                + "Newsgroups: " + String.join(",", groups) + "\r\n"
                + "Subject: about " + id.bare() + "\r\n"
                + "\twith a fold\r\n"
                + "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n"
                + "Distribution: world\r\n"
                + "Message-ID: " + id.value() + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Lines that say which article they belong to. */
    static byte[] bodyOf(int n, int lines) {
        var body = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            body.append("line ").append(i).append(" of article ").append(n).append("\r\n");
        }
        return body.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The article as it must come back, filed under those numbers ("group:number"). */
    static String wire(NewArticle article, String... filed) {
        String xref = filed.length == 0 ? ""
                : "Xref: spill.example " + String.join(" ", filed) + "\r\n";
        return text(article.head()) + xref + "\r\n" + text(article.body()) + ".\r\n";
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int lines(byte[] body) {
        int lines = 0;
        for (byte b : body) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }
}
