package net.spillway.fec;

import static net.spillway.fec.TestFiles.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;
import org.junit.jupiter.api.Test;

/** Parity of slices that stream by, and slices rebuilt from it. */
class StreamTest {
    private static final int SIZE = 1000;

    private static byte[][] slices(int n) {
        byte[][] slices = new byte[n][];
        for (int i = 0; i < n; i++) {
            slices[i] = random(i, SIZE);
        }
        return slices;
    }

    private static byte[][] encode(byte[][] slices, int... exponents) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, slices.length).boxed().toList());
        Collections.shuffle(order, new Random(1));
        try (ParityEncoder encoder =
                ParityEncoder.builder(SIZE).exponents(exponents).threads(2).build()) {
            for (int i : order) {
                encoder.add(i, slices[i], 0, slices[i].length);
            }
            byte[][] recovery = new byte[exponents.length][];
            for (int r = 0; r < exponents.length; r++) {
                recovery[r] = encoder.recovery(r);
            }
            return recovery;
        }
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int i : set) {
            bits.set(i);
        }
        return bits;
    }

    @Test
    void recoverySliceIsTheSumOfSlicesTimesConstants() {
        byte[][] slices = slices(5);
        byte[] recovery = encode(slices, 3, 0)[0];
        for (int p = 0; p < SIZE; p += 2) {
            int sum = 0;
            for (int i = 0; i < 5; i++) {
                int word = slices[i][p] & 255 | (slices[i][p + 1] & 255) << 8;
                sum ^= Gf16.multiply(word, Gf16.power(Par2Constants.constant(i), 3));
            }
            assertEquals(sum, recovery[p] & 255 | (recovery[p + 1] & 255) << 8);
        }
    }

    @Test
    void shortSliceCountsAsPaddedWithZeros() {
        byte[][] slices = slices(3);
        byte[][] cut = slices.clone();
        cut[1] = Arrays.copyOf(slices[1], 333);
        byte[][] padded = slices.clone();
        padded[1] = Arrays.copyOf(cut[1], SIZE);
        assertArrayEquals(encode(padded, 0, 1, 7), encode(cut, 0, 1, 7));
    }

    @Test
    void addingASliceTwiceOrOutOfRangeIsRefused() {
        try (ParityEncoder encoder = ParityEncoder.builder(8).recovery(0, 2).build()) {
            encoder.add(0, new byte[8], 0, 8);
            assertThrows(
                    IllegalArgumentException.class, () -> encoder.add(0, new byte[8], 0, 8));
            assertThrows(
                    IllegalArgumentException.class, () -> encoder.add(32768, new byte[8], 0, 8));
            assertThrows(
                    IllegalArgumentException.class, () -> encoder.add(1, new byte[9], 0, 9));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ParityEncoder.builder(8).recovery(65534, 2));
        assertThrows(IllegalArgumentException.class, () -> ParityEncoder.builder(6));
    }

    private static Map<Integer, byte[]> rebuild(
            byte[][] slices, BitSet missing, int[] exponents, byte[][] recovery)
            throws Exception {
        Map<Integer, byte[]> rebuilt = new TreeMap<>();
        try (StreamRepairer repairer =
                new StreamRepairer(SIZE, exponents, Engines.best(), 2)) {
            for (int e = 0; e < recovery.length; e++) {
                repairer.addRecovery(exponents[e], recovery[e], 0, SIZE);
            }
            for (int i = 0; i < slices.length; i++) {
                if (!missing.get(i)) {
                    repairer.addSlice(i, slices[i], 0, slices[i].length);
                }
            }
            repairer.solve(
                    slices.length,
                    missing,
                    (slice, from, data, offset, len) ->
                            rebuilt.put(slice, Arrays.copyOfRange(data, offset, offset + len)));
        }
        return rebuilt;
    }

    @Test
    void lostSlicesOfMoreThanATileComeBackByMatrix() throws Exception {
        int size = 6_000_004;
        int[] exponents = {0, 2, 5};
        assertTrue(StreamRepairer.tile(3, size) < size);
        byte[][] slices = new byte[4][];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = random(i, size);
        }
        byte[] recovery = new byte[size];
        boolean[] same = new boolean[3];
        try (ParityEncoder encoder =
                        ParityEncoder.builder(size).exponents(exponents).threads(2).build();
                StreamRepairer repairer =
                        new StreamRepairer(size, exponents, Engines.best(), 2)) {
            for (int i = 0; i < slices.length; i++) {
                encoder.add(i, slices[i], 0, size);
            }
            for (int e = 0; e < exponents.length; e++) {
                encoder.recovery(e, 0, recovery, 0, size);
                repairer.addRecovery(exponents[e], recovery, 0, size);
            }
            repairer.addSlice(3, slices[3], 0, size);
            repairer.solve(4, bits(0, 1, 2), (slice, from, data, offset, len) -> same[slice] =
                    Arrays.equals(slices[slice], (int) from, (int) from + len,
                            data, offset, offset + len));
        }
        assertArrayEquals(new boolean[] {true, true, true}, same);
    }

    @Test
    void tilesAreEvenSinceAllOfThemAreComputedWhole() {
        assertEquals(180_224, StreamRepairer.tile(75, 716_800));
        assertEquals(716_800, StreamRepairer.tile(2, 716_800));
        assertEquals(1000, StreamRepairer.tile(32_768, 1000));
        assertEquals(4096, StreamRepairer.tile(32_768, 9000));
    }

    /** So many that the transform pays even before it is compiled. */
    @Test
    void manyLostSlicesOfAStreamComeBackByTransform() throws Exception {
        assumeTrue(Engines.best().hasTransform(), "this engine has no transform");
        int lost = 1200;
        BitSet missing = new BitSet();
        new Random(5).ints(0, 3000).distinct().limit(lost).forEach(missing::set);
        int[] lostSlices = missing.stream().toArray();
        Solution solution =
                Solution.find(
                        lostSlices, IntStream.range(9, 9 + lost).toArray(), 1 << 20,
                        Engines.best(), 2);
        assertInstanceOf(Solution.ByTransform.class, solution);
        byte[][] slices = new byte[3000][];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = random(i, 260);
        }
        Map<Integer, byte[]> rebuilt = new TreeMap<>();
        try (ParityEncoder encoder = ParityEncoder.builder(260).recovery(9, lost).build();
                StreamRepairer repairer =
                        new StreamRepairer(260, solution.exponents(), Engines.best(), 2)) {
            for (int i = 0; i < slices.length; i++) {
                encoder.add(i, slices[i], 0, 260);
                if (!missing.get(i)) {
                    repairer.addSlice(i, slices[i], 0, 260);
                }
            }
            for (int e = 0; e < lost; e++) {
                repairer.addRecovery(9 + e, encoder.recovery(e), 0, 260);
            }
            repairer.solve(
                    solution,
                    0,
                    260,
                    (slice, from, data, offset, len) ->
                            rebuilt.put(slice, Arrays.copyOfRange(data, offset, offset + len)));
        }
        assertRebuilt(slices, missing, rebuilt);
    }

    private static void assertRebuilt(
            byte[][] slices, BitSet missing, Map<Integer, byte[]> rebuilt) {
        assertEquals(missing.stream().boxed().toList(), List.copyOf(rebuilt.keySet()));
        rebuilt.forEach((i, bytes) -> assertArrayEquals(slices[i], bytes, "slice " + i));
    }

    @Test
    void lostSlicesFollowFromAnyExponents() throws Exception {
        byte[][] slices = slices(40);
        int[] exponents = {7, 65534, 100, 30000, 3, 12345, 2, 40000};
        BitSet missing = bits(0, 5, 17, 18, 38, 39);
        byte[][] recovery = encode(slices, exponents);
        assertRebuilt(slices, missing, rebuild(slices, missing, exponents, recovery));
        BitSet all = bits(1, 2, 3, 4, 5, 6, 7, 8);
        assertRebuilt(slices, all, rebuild(slices, all, exponents, recovery));
    }

    @Test
    void everySliceCanBeLost() throws Exception {
        byte[][] slices = slices(6);
        int[] exponents = {0, 1, 2, 3, 4, 5};
        BitSet missing = bits(exponents);
        byte[][] recovery = encode(slices, exponents);
        assertRebuilt(slices, missing, rebuild(slices, missing, exponents, recovery));
    }

    @Test
    void singularChoiceOfRecoverySlicesIsAvoidedIfThereAreOthers() throws Exception {
        // Constants 2^1 and 2^4: their ratio 2^3 to the power of 21845 is 1.
        byte[][] slices = slices(4);
        BitSet missing = bits(0, 2);
        int[] singular = {0, 21845};
        byte[][] two = encode(slices, singular);
        var e =
                assertThrows(
                        Par2Exception.class, () -> rebuild(slices, missing, singular, two));
        assertEquals(Par2Exception.Kind.NOT_RECOVERABLE, e.kind());
        int[] enough = {0, 21845, 5};
        byte[][] three = encode(slices, enough);
        assertRebuilt(slices, missing, rebuild(slices, missing, enough, three));
    }

    @Test
    void tooFewRecoverySlicesAreRefused() {
        byte[][] slices = slices(4);
        byte[][] recovery = encode(slices, 0);
        var e =
                assertThrows(
                        Par2Exception.class,
                        () -> rebuild(slices, bits(0, 2), new int[] {0}, recovery));
        assertTrue(e.getMessage().contains("2 slices are missing"), e.getMessage());
    }

    @Test
    void encoderThatWasResetKnowsNothingOfSlicesBefore() {
        byte[][] slices = slices(300);
        for (SliceEngine engine : List.of(Engines.best(), Engines.portable())) {
            try (ParityEncoder encoder = ParityEncoder.builder(slices[0].length)
                            .recovery(0, 90).engine(engine).expected(32_768).build();
                    ParityEncoder fresh = ParityEncoder.builder(slices[0].length)
                            .recovery(0, 90).engine(engine).build()) {
                for (int i = 0; i < slices.length; i++) {
                    encoder.add(i, slices[i], 0, slices[i].length);
                }
                encoder.recovery(0);
                encoder.reset();
                for (int i = 0; i < 200; i++) {
                    if (i == 100) {
                        encoder.reset();
                    }
                    byte[] slice = slices[slices.length - 1 - i % 100];
                    encoder.add(i % 100 + i / 100 * 7, slice, 0, slice.length);
                    if (i >= 100) {
                        fresh.add(i % 100 + 7, slice, 0, slice.length);
                    }
                }
                for (int r = 0; r < 90; r++) {
                    assertArrayEquals(fresh.recovery(r), encoder.recovery(r), "row " + r);
                }
            }
        }
    }

    /** The slices are eight times what memory may be used, and come mixed with recovery slices. */
    @Test
    void streamNeedsEachSliceOnceInAnyOrderAndLittleMemory() throws Exception {
        int size = 4096;
        int count = 2000;
        Random random = new Random(12);
        BitSet missing = new BitSet();
        random.ints(0, count).distinct().limit(25).forEach(missing::set);
        int[] exponents = IntStream.range(3, 43).toArray();
        byte[][] slices = new byte[count][];
        byte[][] recovery = new byte[40][];
        try (ParityEncoder encoder = ParityEncoder.builder(size).recovery(3, 40).build()) {
            for (int i = 0; i < count; i++) {
                slices[i] = random(i, size);
                encoder.add(i, slices[i], 0, size);
            }
            for (int r = 0; r < 40; r++) {
                recovery[r] = encoder.recovery(r);
            }
        }
        // More recovery slices are announced than come, and more come than are needed.
        List<Integer> order = new ArrayList<>(IntStream.range(0, count + 30).boxed().toList());
        Collections.shuffle(order, random);
        Map<Integer, byte[]> rebuilt = new TreeMap<>();
        var options = TestFiles.options().withMemory(ParityOptions.MIN_MEMORY);
        try (StreamRepairer repairer = new StreamRepairer(size, exponents, 0, options)) {
            for (int next : order) {
                if (next >= count) {
                    repairer.addRecovery(3 + next - count, recovery[next - count], 0, size);
                } else if (!missing.get(next)) {
                    repairer.addSlice(next, slices[next], 0, size);
                }
            }
            assertEquals(30, repairer.recoveryCount());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.addSlice(missing.nextClearBit(0), slices[0], 0, size));
            repairer.solve(
                    count,
                    missing,
                    (slice, from, data, offset, len) ->
                            rebuilt.put(slice, Arrays.copyOfRange(data, offset, offset + len)));
        }
        assertRebuilt(slices, missing, rebuilt);
    }

    @Test
    void sliceThatIsNeitherAddedNorMissingIsRefused() throws Exception {
        try (StreamRepairer repairer =
                new StreamRepairer(8, new int[] {0}, Engines.portable(), 1)) {
            repairer.addSlice(0, new byte[8], 0, 8);
            repairer.addRecovery(0, new byte[8], 0, 8);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.solve(2, new BitSet(), (s, f, d, o, n) -> {}));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.solve(2, bits(0, 1), (s, f, d, o, n) -> {}));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.solve(1, bits(5), (s, f, d, o, n) -> {}));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.addRecovery(0, new byte[8], 0, 8));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> repairer.addRecovery(1, new byte[8], 0, 8));
        }
    }

    @Test
    void slicesLargerThanTheMemoryBoundAreRebuiltInColumnChunks() throws Exception {
        int size = 300_000;
        byte[][] slices = new byte[6][];
        for (int i = 0; i < 6; i++) {
            slices[i] = random(i, size);
        }
        SortedMap<Integer, SliceData> recovery = new TreeMap<>();
        try (ParityEncoder encoder = ParityEncoder.builder(size).recovery(10, 4).build()) {
            for (int i = 0; i < 6; i++) {
                encoder.add(i, slices[i], 0, size);
            }
            for (int r = 0; r < 4; r++) {
                recovery.put(10 + r, SliceData.of(encoder.recovery(r)));
            }
        }
        byte[][] rebuilt = new byte[6][size];
        int[] calls = {0};
        SliceRepairer.repair(
                6,
                size,
                bits(1, 2, 5),
                (slice, from, dst, offset, len) ->
                        System.arraycopy(slices[slice], (int) from, dst, offset, len),
                recovery,
                (slice, from, data, offset, len) -> {
                    System.arraycopy(data, offset, rebuilt[slice], (int) from, len);
                    calls[0]++;
                },
                TestFiles.options().withMemory(ParityOptions.MIN_MEMORY));
        for (int i : new int[] {1, 2, 5}) {
            assertArrayEquals(slices[i], rebuilt[i]);
        }
        assertTrue(calls[0] > 3, "in several chunks");
    }
}
