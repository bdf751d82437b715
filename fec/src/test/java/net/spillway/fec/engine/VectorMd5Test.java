package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VectorMd5Test {
    private Md5Lanes md5;

    @BeforeEach
    void needsTheModule() {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
        md5 = Engines.named("vector").md5Lanes().orElseThrow();
    }

    private void check(byte[][] digests, byte[] data, int offset, int stride, int len)
            throws Exception {
        for (int lane = 0; lane < md5.lanes(); lane++) {
            int from = offset + lane * stride;
            byte[] expected =
                    MessageDigest.getInstance("MD5")
                            .digest(Arrays.copyOfRange(data, from, from + len));
            assertArrayEquals(expected, digests[lane], len + " bytes, lane " + lane);
        }
    }

    @Test
    void everyLengthGivesTheDigestsOfTheJdk() throws Exception {
        byte[] data = new byte[80_000];
        new Random(3).nextBytes(data);
        for (int len = 0; len < 200; len++) {
            check(md5.finish(data, 5, 201, len), data, 5, 201, len);
        }
        check(md5.finish(data, 1, 4000, 4000), data, 1, 4000, 4000);
    }

    @Test
    void messagesThatComeInPiecesGiveTheDigestsOfTheWhole() throws Exception {
        byte[] data = new byte[100_000];
        new Random(4).nextBytes(data);
        for (int first : new int[] {0, 64, 1024, 1088, 4096}) {
            md5.update(data, 3, 6000, first);
            byte[][] digests = md5.finish(data, 3 + first, 6000, 5001 - first);
            check(digests, data, 3, 6000, 5001);
        }
    }

    @Test
    void piecesThatAreNotWholeBlocksOrOutOfBoundsAreRefused() {
        byte[] data = new byte[64 * md5.lanes()];
        assertThrows(IllegalArgumentException.class, () -> md5.update(data, 0, 64, 63));
        assertThrows(IndexOutOfBoundsException.class, () -> md5.update(data, 1, 64, 64));
        assertThrows(IndexOutOfBoundsException.class, () -> md5.finish(data, 1, 64, 64));
    }
}
