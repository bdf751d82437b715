package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;
import org.junit.jupiter.api.Test;

class RestartableMd5Test {
    private final Random random = new Random(5);

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void itIsTheMd5OfTheJdkForEveryLengthHoweverItIsCutUpAndTakenUpAgain() {
        for (int length = 0; length < 300; length++) {
            byte[] bytes = noise(length);
            RestartableMd5 md5 = new RestartableMd5();
            for (int at = 0; at < length; ) {
                int n = Math.min(1 + random.nextInt(130), length - at);
                md5.update(bytes, at, n);
                at += n;
                assertEquals(Hash16.md5(bytes, 0, at), md5.digest());
                md5 = new RestartableMd5(md5.state());
            }
            assertEquals(Hash16.md5(bytes), md5.digest(), "length " + length);
        }
    }

    @Test
    void statesThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new RestartableMd5.State(10, new Hash16(1, 2), new byte[9]));
    }

    @Test
    void slicesHashedInLanesHaveTheSameChecksumsAsOneByOne() {
        int sliceSize = 40_004;
        List<SliceHasher.Piece> pieces = new ArrayList<>();
        List<SliceChecksum> expected = new ArrayList<>();
        for (int i = 0; i < 37; i++) {
            int length = i % 5 == 4 ? random.nextInt(sliceSize + 1) : sliceSize;
            byte[] bytes = noise(length + 3);
            pieces.add(new SliceHasher.Piece(bytes, 3, length));
            expected.add(SliceChecksum.of(bytes, 3, length, sliceSize));
        }
        boolean lanes = Engines.best().hasMd5Lanes();
        try (SliceHasher hasher = new SliceHasher(Engines.best(), sliceSize, lanes);
                SliceHasher single = new SliceHasher(Engines.best(), sliceSize, false)) {
            assertEquals(expected, hasher.hash(pieces));
            assertEquals(expected, single.hash(pieces));
        }
    }
}
