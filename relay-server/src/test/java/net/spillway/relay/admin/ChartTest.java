package net.spillway.relay.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void theTopOfAChartIsTheNextRoundNumber() {
        assertEquals(1, Chart.niceTop(0));
        assertEquals(5, Chart.niceTop(2.1));
        assertEquals(10, Chart.niceTop(10));
        assertEquals(20, Chart.niceTop(10.5));
        assertEquals(1e6, Chart.niceTop(700_000));
    }

    @Test
    void numbersAreWrittenForPeople() {
        assertEquals("999 B", Words.bytes(999));
        assertEquals("1.00 kB", Words.bytes(999.6));
        assertEquals("2.35 MB", Words.bytes(2_345_678));
        assertEquals("83.4 GB", Words.bytes(83.4e9));
        assertEquals("1,234", Words.number(1234.4));
        assertEquals("0.50", Words.number(0.5));
        assertEquals("3", Words.number(3));
        assertEquals("59 s", Words.time(Duration.ofSeconds(59)));
        assertEquals("1 h 2 min", Words.time(Duration.ofSeconds(3725)));
        assertEquals("3 d 1 h", Words.time(Duration.ofHours(73)));
    }

    @Test
    void textThatIsMarkupOrInvisibleIsDisarmed() {
        assertEquals("&lt;a href=&#39;x&#39;&gt;&amp;&quot;??", Html.escape("<a href='x'>&\"\u0000\u202e"));
    }
}
