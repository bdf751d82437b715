package net.spillway.tools.post;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencEncoder;

/**
 * Makes articles in wire form: the headers RFC 5536 asks of a proto-article, then the yEnc part.
 * Names that are not ASCII stand in the subject as UTF-8, as they do everywhere on Usenet.
 */
final class ArticleBuilder {
    private static final byte[] END = {'.', '\r', '\n'};

    private final String common;

    ArticleBuilder(String from, List<String> groups, Instant date) {
        String stamp = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
                .format(date.atOffset(ZoneOffset.UTC));
        common = "From: " + from + "\r\nNewsgroups: " + String.join(",", groups)
                + "\r\nDate: " + stamp + "\r\nUser-Agent: Spillway\r\n";
    }

    /** The subject other clients look for: the name in quotes, then which part it is. */
    static String subject(String name, int part, int total) {
        return "\"" + name + "\" yEnc (" + part + "/" + total + ")";
    }

    /** The whole article with its final {@code .CRLF}. */
    byte[] wire(Outgoing article) {
        byte[] head = head(article.id(), article.subject());
        // yEnc escapes a dot at the start of a line, so its lines are their own wire form.
        byte[] body = YencEncoder.encodePart(
                article.part(), article.data().bytes(), 0, article.length());
        byte[] wire = new byte[head.length + body.length + END.length];
        System.arraycopy(head, 0, wire, 0, head.length);
        System.arraycopy(body, 0, wire, head.length, body.length);
        System.arraycopy(END, 0, wire, head.length + body.length, END.length);
        return wire;
    }

    private byte[] head(MessageId id, String subject) {
        return (common + "Subject: " + subject + "\r\nMessage-ID: " + id.value() + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
