package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NntpDateTest {
    private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"20260102, 030405, 2026-01-02T03:04:05Z", "260102, 030405, 2026-01-02T03:04:05Z",
        "000229, 000000, 2000-02-29T00:00:00Z", "270101, 000000, 1927-01-01T00:00:00Z",
        "991231, 235960, 1999-12-31T23:59:59Z"})
    void argumentsHaveTwoOrFourDigitsOfTheYear(String date, String time, Instant expected) {
        assertEquals(Optional.of(expected),
                NntpDate.parseArguments(date, time, ZoneOffset.UTC, NOW));
    }

    @Test
    void argumentsWithoutGmtAreInTheServersZone() {
        assertEquals(Optional.of(Instant.parse("2026-01-02T02:00:00Z")), NntpDate.parseArguments(
                "20260102", "030000", ZoneId.of("Europe/Berlin"), NOW));
    }

    @ParameterizedTest
    @CsvSource({"20261301, 000000", "20260230, 000000", "20260101, 240000", "20260101, 006000",
        "2026010, 000000", "20260101, 00000", "2026-1-1, 000000", "20260101, 0000x0"})
    void impossibleArgumentsAreRefused(String date, String time) {
        assertTrue(NntpDate.parseArguments(date, time, ZoneOffset.UTC, NOW).isEmpty());
    }

    @Test
    void dateReplyIsReadAndWritten() {
        assertEquals("20260505120000", NntpDate.format(NOW));
        assertEquals(Optional.of(NOW), NntpDate.parse("20260505120000"));
        assertTrue(NntpDate.parse("2026050512000").isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Tue, 5 May 2026 12:00:00 +0000|2026-05-05T12:00:00Z",
        "5 May 2026 14:00:00 +0200|2026-05-05T12:00:00Z",
        "Tue, 05 May 2026 07:30 -0430 (home (my) time)|2026-05-05T12:00:00Z",
        "Tue, 5 May 26 12:00:00 GMT|2026-05-05T12:00:00Z",
        "Mon, 1 Jan 96 00:00:00 EST|1996-01-01T05:00:00Z",
        "1 Jan 126 00:00:00 UT|2026-01-01T00:00:00Z",
        "Wrong, 5 May 2026 12:00:00 UTC|2026-05-05T12:00:00Z",
        "5 may 2026 05:00:00 PDT|2026-05-05T12:00:00Z",
        "5 May 2026 12:00:00 Z|2026-05-05T12:00:00Z",
        "5 May 2026 12:00:00 K|2026-05-05T12:00:00Z",
        "5 May 2026 12:00:00 CEST|2026-05-05T12:00:00Z",
        "5 May 2026 12:00:00|2026-05-05T12:00:00Z",
        "Tue,5 May 2026 12:00:60 +0000|2026-05-05T12:00:59Z"})
    void datesOfOldAndNewArticlesAreRead(String text, Instant expected) {
        assertEquals(Optional.of(expected), NntpDate.parseHeader(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "31 Feb 2026 00:00:00 +0000", "5 Mai",
        "5 Foo 2026 00:00:00 +0000", "5 May 2026", "5 May 20266 00:00:00 +0000",
        "5 May 2026 25:00:00 +0000", "5 May 2026 00:00:00 +9900", "5 May 2026 00:00:00 +00",
        "5 May 2026 0:0:0:0 +0000", "5 May 2026 00:00:00 +0000 x y", "(((", "Tue, Tue, Tue"})
    void whatIsNoDateIsRefused(String text) {
        assertTrue(NntpDate.parseHeader(text).isEmpty());
    }

    @Test
    void writtenDatesAreReadBack() {
        assertEquals("Tue, 05 May 2026 12:00:00 +0000", NntpDate.formatHeader(NOW));
        Random random = Seeded.random("NntpDateTest");
        for (int round = 0; round < 1000; round++) {
            Instant time = NOW.minus(random.nextInt(1_500_000_000), ChronoUnit.SECONDS);
            assertEquals(Optional.of(time), NntpDate.parseHeader(NntpDate.formatHeader(time)));
            assertEquals(Optional.of(time), NntpDate.parse(NntpDate.format(time)));
        }
    }
}
