package net.spillway.tools.post;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Makes the heads of articles: the headers that RFC 5536 asks of a proto-article. Names that are not
 * ASCII stand in the subject as UTF-8, as they do everywhere on Usenet. The Path is there for servers
 * that are fed; one that injects puts its own name before it (RFC 5537, 3.5).
 */
final class ArticleHeads {
    private final String common;

    ArticleHeads(String from, List<String> groups, Instant date) {
        String stamp = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
                .format(date.atOffset(ZoneOffset.UTC));
        common = "Path: not-for-mail\r\nFrom: " + from + "\r\nNewsgroups: "
                + String.join(",", groups) + "\r\nDate: " + stamp
                + "\r\nUser-Agent: Spillway\r\n";
    }

    /**
     * The subject other clients look for: which part it is behind the name.
     *
     * @param name in quotes, with whatever stands before it
     */
    static String subject(String name, int part, int total) {
        return name + " yEnc (" + part + "/" + total + ")";
    }

    /** The head of an article, with the empty line behind it. */
    byte[] of(Outgoing article) {
        return (common + "Subject: " + article.subject() + "\r\nMessage-ID: "
                + article.id().value() + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
