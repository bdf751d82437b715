package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ControlMarksTest {
    @Test
    void findsEveryOctetThatMattersAndNoOther() {
        for (int octet = 0; octet < 256; octet++) {
            byte[] bytes = new byte[3 * ControlMarks.PIECE];
            Arrays.fill(bytes, (byte) octet);
            boolean matters = octet == 0 || octet == '\r' || octet == '\n';
            assertEquals(matters ? 5 : bytes.length,
                    new ControlMarks().next(bytes, 5, bytes.length), "octet " + octet);
            assertEquals(!matters, new ControlMarks().isNone(bytes, 5, 105, bytes.length));
        }
    }

    @Test
    void findsTheSameAsALookAtEachOctet() {
        Random random = Seeded.random("ControlMarksTest");
        ControlMarks marks = new ControlMarks();
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = Seeded.drawn(random, "\u0001\u0009\u000b\u000c\u000e\u0080\u008d\u008aab",
                    random.nextInt(3 * ControlMarks.PIECE));
            for (int hits = random.nextInt(20); hits > 0 && bytes.length > 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) "\0\r\n".charAt(random.nextInt(3));
            }
            marks.forget();
            for (int ask = 0; ask < 40; ask++) {
                int from = random.nextInt(bytes.length + 1);
                int to = from + random.nextInt(bytes.length - from + 1);
                int expected = first(bytes, from, to);
                assertEquals(expected, marks.next(bytes, from, to));
                if (marks.isNone(bytes, from, to, bytes.length)) {
                    assertEquals(to, expected);
                } else {
                    assertTrue(expected < to || to - from < 8 || to - from > ControlMarks.PIECE);
                }
            }
        }
    }

    @Test
    void forgetsWhatWasThere() {
        ControlMarks marks = new ControlMarks();
        byte[] bytes = new byte[100];
        Arrays.fill(bytes, (byte) 'x');
        assertTrue(marks.isNone(bytes, 0, 100, 100));
        bytes[50] = '\n';
        marks.forget();
        assertFalse(marks.isNone(bytes, 0, 100, 100));
        assertEquals(50, marks.next(bytes, 0, 100));
    }

    private static int first(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != 0 && bytes[at] != '\r' && bytes[at] != '\n') {
            at++;
        }
        return at;
    }
}
