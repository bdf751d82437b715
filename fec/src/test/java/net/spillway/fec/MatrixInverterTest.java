package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Gf16Matrix;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import org.junit.jupiter.api.Test;

/** Inverses by engine and in closed form against the plain ones. */
class MatrixInverterTest {
    private final Random random = new Random(8);

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
        return Arrays.stream(m).map(char[]::clone).toArray(char[][]::new);
    }

    private static void check(char[][] m, SliceEngine engine) {
        char[][] expected = copy(m);
        char[][] actual = copy(m);
        assertTrue(Gf16Matrix.invert(expected));
        assertTrue(MatrixInverter.invert(actual, engine, 2));
        for (int r = 0; r < m.length; r++) {
            assertArrayEquals(expected[r], actual[r], "row " + r);
        }
    }

    @Test
    void everySizeAroundPanelsIsInvertedAsThePlainWayDoes() {
        for (int n : new int[] {1, 2, 63, 64, 71, 72, 73, 95, 96, 97, 150}) {
            check(randomMatrix(n), Engines.best());
        }
        check(randomMatrix(100), Engines.portable());
    }

    @Test
    void matricesThatNeedPivotsElsewhereAreInverted() {
        char[][] shifted = new char[130][130];
        for (int r = 0; r < 130; r++) {
            shifted[r][(r + 41) % 130] = (char) (r + 1);
        }
        check(shifted, Engines.best());
        char[][] m = randomMatrix(100);
        for (int r = 0; r < 50; r++) {
            Arrays.fill(m[r], 0, 50, (char) 0);
        }
        check(m, Engines.best());
        char[][] sparse = randomMatrix(90);
        for (int r = 0; r < 90; r++) {
            Arrays.fill(sparse[r], 0, 89 - r, (char) 0);
        }
        check(sparse, Engines.best());
    }

    @Test
    void singularMatrixIsRecognised() {
        char[][] m = randomMatrix(100);
        for (int c = 0; c < 100; c++) {
            m[70][c] = (char) (Gf16.multiply(m[3][c], 9) ^ m[99][c]);
        }
        assertFalse(MatrixInverter.invert(m, Engines.best(), 1));
        assertFalse(MatrixInverter.invert(new char[80][80], Engines.best(), 1));
    }

    @Test
    void powersOfConsecutiveExponentsAreInvertedInClosedForm() {
        for (int n : new int[] {1, 2, 3, 10, 60, 200}) {
            for (int first : new int[] {0, 1, 4711, 65_000}) {
                int[] missing = random.ints(0, 32768).distinct().limit(n).sorted().toArray();
                char[][] plain = new char[n][n];
                for (int r = 0; r < n; r++) {
                    for (int c = 0; c < n; c++) {
                        plain[r][c] = Par2Constants.factor(missing[c], first + r);
                    }
                }
                assertTrue(Gf16Matrix.invert(plain));
                int[] logs = Arrays.stream(missing).map(Par2Constants::log).toArray();
                char[][] closed = Vandermonde.inverse(logs, first);
                for (int r = 0; r < n; r++) {
                    assertArrayEquals(plain[r], closed[r]);
                }
            }
        }
    }

    @Test
    void consecutiveExponentsArePreferredAmongMany() throws Exception {
        int[] missing = {1, 5, 9};
        int[] exponents = {0, 2, 30, 31, 32, 40};
        RepairMatrix matrix = RepairMatrix.solve(missing, exponents, Engines.best(), 1);
        assertArrayEquals(new int[] {30, 31, 32}, matrix.exponents());
        int[] gaps = IntStream.range(0, 100).map(i -> 3 * i).toArray();
        int[] lost = IntStream.range(50, 150).toArray();
        assertEquals(100, RepairMatrix.solve(lost, gaps, Engines.best(), 2).inverse().length);
    }
}
