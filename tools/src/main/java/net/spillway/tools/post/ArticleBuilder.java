package net.spillway.tools.post;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencEncoder;

/**
 * Makes articles in wire form: the headers RFC 5536 asks of a proto-article, then the yEnc part.
 * Names that are not ASCII stand in the subject as UTF-8, as they do everywhere on Usenet. The Path
 * is there for servers that are fed; one that injects puts its own name before it (RFC 5537, 3.5).
 */
final class ArticleBuilder {
    private static final byte[] END = {'.', '\r', '\n'};

    private final String common;
    private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();

    ArticleBuilder(String from, List<String> groups, Instant date) {
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

    /** The whole article with its final {@code .CRLF}. */
    Parcel wire(Outgoing article, boolean uncertain) {
        byte[] head = head(article.id(), article.subject());
        byte[] data = article.data().bytes();
        int size = head.length + END.length
                + YencEncoder.likelySize(article.part(), article.length());
        byte[] wire = buffer(size);
        int crc32 = article.crc32();
        int end = encode(article, crc32, data, wire, head.length);
        if (end < 0) {
            wire = new byte[head.length + END.length
                    + YencEncoder.greatestSize(article.part(), article.length())];
            end = encode(article, crc32, data, wire, head.length);
        }
        System.arraycopy(head, 0, wire, 0, head.length);
        System.arraycopy(END, 0, wire, end, END.length);
        return new Parcel(article, crc32, wire, end + END.length, uncertain);
    }

    /** yEnc escapes a dot at the start of a line, so its lines are their own wire form. */
    private static int encode(Outgoing article, int crc32, byte[] data, byte[] wire, int at) {
        return YencEncoder.encodePart(article.part(), crc32, data, 0, article.length(), wire, at,
                wire.length - END.length);
    }

    private byte[] buffer(int size) {
        byte[] old = free.poll();
        return old == null || old.length < size ? new byte[size] : old;
    }

    /** The article is of no more use: its buffer serves for another. */
    void release(Parcel parcel) {
        free.add(parcel.wire);
    }

    private byte[] head(MessageId id, String subject) {
        return (common + "Subject: " + subject + "\r\nMessage-ID: " + id.value() + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
