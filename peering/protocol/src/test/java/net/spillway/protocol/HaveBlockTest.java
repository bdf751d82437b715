package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HaveBlockTest {
    private static List<MessageId> ids(int n) {
        return IntStream.range(0, n).mapToObj(i -> MessageId.of("<" + i + "@x>")).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void requestsCarryTheHashesInOrder() throws Exception {
        for (int n : new int[] {1, 2, 3, 45, 46, 1000}) {
            byte[] block = HaveBlock.request(ids(n));
            byte[] hashes = HaveBlock.hashes(block, n);
            assertArrayEquals(MessageId.of("<0@x>").hash(), Arrays.copyOf(hashes, 16));
            assertArrayEquals(ids(n).getLast().hash(),
                    Arrays.copyOfRange(hashes, n * 16 - 16, n * 16));
            assertTrue(new String(block, StandardCharsets.US_ASCII).lines()
                    .allMatch(line -> line.length() <= 998));
        }
    }

    @Test
    void theLargestRequestIsWithinItsBound() {
        int line = 960 + 2;
        assertTrue((HaveBlock.MOST * 16L / 720 + 1) * line < HaveBlock.MOST_OCTETS);
    }

    @Test
    void bitmapsComeBackAsTheyWere() throws Exception {
        for (int n : new int[] {1, 7, 8, 9, 100, 100_000}) {
            BitSet held = new BitSet();
            IntStream.range(0, n).filter(i -> i % 3 == 0 || i == n - 1).forEach(held::set);
            String block = String.join("\r\n", HaveBlock.bitmap(held, n)) + "\r\n";
            assertEquals(held, HaveBlock.held(bytes(block), n));
            assertEquals(held, HaveBlock.held(bytes(block + ".\r\n"), n));
        }
    }

    @Test
    void otherCountsAndOtherTextsAreRefused() {
        byte[] three = HaveBlock.request(ids(3));
        assertThrows(ProtocolException.class, () -> HaveBlock.hashes(three, 2));
        assertThrows(ProtocolException.class, () -> HaveBlock.hashes(three, 4));
        assertThrows(ProtocolException.class, () -> HaveBlock.hashes(bytes("a b\r\n.\r\n"), 1));
        assertThrows(ProtocolException.class, () -> HaveBlock.hashes(bytes(".\r\n"), 1));
        assertThrows(ProtocolException.class, () -> HaveBlock.held(bytes("AAAA\r\n"), 8));
    }
}
