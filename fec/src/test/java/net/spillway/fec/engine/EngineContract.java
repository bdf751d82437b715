package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every engine must do: the same as the scalar one. */
abstract class EngineContract {
    /** Lengths around the edges of vectors, blocks and tiles. */
    private static final int[] LENGTHS = {
        2, 4, 30, 64, 126, 128, 130, 1000, 4094, 8190, 8192, 8194, 20_004
    };

    abstract SliceEngine engine();

    @Test
    void sumsEqualThoseOfTheSpecification() {
        for (int length : LENGTHS) {
            Random random = new Random(length);
            int rows = 1 + random.nextInt(7);
            int count = 1 + random.nextInt(30);
            int offset = random.nextInt(5);
            check(random, rows, length, count, offset);
        }
    }

    @Test
    void inputsAddNothingToRowsOfFactorsZero() {
        byte[][] inputs = {new byte[130], new byte[130]};
        new Random(1).nextBytes(inputs[0]);
        new Random(2).nextBytes(inputs[1]);
        for (char[][] factors : new char[][][] {{{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
            {{0, 1, 0, 0, 0}, {0, 0, 0, 0, 7}}, {{0, 0, 9, 0, 0}, {3, 0, 5, 0, 0}}}) {
            check(inputs, 5, 130, 2, 0, factors);
        }
    }

    private void check(Random random, int rows, int length, int count, int offset) {
        byte[][] inputs = new byte[count][offset + length + 3];
        char[][] factors = new char[count][rows];
        for (int i = 0; i < count; i++) {
            random.nextBytes(inputs[i]);
            for (int r = 0; r < rows; r++) {
                factors[i][r] = (char) (random.nextInt(8) == 0 ? 0 : random.nextInt(65536));
            }
        }
        check(inputs, rows, length, count, offset, factors);
    }

    private void check(byte[][] inputs, int rows, int length, int count, int offset,
            char[][] factors) {
        try (Accumulator expected = new ScalarEngine().accumulator(rows, length);
                Accumulator actual = engine().accumulator(rows, length)) {
            for (int pass = 0; pass < 2; pass++) {
                expected.add(inputs, offset, count - pass, factors);
                actual.add(inputs, offset, count - pass, factors);
            }
            for (int r = 0; r < rows; r++) {
                assertArrayEquals(
                        bytes(expected, r), bytes(actual, r), length + " bytes, row " + r);
            }
        }
    }

    private static byte[] bytes(Accumulator a, int row) {
        byte[] bytes = new byte[a.length()];
        a.read(row, 0, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void whatIsWrittenAnywhereIsReadAgainAndAddedTo() {
        for (int length : LENGTHS) {
            Random random = new Random(length);
            try (Accumulator expected = new ScalarEngine().accumulator(3, length);
                    Accumulator actual = engine().accumulator(3, length)) {
                byte[] data = new byte[length + 7];
                random.nextBytes(data);
                for (int i = 0; i < 5; i++) {
                    int from = random.nextInt(length / 2) * 2;
                    int len = random.nextInt((length - from) / 2 + 1) * 2;
                    expected.write(i % 3, from, data, 7, len);
                    actual.write(i % 3, from, data, 7, len);
                    byte[] part = new byte[len + 1];
                    actual.read(i % 3, from, part, 1, len);
                    byte[] same = new byte[len + 1];
                    System.arraycopy(data, 7, same, 1, len);
                    assertArrayEquals(same, part);
                }
                char[][] factors = {{1, 2, 3}};
                expected.add(new byte[][] {data}, 0, 1, factors);
                actual.add(new byte[][] {data}, 0, 1, factors);
                for (int r = 0; r < 3; r++) {
                    assertArrayEquals(bytes(expected, r), bytes(actual, r));
                }
            }
        }
    }

    @Test
    void whatIsClearedIsZeroAndAddedToAsIfItWereNew() {
        for (int length : LENGTHS) {
            byte[][] inputs = {new byte[length], new byte[length]};
            new Random(length).nextBytes(inputs[0]);
            new Random(-length).nextBytes(inputs[1]);
            char[][] factors = {{1, 2, 3}, {4, 5, 60000}};
            try (Accumulator expected = new ScalarEngine().accumulator(3, length);
                    Accumulator actual = engine().accumulator(3, length)) {
                actual.add(inputs, 0, 2, factors);
                actual.clear();
                assertArrayEquals(new byte[length], bytes(actual, 2));
                expected.add(inputs, 0, 2, factors);
                actual.add(inputs, 0, 2, factors);
                for (int r = 0; r < 3; r++) {
                    assertArrayEquals(bytes(expected, r), bytes(actual, r));
                }
            }
        }
    }

    @Test
    void rowsSharedAmongThreadsGiveTheSameSums() {
        checkShared(11, 3000);
    }

    @Test
    void columnsSharedAmongThreadsGiveTheSameSums() {
        checkShared(5, 20_004);
    }

    private void checkShared(int rows, int length) {
        Random random = new Random(5);
        byte[][] inputs = new byte[20][length + 1];
        char[][] factors = new char[20][rows];
        for (int i = 0; i < inputs.length; i++) {
            random.nextBytes(inputs[i]);
            for (int r = 0; r < rows; r++) {
                factors[i][r] = (char) random.nextInt(65536);
            }
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(3);
                Accumulator expected = new ScalarEngine().accumulator(rows, length);
                Accumulator actual =
                        new ParallelAccumulator(engine(), executor, 3, rows, length)) {
            int from = length / 3 / 2 * 2;
            for (Accumulator each : List.of(expected, actual)) {
                each.add(inputs, 1, 20, factors);
                each.write(rows - 1, from, inputs[0], 0, from);
                each.add(inputs, 0, 7, factors);
            }
            for (int r = 0; r < rows; r++) {
                assertArrayEquals(bytes(expected, r), bytes(actual, r));
                byte[] part = new byte[from];
                actual.read(r, from, part, 0, from);
                assertArrayEquals(
                        Arrays.copyOfRange(bytes(expected, r), from, 2 * from), part);
            }
        }
    }

    @Test
    void argumentsOutOfBoundsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> engine().accumulator(0, 4));
        assertThrows(IllegalArgumentException.class, () -> engine().accumulator(1, 3));
        try (Accumulator a = engine().accumulator(2, 8)) {
            char[][] factors = {{1, 1}};
            byte[][] tooShort = {new byte[7]};
            byte[][] fits = {new byte[8]};
            assertThrows(
                    IndexOutOfBoundsException.class, () -> a.add(tooShort, 0, 1, factors));
            assertThrows(IndexOutOfBoundsException.class, () -> a.add(fits, 1, 1, factors));
            assertThrows(IndexOutOfBoundsException.class, () -> a.add(fits, 0, 2, factors));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> a.add(fits, 0, 1, new char[][] {{1}}));
            assertThrows(IndexOutOfBoundsException.class, () -> a.read(2, 0, fits[0], 0, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> a.read(0, 2, fits[0], 0, 8));
            assertThrows(IllegalArgumentException.class, () -> a.write(0, 1, fits[0], 0, 2));
        }
    }
}
