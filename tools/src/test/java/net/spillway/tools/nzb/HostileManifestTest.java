package net.spillway.tools.nzb;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a manifest claims costs no more than a bound, and no more than what is there. */
class HostileManifestTest {
    private static final long MOST = 256L << 20;
    private static final String OPEN = "<nzb><file subject=\"x\" poster=\"p\" date=\"1\"><groups>"
            + "<group>a.b</group></groups><segments>";
    private static final String CLOSE = "</segments></file></nzb>";

    @Test
    void aHundredThousandArticlesAreReadInLittleMemory() {
        long octets = allocated(() -> assertEquals(100_000,
                read(() -> segments(100_000, "")).segmentCount()));
        assertTrue(octets < 96L << 20, octets + " octets");
    }

    @Test
    void millionsOfSegmentsAreRefusedBeforeTheyFillTheMemory() {
        String message = refusal(() -> segments(1_000_000, ""));
        assertTrue(message.contains("more than 500000 segments"), message);
    }

    @Test
    void messageIdsAsLongAsTheyMayBeCostNoMore() {
        long octets = allocated(() -> assertEquals(400_000,
                read(() -> segments(400_000, "y".repeat(200))).segmentCount()));
        assertTrue(octets < MOST, octets + " octets");
    }

    @Test
    void bombsOfEveryKindAreRefused() {
        String mib = "a".repeat(1 << 20);
        refused("<nzb>", mib, 150, "", "without a tag");
        refused("<nzb><file subject=\"", mib, 150, "\"/></nzb>", "without a tag");
        refused("<nzb><!--", "<" + mib, 150, "--></nzb>", "without a tag");
        refused("<nzb><head><meta type=\"t\"><![CDATA[", "<b>" + mib, 150, "]]></meta></head></nzb>",
                "without a tag");
        refused("<nzb>", "<a>".repeat(1 << 18), 100, "", "within each other");
        refused("<nzb><head>", "<meta type=\"\"/>".repeat(1 << 16), 5, "", "<meta> elements");
        refused("<nzb>", "<file><segments><segment>a@b</segment></segments></file>".repeat(1 << 14),
                14, "", "more than 200000 files");
        refused("<nzb>", " ".repeat(1000) + "<!-- -->" + " ".repeat(1 << 18), 600, "", "MiB");
        refused("<nzb><head><meta type=\"\">", "&#65;".repeat(1 << 16), 3, "</meta></head></nzb>",
                "characters");
    }

    private static void refused(String open, String more, int times, String close, String why) {
        byte[] piece = more.getBytes(StandardCharsets.US_ASCII);
        String message = refusal(() -> new SequenceInputStream(octets(open),
                new SequenceInputStream(new Repeated(piece, times), octets(close))));
        assertTrue(message.contains(why), message);
    }

    private static String refusal(NzbText.Opener text) {
        String[] message = {""};
        long octets = allocated(() -> message[0] =
                assertThrows(NzbException.class, () -> read(text)).getMessage());
        assertTrue(octets < MOST, octets + " octets: " + message[0]);
        return message[0];
    }

    private static NzbFile read(NzbText.Opener text) throws IOException {
        return NzbReader.read(new NzbText(text, "test.nzb"));
    }

    /** Octets this thread allocates meanwhile. */
    private static long allocated(Executable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertDoesNotThrow(work);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static InputStream octets(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A file of so many articles, each with another message-ID. */
    private static InputStream segments(int n, String longer) {
        return new SequenceInputStream(octets(OPEN), new SequenceInputStream(
                new Segments(n, longer), octets(CLOSE)));
    }

    /** The same octets many times. */
    private static class Repeated extends InputStream {
        private final byte[] piece;
        private int times;
        private int at;

        Repeated(byte[] piece, int times) {
            this.piece = piece;
            this.times = times;
        }

        /** The next time begins. */
        void change(byte[] octets) {}

        @Override
        public int read() {
            if (times == 0) {
                return -1;
            }
            int octet = piece[at++] & 0xff;
            if (at == piece.length) {
                at = 0;
                times--;
                change(piece);
            }
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int n = 0;
            for (int octet = 0; n < length; n++) {
                octet = read();
                if (octet < 0) {
                    return n == 0 ? -1 : n;
                }
                into[offset + n] = (byte) octet;
            }
            return n;
        }
    }

    private static final class Segments extends Repeated {
        private static final String FIRST = "<segment bytes=\"739000\" number=\"1\">0000000";

        Segments(int n, String longer) {
            super((FIRST + longer + "abcdefghijkl@example.org</segment>\n")
                    .getBytes(StandardCharsets.US_ASCII), n);
        }

        @Override
        void change(byte[] octets) {
            int digit = FIRST.length() - 1;
            while (octets[digit] == '9') {
                octets[digit--] = '0';
            }
            octets[digit]++;
        }
    }
}
