package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
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

    private static MemorySegment random(int size) {
        byte[] bytes = new byte[size];
        new Random(3).nextBytes(bytes);
        MemorySegment data = Arena.ofAuto().allocate(size, 64);
        return data.copyFrom(MemorySegment.ofArray(bytes));
    }

    private int[] start() {
        int[] states = new int[md5.lanes() * Md5Lanes.STATE];
        for (int lane = 0; lane < md5.lanes(); lane++) {
            Md5Lanes.start(states, lane * Md5Lanes.STATE);
        }
        return states;
    }

    /** The JDK's MD5 of bytes that end with RFC 1321's padding, which is its own affair. */
    private static byte[] expected(MemorySegment data, long at, int blocks) throws Exception {
        ByteBuffer padding = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        padding.put((byte) 0x80).putLong(56, blocks * 512L);
        MemorySegment.copy(
                MemorySegment.ofArray(padding.array()), 0, data, at + blocks * 64L, 64);
        return MessageDigest.getInstance("MD5")
                .digest(data.asSlice(at, blocks * 64L).toArray(ValueLayout.JAVA_BYTE));
    }

    private static byte[] digest(int[] states, int lane) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < Md5Lanes.STATE; i++) {
            bytes.putInt(states[lane * Md5Lanes.STATE + i]);
        }
        return bytes.array();
    }

    @Test
    void everyLaneGivesTheDigestOfTheJdk() throws Exception {
        for (int blocks : new int[] {0, 1, 2, 15, 16, 17, 40}) {
            int stride = blocks * 64 + 64 + 3;
            MemorySegment data = random(md5.lanes() * stride);
            byte[][] expected = new byte[md5.lanes()][];
            long[] at = new long[md5.lanes()];
            for (int lane = 0; lane < md5.lanes(); lane++) {
                // Not in the order of the lanes.
                at[lane] = (long) (lane * 3 % md5.lanes()) * stride;
                expected[lane] = expected(data, at[lane], blocks);
            }
            int[] states = start();
            md5.update(states, data, at, blocks * 64 + 64);
            for (int lane = 0; lane < md5.lanes(); lane++) {
                assertArrayEquals(expected[lane], digest(states, lane), "lane " + lane);
            }
        }
    }

    @Test
    void messagesThatComeInPiecesGiveTheStatesOfTheWhole() {
        MemorySegment data = random(md5.lanes() * 2000 + 100);
        long[] at = new long[md5.lanes()];
        for (int lane = 0; lane < at.length; lane++) {
            at[lane] = lane * 2000L;
        }
        int[] whole = start();
        md5.update(whole, data, at, 1920);
        int[] pieces = start();
        md5.update(pieces, data, at, 64);
        for (int lane = 0; lane < at.length; lane++) {
            at[lane] += 64;
        }
        md5.update(pieces, data, at, 1856);
        assertArrayEquals(whole, pieces);
    }

    @Test
    void piecesThatAreNotWholeBlocksOrOutOfBoundsAreRefused() {
        MemorySegment data = random(64);
        long[] at = new long[md5.lanes()];
        int[] states = start();
        assertThrows(
                IllegalArgumentException.class, () -> md5.update(states, data, at, 63));
        assertThrows(
                IllegalArgumentException.class,
                () -> md5.update(states, MemorySegment.ofArray(new byte[64]), at, 64));
        at[1] = 1;
        assertThrows(
                IndexOutOfBoundsException.class, () -> md5.update(states, data, at, 64));
    }
}
