package net.spillway.fec.gf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Gf16Test {
    private final Random random = new Random(42);

    @Test
    void constantsAreThoseOfTheSpecification() {
        int[] first = {2, 4, 16, 128, 256, 2048, 8192, 16384, 4107, 32856, 17132};
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], Par2Constants.constant(i), "constant of slice " + i);
        }
        assertEquals(65534, Par2Constants.log(Par2Constants.MAX_SLICES - 1));
    }

    @Test
    void productsAreThoseOfSchoolbookMultiplication() {
        for (int i = 0; i < 20_000; i++) {
            int a = random.nextInt(65536);
            int b = random.nextInt(65536);
            assertEquals(schoolbook(a, b), Gf16.multiply(a, b));
        }
        assertEquals(0, Gf16.multiply(0, 5));
        assertEquals(0, Gf16.multiply(5, 0));
    }

    private static int schoolbook(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int bits = b; bits != 0; bits >>= 1) {
            if ((bits & 1) != 0) {
                product ^= shifted;
            }
            shifted <<= 1;
            if (shifted > 65535) {
                shifted ^= 0x1100B;
            }
        }
        return product;
    }

    @Test
    void divisionAndPowersUndoMultiplication() {
        for (int a = 1; a < 65536; a += 7) {
            assertEquals(1, Gf16.multiply(a, Gf16.inverse(a)));
            assertEquals(a, Gf16.divide(Gf16.multiply(a, 4711), 4711));
            assertEquals(Gf16.multiply(a, Gf16.multiply(a, a)), Gf16.power(a, 3));
        }
        assertEquals(0, Gf16.divide(0, 9));
        assertEquals(1, Gf16.power(0, 0));
        assertEquals(0, Gf16.power(0, 3));
        assertThrows(ArithmeticException.class, () -> Gf16.inverse(0));
        assertThrows(ArithmeticException.class, () -> Gf16.divide(0, 0));
    }

    @Test
    void factorsArePowersOfConstants() {
        for (int i = 0; i < 2000; i++) {
            int slice = random.nextInt(32768);
            int exponent = random.nextInt(65535);
            assertEquals(
                    Gf16.power(Par2Constants.constant(slice), exponent),
                    Par2Constants.factor(slice, exponent));
        }
    }

    @Test
    void invertedMatrixTimesMatrixIsTheIdentity() {
        for (int n : new int[] {1, 2, 5, 40}) {
            char[][] m = randomMatrix(n);
            char[][] inverse = copy(m);
            assertTrue(Gf16Matrix.invert(inverse));
            for (int r = 0; r < n; r++) {
                for (int c = 0; c < n; c++) {
                    int sum = 0;
                    for (int k = 0; k < n; k++) {
                        sum ^= Gf16.multiply(inverse[r][k], m[k][c]);
                    }
                    assertEquals(r == c ? 1 : 0, sum);
                }
            }
        }
    }

    @Test
    void matrixWithZeroesOnTheDiagonalIsInvertedByPivoting() {
        char[][] m = {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
        assertTrue(Gf16Matrix.invert(m));
        assertArrayEquals(new char[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}, m);
    }

    @Test
    void singularMatrixIsRecognisedAndOtherRowsAreChosen() {
        char[][] rows = {{1, 2}, {2, 4}, {0, 0}, {1, 3}};
        assertFalse(Gf16Matrix.invert(new char[][] {rows[0].clone(), rows[1].clone()}));
        assertArrayEquals(
                new int[] {0, 3}, Gf16Matrix.independentRows(rows, 2).orElseThrow());
        assertTrue(Gf16Matrix.independentRows(new char[][] {rows[0], rows[1]}, 2).isEmpty());
    }

    private char[][] randomMatrix(int n) {
        char[][] m = new char[n][n];
        for (char[] row : m) {
            for (int c = 0; c < n; c++) {
                row[c] = (char) random.nextInt(65536);
            }
        }
        return m;
    }

    private static char[][] copy(char[][] m) {
        char[][] copy = new char[m.length][];
        for (int r = 0; r < m.length; r++) {
            copy[r] = m[r].clone();
        }
        return copy;
    }
}
