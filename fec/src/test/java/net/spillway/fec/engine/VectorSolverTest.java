package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.IntStream;
import net.spillway.fec.transform.LostSlices;
import net.spillway.fec.transform.ScalarSolver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lost slices come out as the scalar solver computes them word by word. */
class VectorSolverTest {
    private static final ValueLayout.OfShort WORD =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Random random = new Random(37);

    @BeforeAll
    static void needsTheModule() {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
    }

    private void check(int[] slices, int first, int groups) {
        int count = slices.length;
        long stride = (groups + 1L) * SyndromeSolver.COLUMNS;
        try (Arena arena = Arena.ofConfined();
                SyndromeSolver solver =
                        new VectorEngine().solver(slices, first).orElseThrow()) {
            MemorySegment rows = arena.allocate(count * stride, 64);
            byte[] bytes = new byte[(int) rows.byteSize()];
            random.nextBytes(bytes);
            MemorySegment before = MemorySegment.ofArray(bytes);
            rows.copyFrom(before);
            solver.solve(rows, stride, groups);
            ScalarSolver scalar =
                    new ScalarSolver(
                            new LostSlices(slices, first),
                            LostSlices.productLog(count),
                            LostSlices.valuesLog(count) + 1);
            for (long column : new long[] {0, 62, 64, 126, groups * 128L - 2}) {
                int[] syndromes = column(before, count, stride, column);
                assertArrayEquals(
                        scalar.solve(syndromes), column(rows, count, stride, column));
            }
            assertArrayEquals(
                    column(before, count, stride, groups * 128L),
                    column(rows, count, stride, groups * 128L),
                    "what lies behind the columns stays as it is");
        }
    }

    private static int[] column(MemorySegment rows, int count, long stride, long at) {
        int[] words = new int[count];
        for (int r = 0; r < count; r++) {
            words[r] = rows.get(WORD, r * stride + at) & 65_535;
        }
        return words;
    }

    private int[] someSlices(int count, int below) {
        return random.ints(0, below).distinct().limit(count).sorted().toArray();
    }

    @Test
    void fewLostSlicesComeOut() {
        for (int count : new int[] {1, 2, 3, 17, 128, 129}) {
            check(someSlices(count, 32_768), 5, 3);
        }
        check(new int[] {7}, 0, 1);
    }

    @Test
    void manyLostSlicesComeOut() {
        check(someSlices(300, 3000), 0, 5);
        check(someSlices(700, 32_768), 60_000, 2);
    }

    @Test
    void transformIsCheaperOnceManySlicesAreLost() {
        SolverPlan few = new SolverPlan(someSlices(50, 1000));
        assertTrue(few.directCost() < few.transformCost());
        SolverPlan many = new SolverPlan(someSlices(3276, 32_768));
        assertTrue(many.transformCost() < many.directCost() / 4);
        assertEquals(16, new SolverPlan(
                IntStream.range(0, 32_768).toArray()).valuesLog());
    }

    @Test
    void rowsThatAreTooShortAreRefused() {
        try (Arena arena = Arena.ofConfined();
                SyndromeSolver solver =
                        new VectorEngine().solver(new int[] {1, 2}, 0).orElseThrow()) {
            MemorySegment rows = arena.allocate(383, 64);
            assertThrows(IllegalArgumentException.class, () -> solver.solve(rows, 128, 2));
        }
    }
}
