package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlockEndTest {
    @Test
    void theEndIsFoundWhereverItStandsAndWithVectorsAsWithout() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] parts = "\r\n.=x".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 20_000; round++) {
            byte[] wire = new byte[random.nextInt(5, 400)];
            for (int i = 0; i < wire.length; i++) {
                wire[i] = parts[random.nextInt(random.nextInt(1, parts.length + 1))];
            }
            int from = random.nextInt(wire.length);
            int to = random.nextInt(from, wire.length + 1);
            int right = searched(wire, from, to);
            assertEquals(right, BlockEnd.find(wire, from, to, false));
            if (VectorYenc.Support.IS_THERE) {
                assertEquals(right, BlockEnd.find(wire, from, to, true));
            }
        }
    }

    private static int searched(byte[] wire, int from, int to) {
        int at = new String(wire, from, to - from, StandardCharsets.ISO_8859_1)
                .indexOf("\r\n.\r\n");
        return at < 0 ? -1 : from + at + 2;
    }

    @Test
    void anEndBehindManyOctetsIsFound() {
        byte[] wire = new byte[100_000];
        for (int at : new int[] {0, 1, 62, 63, 64, 65, 99_990, 99_995}) {
            java.util.Arrays.fill(wire, (byte) '.');
            System.arraycopy("\r\n.\r\n".getBytes(StandardCharsets.US_ASCII), 0, wire, at, 5);
            assertEquals(at + 2, BlockEnd.find(wire, 0, wire.length));
        }
    }
}
