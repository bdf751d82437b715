package net.spillway.benchmarks.feed;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;

/** Articles of 2 KB for peers, good and bad. */
final class BenchArticle {
    private static final String BODY = ("x".repeat(72) + "\r\n").repeat(26);
    private static final AtomicLong NUMBER = new AtomicLong();

    private BenchArticle() {}

    /** A message-ID that nobody has seen. */
    static String id(String kind) {
        return "<" + kind + "." + NUMBER.incrementAndGet() + "." + System.nanoTime()
                + "@bench.invalid>";
    }

    /** The article as it goes over the wire, without the last CRLF. */
    static String wire(String id, String groups) {
        return "Path: feeder.invalid!not-for-mail\r\nFrom: bench@bench.invalid\r\nNewsgroups: "
                + groups + "\r\nSubject: x\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nMessage-ID: " + id + "\r\n\r\n" + BODY + ".";
    }
}
