package net.spillway.it;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An article made up for a test, complete and in wire form.
 *
 * @param id the message-ID with its brackets
 * @param head the header lines as sent, each with its CRLF, without the blank line
 * @param body the body as sent: dot-stuffed, each line with its CRLF, without the final dot
 */
record TestArticle(String id, String head, byte[] body) {
    private static final int MOST_IN_A_LINE = 119;

    /** An article whose body is pseudo-random octets in lines; the same for the same seed. */
    static TestArticle seeded(long seed, String group, int bodyOctets) {
        var random = new SplittableRandom(seed);
        String id = "<it." + Long.toHexString(random.nextLong()) + "." + seed + "@example.org>";
        String head = "From: Test <test@example.org>\r\n"
                + "Newsgroups: " + group + "\r\n"
                + "Subject: article " + seed + "\r\n"
                + "Message-ID: " + id + "\r\n";
        return new TestArticle(id, head, body(random, bodyOctets));
    }

    private static byte[] body(SplittableRandom random, int size) {
        byte[] body = new byte[size + MOST_IN_A_LINE + 3];
        int at = 0;
        while (at < size) {
            int line = at;
            for (int left = 1 + random.nextInt(MOST_IN_A_LINE); left > 0; left--) {
                body[at++] = octet(random.nextInt());
                if (at == line + 1 && body[line] == '.') {
                    body[at++] = '.';
                }
            }
            body[at++] = '\r';
            body[at++] = '\n';
        }
        return Arrays.copyOf(body, at);
    }

    /** A dot now and then, else anything but controls and spaces. */
    private static byte octet(int chance) {
        int octet = '!' + ((chance & 0xffff) * (256 - '!') >>> 16);
        return (byte) ((chance >>> 16) % 20 == 0 ? '.' : octet == 0x7f ? '?' : octet);
    }

    /** What is sent after 340, or with further headers after 335. */
    byte[] wire() {
        return wire("");
    }

    /** What a peer sends: the article with the headers an injecting agent has added. */
    byte[] relayedWire(String path, String date) {
        return wire("Path: " + path + "\r\nDate: " + date + "\r\n");
    }

    private byte[] wire(String further) {
        byte[] front = (further + head + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] wire = new byte[front.length + body.length + 3];
        System.arraycopy(front, 0, wire, 0, front.length);
        System.arraycopy(body, 0, wire, front.length, body.length);
        System.arraycopy(new byte[] {'.', '\r', '\n'}, 0, wire, front.length + body.length, 3);
        return wire;
    }

    /**
     * Tells what is wrong with an article that came back: its body must be the same octets, and
     * every header line we sent must be there. Empty: nothing.
     */
    String differenceFrom(byte[] received) {
        String text = new String(received, StandardCharsets.ISO_8859_1);
        int blank = text.indexOf("\r\n\r\n");
        if (blank < 0) {
            return "no blank line";
        }
        String theirHead = "\r\n" + text.substring(0, blank + 2);
        for (String line : head.split("\r\n")) {
            if (!theirHead.contains("\r\n" + line + "\r\n")) {
                return "the header line is lacking: " + line;
            }
        }
        String theirBody = text.substring(blank + 4);
        String ourBody = new String(body, StandardCharsets.ISO_8859_1) + ".\r\n";
        return theirBody.equals(ourBody) ? "" : "the body is another (" + theirBody.length()
                + " octets instead of " + ourBody.length() + ")";
    }
}
