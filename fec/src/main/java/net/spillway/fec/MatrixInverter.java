package net.spillway.fec;

import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.spillway.fec.engine.Accumulator;
import net.spillway.fec.engine.ParallelAccumulator;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Gf16Matrix;

/**
 * Gauss-Jordan elimination with pivoting whose heavy part, adding multiples of rows to all others,
 * is done by an engine, for a panel of columns at a time.
 *
 * <p>With y = A·x, a pivot in row r and column c exchanges y_r for x_c: afterwards row r tells x_c,
 * and column c is what y_r contributes. So no row is moved; which row became the pivot of each
 * column is remembered, and in the end the matrix tells x from y but for the order of rows and
 * columns. Within a panel the exchange is done on its columns only; what they then hold are the
 * factors by which the panel's pivot rows, as they were, come into each row.
 */
final class MatrixInverter implements AutoCloseable {
    /** Below this size the plain way is faster. */
    private static final int SMALL = 64;

    /** Columns of a panel: more of them make the plain part dearer, fewer the moving of data. */
    private static final int PANEL = 24;

    /** How many columns; there are as many rows, or more to choose from. */
    private final int n;
    private final int height;
    private final ExecutorService executor;
    private final Accumulator rows;
    private final int[] pivotOf;
    private final BitSet used = new BitSet();

    private MatrixInverter(char[][] m, SliceEngine engine, int threads) {
        n = m[0].length;
        height = m.length;
        pivotOf = new int[n];
        executor =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("inverse-", 0).factory());
        try {
            rows = new ParallelAccumulator(engine, executor, threads, height, 2 * n);
        } catch (OutOfMemoryError | RuntimeException e) {
            executor.shutdown();
            throw e;
        }
        for (int r = 0; r < height; r++) {
            write(r, 0, m[r], n);
        }
    }

    /**
     * The inverse of a square matrix, in place.
     *
     * @return false if the matrix is singular; it is as it was then, or rubble if it is small
     */
    static boolean invert(char[][] m, SliceEngine engine, int threads) {
        if (m.length < SMALL) {
            return Gf16Matrix.invert(m);
        }
        try (MatrixInverter inverter = new MatrixInverter(m, engine, threads)) {
            if (!inverter.eliminate()) {
                return false;
            }
            for (int c = 0; c < m.length; c++) {
                char[] row = inverter.inverseRow(c);
                for (int k = 0; k < m.length; k++) {
                    m[c][inverter.pivotOf[k]] = row[k];
                }
            }
            return true;
        }
    }

    /**
     * As many rows as there are columns, and the inverse of the matrix that they are.
     *
     * @param rows which rows
     * @param inverse its column k belongs to row {@code rows[k]}
     */
    record Chosen(int[] rows, char[][] inverse) {}

    /**
     * Finds rows that are independent, among more than there are columns, and inverts them.
     *
     * @return nothing if there are none
     */
    static Optional<Chosen> invertSome(char[][] m, SliceEngine engine, int threads) {
        int columns = m[0].length;
        if (columns < SMALL) {
            return Gf16Matrix.independentRows(m, columns)
                    .map(rows -> new Chosen(rows, inverse(m, rows)));
        }
        try (MatrixInverter inverter = new MatrixInverter(m, engine, threads)) {
            if (!inverter.eliminate()) {
                return Optional.empty();
            }
            char[][] inverse = new char[columns][];
            for (int c = 0; c < columns; c++) {
                inverse[c] = inverter.inverseRow(c);
            }
            return Optional.of(new Chosen(inverter.pivotOf, inverse));
        }
    }

    private static char[][] inverse(char[][] m, int[] rows) {
        char[][] square = new char[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            square[i] = m[rows[i]].clone();
        }
        if (!Gf16Matrix.invert(square)) {
            throw new IllegalStateException("independent rows have no inverse");
        }
        return square;
    }

    private boolean eliminate() {
        for (int c = 0; c < n; c += PANEL) {
            if (!eliminate(c, Math.min(PANEL, n - c))) {
                return false;
            }
        }
        return true;
    }

    private boolean eliminate(int from, int columns) {
        char[][] panel = new char[height][];
        for (int r = 0; r < height; r++) {
            panel[r] = read(r, from, columns);
        }
        for (int c = 0; c < columns; c++) {
            int pivot = used.nextClearBit(0);
            while (pivot < height && panel[pivot][c] == 0) {
                pivot = used.nextClearBit(pivot + 1);
            }
            if (pivot >= height) {
                return false;
            }
            used.set(pivot);
            pivotOf[from + c] = pivot;
            exchange(panel, pivot, c);
        }
        update(panel, from, columns);
        return true;
    }

    private static void exchange(char[][] panel, int pivot, int c) {
        char[] row = panel[pivot];
        int inverse = Gf16.inverse(row[c]);
        row[c] = 1;
        for (int j = 0; j < row.length; j++) {
            row[j] = (char) Gf16.multiply(row[j], inverse);
        }
        for (int r = 0; r < panel.length; r++) {
            int factor = panel[r][c];
            if (r != pivot && factor != 0) {
                panel[r][c] = 0;
                for (int j = 0; j < row.length; j++) {
                    panel[r][j] ^= (char) Gf16.multiply(factor, row[j]);
                }
            }
        }
    }

    /** Does to all columns what was done to the panel. */
    private void update(char[][] panel, int from, int columns) {
        byte[][] pivots = new byte[columns][2 * n];
        char[][] factors = new char[columns][height];
        byte[] zeros = new byte[2 * n];
        for (int c = 0; c < columns; c++) {
            int pivot = pivotOf[from + c];
            rows.read(pivot, 0, pivots[c], 0, 2 * n);
            rows.write(pivot, 0, zeros, 0, 2 * n);
            for (int r = 0; r < height; r++) {
                factors[c][r] = panel[r][c];
            }
        }
        rows.add(pivots, 0, columns, factors);
        for (int r = 0; r < height; r++) {
            write(r, from, panel[r], columns);
        }
    }

    /** Row p(c) tells x_c, and its column k is what y_p(k) contributes. */
    private char[] inverseRow(int c) {
        return read(pivotOf[c], 0, n);
    }

    private char[] read(int row, int column, int count) {
        byte[] bytes = new byte[2 * count];
        rows.read(row, 2 * column, bytes, 0, bytes.length);
        char[] words = new char[count];
        for (int i = 0; i < count; i++) {
            words[i] = (char) (bytes[2 * i] & 255 | bytes[2 * i + 1] << 8);
        }
        return words;
    }

    private void write(int row, int column, char[] words, int count) {
        byte[] bytes = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            bytes[2 * i] = (byte) words[i];
            bytes[2 * i + 1] = (byte) (words[i] >> 8);
        }
        rows.write(row, 2 * column, bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        executor.shutdown();
        rows.close();
    }
}
