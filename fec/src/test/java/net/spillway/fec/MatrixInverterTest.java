package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Gf16Matrix;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import net.spillway.fec.packet.Par2Exception;
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
    void independentRowsAreFoundAmongMoreThanAreNeeded() {
        for (int n : new int[] {5, 80}) {
            char[][] rows = new char[n + 30][];
            char[][] good = randomMatrix(n);
            for (int r = 0; r < rows.length; r++) {
                // Before the last good row thirty others that add nothing.
                rows[r] = r < n - 1 ? good[r] : r == rows.length - 1 ? good[n - 1] : good[r % 3];
            }
            var chosen = MatrixInverter.invertSome(rows, Engines.best(), 2).orElseThrow();
            char[][] square =
                    Arrays.stream(chosen.rows()).mapToObj(r -> rows[r].clone())
                            .toArray(char[][]::new);
            assertTrue(Gf16Matrix.invert(square));
            for (int r = 0; r < n; r++) {
                assertArrayEquals(square[r], chosen.inverse()[r]);
            }
            rows[rows.length - 1] = good[0];
            assertTrue(MatrixInverter.invertSome(rows, Engines.best(), 2).isEmpty());
        }
    }

    private static Solution find(int[] missing, int[] exponents, long sliceSize)
            throws Par2Exception {
        return Solution.find(missing, exponents, sliceSize, Engines.best(), 2);
    }

    @Test
    void consecutiveExponentsArePreferredAmongMany() throws Exception {
        int[] missing = {1, 5, 9};
        int[] exponents = {0, 2, 30, 31, 32, 40};
        assertArrayEquals(new int[] {30, 31, 32}, find(missing, exponents, 400).exponents());
        int[] gaps = IntStream.range(0, 100).map(i -> 3 * i).toArray();
        int[] lost = IntStream.range(50, 150).toArray();
        assertEquals(100, ((Solution.ByMatrix) find(lost, gaps, 400)).inverse().length);
    }

    @Test
    void singularExponentsArePassedOver() throws Exception {
        // Slices 0 and 2 have the constants 2^1 and 2^4: their ratio 2^3 to the 21845 is 1.
        int[] missing = IntStream.range(0, 70).toArray();
        int[] exponents =
                IntStream.concat(
                        IntStream.range(0, 35).flatMap(i -> IntStream.of(i, i + 21_845)),
                        IntStream.range(0, 60).map(i -> 40_000 + 2 * i)).toArray();
        char[][] first = new char[70][70];
        for (int r = 0; r < 70; r++) {
            for (int c = 0; c < 70; c++) {
                first[r][c] = Par2Constants.factor(missing[c], exponents[r]);
            }
        }
        assertFalse(Gf16Matrix.invert(first));
        int[] used = find(missing, exponents, 400).exponents();
        assertEquals(70, Arrays.stream(used).distinct().count());
        assertTrue(Arrays.stream(used).anyMatch(e -> e >= 40_000 && e % 2 == 0));
        Par2Exception e =
                assertThrows(
                        Par2Exception.class,
                        () -> find(missing, Arrays.copyOf(exponents, 70), 400));
        assertEquals(Par2Exception.Kind.NOT_RECOVERABLE, e.kind());
    }

    @Test
    void workOutOfProportionToTheBytesThatAreLostIsRefused() {
        int[] missing = IntStream.range(0, 6000).toArray();
        int[] exponents = IntStream.range(0, 6000).map(i -> 2 * i).toArray();
        Par2Exception e =
                assertThrows(Par2Exception.class, () -> find(missing, exponents, 4));
        assertEquals(Par2Exception.Kind.BAD_REQUEST, e.kind());
        assertTrue(e.getMessage().contains("add the volumes that fill the gaps"));
    }

    @Test
    void manyConsecutiveExponentsNeedNoMatrix() throws Exception {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
        int[] missing = IntStream.range(0, 32_768).toArray();
        assertInstanceOf(
                Solution.ByTransform.class,
                find(missing, IntStream.range(7, 32_775).toArray(), 1 << 16));
    }
}
