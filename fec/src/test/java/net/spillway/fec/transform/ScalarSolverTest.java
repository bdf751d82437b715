package net.spillway.fec.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import org.junit.jupiter.api.Test;

/** Solving by transform against the closed inverse, and against what was encoded. */
class ScalarSolverTest {
    private final Random random = new Random(31);

    private int[] someSlices(int count, int below) {
        return random.ints(0, below).distinct().limit(count).sorted().toArray();
    }

    private static int[] syndromes(int[] slices, int[] words, int first) {
        int[] sums = new int[slices.length];
        for (int j = 0; j < sums.length; j++) {
            for (int i = 0; i < slices.length; i++) {
                sums[j] ^= Gf16.multiply(words[i], Par2Constants.factor(slices[i], first + j));
            }
        }
        return sums;
    }

    @Test
    void lostWordsAreThoseOfTheMatrixSolution() {
        for (int count : new int[] {1, 2, 3, 8, 9, 64, 65, 150}) {
            for (int first : new int[] {0, 1, 777, 65_000}) {
                int[] slices = someSlices(count, first == 0 ? count : 32_768);
                int[] syndromes = random.ints(count, 0, 65_536).toArray();
                int[] logs = Arrays.stream(slices).map(Par2Constants::log).toArray();
                char[][] inverse = Vandermonde.inverse(logs, first);
                int[] expected = new int[count];
                for (int i = 0; i < count; i++) {
                    for (int j = 0; j < count; j++) {
                        expected[i] ^= Gf16.multiply(inverse[i][j], syndromes[j]);
                    }
                }
                LostSlices lost = new LostSlices(slices, first);
                int m = LostSlices.productLog(count);
                assertArrayEquals(
                        expected,
                        new ScalarSolver(lost, m, LostSlices.valuesLog(count) + 1)
                                .solve(syndromes));
                assertArrayEquals(
                        expected, new ScalarSolver(lost, m + 1, m + 2).solve(syndromes));
            }
        }
    }

    @Test
    void wordsComeBackFromTheirSyndromes() {
        int[] slices = someSlices(700, 5000);
        int[] words = random.ints(700, 0, 65_536).toArray();
        LostSlices lost = new LostSlices(slices, 12);
        assertArrayEquals(
                words, new ScalarSolver(lost, 11, 11).solve(syndromes(slices, words, 12)));
    }

    @Test
    void blocksHoldEachSliceOfTheClassOnceAndNoneIsLongerThanAsked() {
        int[] slices = someSlices(500, 32_768);
        List<Integer> all =
                IntStream.range(0, Chirp.CLASSES)
                        .boxed()
                        .flatMap(cls -> LostSlices.blocks(slices, cls, 700).stream())
                        .peek(b -> assertEquals(0, b.offsets()[0]))
                        .peek(b -> assertEquals(true, b.span() <= 700))
                        .flatMap(b -> Arrays.stream(b.which()).boxed())
                        .sorted()
                        .toList();
        assertEquals(IntStream.range(0, 500).boxed().toList(), all);
    }

    @Test
    void transformsThatAreTooShortAreRefused() {
        LostSlices lost = new LostSlices(new int[] {3, 4, 5}, 0);
        assertThrows(IllegalArgumentException.class, () -> new ScalarSolver(lost, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> new ScalarSolver(lost, 3, 1));
    }
}
