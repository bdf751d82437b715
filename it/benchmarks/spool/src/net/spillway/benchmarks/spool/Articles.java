package net.spillway.benchmarks.spool;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import net.spillway.spool.NewArticle;

/** Articles by number, always the same; a tenth of them arrive in a day. */
final class Articles {
    static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final long DAY_MILLIS = 86_400_000;

    private final int groups;
    private final byte[] body;
    private final int perDay;

    Articles(int groups, int bodyOctets, int articles) {
        this.groups = groups;
        this.body = ("x".repeat(Math.max(0, bodyOctets - 2)) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.perDay = Math.max(1, articles / 10);
    }

    int groups() {
        return groups;
    }

    static String group(int n) {
        return "spill.growth.group" + n;
    }

    /** Scattered as real ones are, so that neighbours in time are none in the alphabet. */
    static MessageId id(long n) {
        return MessageId.of("<" + Long.toString(mix(n) >>> 1, 36) + "." + n + "@poster.example>");
    }

    /** One that no article has. */
    static MessageId stranger(long n) {
        return MessageId.of("<" + Long.toString(mix(~n) >>> 1, 36) + ".s" + n
                + "@elsewhere.example>");
    }

    Instant arrival(long n) {
        return BEGIN.plusMillis(n * DAY_MILLIS / perDay);
    }

    NewArticle article(long n) {
        MessageId id = id(n);
        String group = group((int) (n % groups));
        byte[] head = ("Path: relay.example!peer.example!poster.example!not-for-mail\r\n"
                + "From: Somebody Orother <somebody" + n % 1000 + "@poster.example>\r\n"
                + "Newsgroups: " + group + "\r\n"
                + "Subject: [" + n % 97 + "/97] - \"some.file.of." + n / 97 + ".bin\" yEnc ("
                + n % 400 + "/400)\r\n"
                + "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n"
                + "Message-ID: " + id.value() + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return new NewArticle(id, head, body, 0, body.length, 1, head.length + 2L + body.length,
                List.of(group), arrival(n), Optional.empty(), "peer.example");
    }

    /** Octets of an article's entries: its line of overview, and 24 for its message-ID's. */
    long rawOctets(NewArticle article, long number) {
        String line = number + "\t\t\t\t" + article.id().value() + "\t\t" + article.size()
                + "\t1\tXref: relay.example " + article.groups().getFirst() + ":" + number;
        int fields = 0;
        for (String name : List.of("From: ", "Subject: ", "Date: ")) {
            String head = new String(article.head(), StandardCharsets.US_ASCII);
            int at = head.indexOf(name) + name.length();
            fields += head.indexOf('\r', at) - at;
        }
        return line.length() + fields + 24;
    }

    private static long mix(long n) {
        long z = (n + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
