package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.spillway.fec.gf.Par2Constants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The transform over slices gives what the engines give directly. */
class VectorTransformTest {
    private final Random random = new Random(23);

    @BeforeAll
    static void needsTheModule() {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
    }

    private int[] someSlices(int count, int below) {
        BitSet chosen = new BitSet();
        while (chosen.cardinality() < count) {
            chosen.set(random.nextInt(below));
        }
        return chosen.stream().toArray();
    }

    private void check(int[] slices, int[] exponents, int length, int threads) {
        byte[][] data = new byte[slices.length][length];
        char[][] factors = new char[slices.length][exponents.length];
        for (int i = 0; i < slices.length; i++) {
            random.nextBytes(data[i]);
            for (int r = 0; r < exponents.length; r++) {
                factors[i][r] = Par2Constants.factor(slices[i], exponents[r]);
            }
        }
        try (Arena arena = Arena.ofShared();
                ExecutorService executor = Executors.newFixedThreadPool(threads);
                Accumulator expected =
                        Engines.named("vector").accumulator(exponents.length, length);
                SliceTransform actual =
                        new VectorEngine()
                                .transform(exponents, length, executor, threads)
                                .orElseThrow()) {
            expected.add(data, 0, data.length, factors);
            MemorySegment[] segments = new MemorySegment[data.length];
            for (int i = 0; i < data.length; i++) {
                segments[i] = arena.allocate((length + 127) / 128 * 128, 64);
                segments[i].copyFrom(MemorySegment.ofArray(data[i]));
            }
            // In two batches, to see that sums are added to.
            int half = slices.length / 2;
            actual.add(slices, new Apart(segments), half);
            actual.add(
                    Arrays.copyOfRange(slices, half, slices.length),
                    new Apart(Arrays.copyOfRange(segments, half, slices.length)),
                    slices.length - half);
            byte[] one = new byte[length];
            byte[] other = new byte[length];
            for (int r = 0; r < exponents.length; r++) {
                expected.read(r, 0, one, 0, length);
                actual.read(r, 0, other, 0, length);
                assertArrayEquals(one, other, "exponent " + exponents[r]);
            }
        }
    }

    private static int[] run(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    @Test
    void everySizeOfTransformGivesTheDirectSums() {
        for (int span : new int[] {1, 16, 17, 100, 154, 307, 500, 800, 1500, 3000, 6000}) {
            check(run(0, 100), run(random.nextInt(100), Math.min(span, 40)), 100, 1);
            // Few of the exponents of a long span, and the last one.
            int[] exponents = someSlices(Math.min(span, 30), span);
            check(someSlices(150, 1000), exponents, 100, 1);
            check(someSlices(5, 32768), new int[] {3, 3 + span - 1 + (span == 1 ? 1 : 0)}, 10, 1);
        }
    }

    @Test
    void everyLengthOfSliceGivesTheDirectSums() {
        for (int length : new int[] {2, 126, 128, 130, 1024, 1026, 5000}) {
            check(run(0, 100), run(0, 60), length, 1);
            check(run(0, 20), run(0, 40), length, 2);
        }
    }

    @Test
    void exponentsThatLieFarApartAndInAnyOrderGiveTheDirectSums() {
        check(run(0, 300), new int[] {65534, 7, 100, 30_000, 3, 12_345, 2, 8, 40_000}, 64, 2);
        int[] gaps = IntStream.range(0, 300).map(i -> 300 + 2 * i - i % 3).toArray();
        check(run(100, 700), gaps, 200, 1);
    }

    @Test
    void allSlicesThereCanBeGiveTheDirectSums() {
        check(run(0, 32768), run(65_515, 20), 4, 1);
        check(someSlices(3000, 32768), run(0, 900), 4, 2);
    }

    @Test
    void bandsHoldEveryRowOnce() {
        for (int count : new int[] {1, 40, 1000, 20_000, 65_535}) {
            int[] exponents = someSlices(count, 65_535);
            TransformBands bands = new TransformBands(exponents);
            BitSet rows = new BitSet();
            for (TransformBands.Band band : bands.bands()) {
                assertTrue(band.blockLength() >= 1);
                assertTrue(band.m() >= 8 && band.m() <= 14);
                for (int i = 0; i < band.rows().length; i++) {
                    assertTrue(!rows.get(band.rows()[i]));
                    rows.set(band.rows()[i]);
                    int exponent = band.first() + band.offsets()[i];
                    assertEquals(exponents[band.rows()[i]], exponent);
                    assertTrue(band.offsets()[i] < band.span());
                }
            }
            assertEquals(count, rows.cardinality());
        }
    }

    @Test
    void transformIsPreferredForManySlicesAndManyExponentsOnly() {
        assertTrue(prefers(1000, 100));
        assertTrue(prefers(32_768, 3276));
        assertTrue(!prefers(1000, 10));
        assertTrue(!prefers(10, 1000));
    }

    private static boolean prefers(int slices, int exponents) {
        TransformBands bands = new TransformBands(run(0, exponents));
        return bands.transformCost(slices) < bands.directCost(slices);
    }

    @Test
    void sliceThatIsNotPaddedIsRefused() {
        try (SliceTransform transform =
                        new VectorEngine().transform(run(0, 2), 130, null, 1).orElseThrow();
                Arena arena = Arena.ofShared()) {
            Apart data = new Apart(arena.allocate(130));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> transform.add(new int[] {0}, data, 1));
        }
    }
}
