package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class JoinedCrcTest {
    @Test
    void piecesHaveTogetherTheCrcOfTheWhole() {
        Random random = new Random(1);
        for (int pieces : new int[] {0, 1, 2, 3, 17, 60}) {
            JoinedCrc joined = new JoinedCrc();
            CRC32 whole = new CRC32();
            for (int i = 0; i < pieces; i++) {
                // Several of one length in a row, and some of none.
                byte[] piece = new byte[i % 4 < 3 ? 1000 : random.nextInt(5) * 313];
                random.nextBytes(piece);
                CRC32 crc = new CRC32();
                crc.update(piece);
                whole.update(piece);
                joined.add((int) crc.getValue(), piece.length);
            }
            assertEquals((int) whole.getValue(), joined.value(), pieces + " pieces");
        }
    }

    @Test
    void orderAndLengthOfPiecesMatter() {
        assertEquals((int) crc("abcd"), joined("ab", "cd"));
        assertEquals((int) crc("cdab"), joined("cd", "ab"));
        assertEquals((int) crc("abcd"), joined("", "abc", "d"));
    }

    private static int joined(String... pieces) {
        JoinedCrc joined = new JoinedCrc();
        for (String piece : pieces) {
            joined.add((int) crc(piece), piece.length());
        }
        return joined.value();
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
