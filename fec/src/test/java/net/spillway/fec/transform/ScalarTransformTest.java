package net.spillway.fec.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Par2Constants;
import org.junit.jupiter.api.Test;

class ScalarTransformTest {
    private final Random random = new Random(11);

    private int[] words(int n) {
        return random.ints(n, 0, 65536).toArray();
    }

    private static int[] direct(int[] words, int first, int count) {
        int[] sums = new int[count];
        for (int e = 0; e < count; e++) {
            for (int i = 0; i < words.length; i++) {
                sums[e] ^= Gf16.multiply(words[i], Par2Constants.factor(i, first + e));
            }
        }
        return sums;
    }

    private static int valueAt(int[] coefficients, int x) {
        int value = 0;
        for (int j = coefficients.length - 1; j >= 0; j--) {
            value = Gf16.multiply(value, x) ^ coefficients[j];
        }
        return value;
    }

    @Test
    void cantorBasisIsAChainAndSpansTheField() {
        assertEquals(1, CantorBasis.element(1));
        for (int i = 0; i < 15; i++) {
            int b = CantorBasis.element(2 << i);
            assertEquals(CantorBasis.element(1 << i), Gf16.multiply(b, b) ^ b);
        }
        boolean[] seen = new boolean[65536];
        for (int j = 0; j < 65536; j++) {
            assertTrue(!seen[CantorBasis.element(j)]);
            seen[CantorBasis.element(j)] = true;
        }
        for (int j = 0; j < 256; j++) {
            assertEquals(CantorBasis.element(j), Gf16.power(CantorBasis.element(j), 256));
        }
    }

    @Test
    void valuesAreThoseOfThePolynomialAtThePointsInCantorsOrder() {
        for (int m = 0; m <= 9; m++) {
            int[] coefficients = words(1 << m);
            int[] values = coefficients.clone();
            new AdditiveFft(m).evaluate(values);
            for (int j = 0; j < values.length; j++) {
                assertEquals(valueAt(coefficients, CantorBasis.element(j)), values[j]);
            }
        }
        int[] coefficients = words(1 << 16);
        int[] values = coefficients.clone();
        new AdditiveFft(16).evaluate(values);
        for (int j : new int[] {0, 1, 4711, 65535}) {
            assertEquals(valueAt(coefficients, CantorBasis.element(j)), values[j]);
        }
    }

    @Test
    void transposedMapHasTheTransposedMatrix() {
        for (int m = 0; m <= 6; m++) {
            int n = 1 << m;
            AdditiveFft fft = new AdditiveFft(m);
            int[][] columns = new int[n][n];
            int[][] rows = new int[n][n];
            for (int j = 0; j < n; j++) {
                columns[j][j] = 1;
                fft.evaluate(columns[j]);
                rows[j][j] = 1;
                fft.evaluateTransposed(rows[j]);
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    assertEquals(columns[j][i], rows[i][j]);
                }
            }
        }
    }

    @Test
    void transposedMapIsUndoneByItsInverse() {
        for (int m = 0; m <= 16; m++) {
            int[] words = words(1 << m);
            int[] there = words.clone();
            new AdditiveFft(m).evaluateTransposed(there);
            new AdditiveFft(m).evaluateTransposedInverse(there);
            assertArrayEquals(words, there);
        }
    }

    @Test
    void chirpIsTheThreeFactorsOfEachPower() {
        for (int i = 0; i < 20_000; i++) {
            int slice = random.nextInt(32768);
            int first = random.nextInt(65535);
            int e = random.nextInt(65535);
            int product = Gf16.multiply(
                    Chirp.before(slice, first), Chirp.kernel(Chirp.place(slice) + e));
            product = Gf16.multiply(product, Chirp.after(Chirp.classOf(slice), e));
            assertEquals(Par2Constants.factor(slice, first + e), product);
        }
    }

    @Test
    void everySmallSizeGivesTheDirectSums() {
        for (int m = 0; m <= 4; m++) {
            for (int count = 1; count <= 1 << m; count++) {
                for (int slices = 0; slices < 40; slices += 3) {
                    int[] words = words(slices);
                    int first = random.nextInt(70);
                    assertArrayEquals(
                            direct(words, first, count),
                            new ScalarTransform(first, count, m).encode(words));
                }
            }
        }
    }

    @Test
    void unitWordsGiveTheMatrixItself() {
        for (int slice = 0; slice < 60; slice++) {
            int[] words = new int[60];
            words[slice] = 1;
            assertArrayEquals(
                    direct(words, 5, 20), new ScalarTransform(5, 20, 6).encode(words));
        }
    }

    @Test
    void largerSizesWithOffsetsGiveTheDirectSums() {
        int[][] shapes = {
            {1000, 100, 8, 0}, {1000, 100, 8, 37}, {2000, 200, 9, 0}, {3000, 77, 7, 60_000},
            {800, 600, 10, 64_935}, {32768, 20, 8, 65_515}
        };
        for (int[] s : shapes) {
            int[] words = words(s[0]);
            assertArrayEquals(
                    direct(words, s[3], s[1]),
                    new ScalarTransform(s[3], s[1], s[2]).encode(words));
        }
    }

    @Test
    void transformTooShortForItsWordsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ScalarTransform(0, 17, 4));
        assertThrows(IllegalArgumentException.class, () -> new ScalarTransform(0, 0, 4));
    }
}
