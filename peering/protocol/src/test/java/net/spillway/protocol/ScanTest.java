package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScanTest {
    @Test
    void findsTheSameAsALookAtEachOctet() {
        Random random = Seeded.random("ScanTest");
        for (int round = 0; round < 20_000; round++) {
            // Octets next to those looked for are where a borrow would forge a hit.
            byte[] bytes = Seeded.drawn(random,
                    "\u0001\u000b\u000c\u000e\u0080\u0081\u008d\u008b\u00ffabcd"
                    + (round % 3 == 0 ? "\0\r\n" : "\r"), random.nextInt(40));
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < to && "\0\r\n".indexOf((char) (bytes[expected] & 0xff)) < 0) {
                expected++;
            }
            assertEquals(expected, Scan.control(bytes, from, to));
        }
    }
}
