package net.spillway.fec.gf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linear algebra over {@link Gf16}; a matrix is an array of rows. */
public final class Gf16Matrix {
    private Gf16Matrix() {}

    /**
     * The inverse of a square matrix by Gauss-Jordan elimination with row pivoting, in place.
     *
     * @param m the matrix; holds the inverse afterwards, or rubble when it is singular
     * @return false if the matrix is singular
     */
    public static boolean invert(char[][] m) {
        int n = m.length;
        int[] from = new int[n];
        for (int c = 0; c < n; c++) {
            int pivot = c;
            while (pivot < n && m[pivot][c] == 0) {
                pivot++;
            }
            if (pivot == n) {
                return false;
            }
            from[c] = pivot;
            swapRows(m, c, pivot);
            int inverse = Gf16.inverse(m[c][c]);
            m[c][c] = 1;
            scale(m[c], inverse);
            for (int r = 0; r < n; r++) {
                if (r != c && m[r][c] != 0) {
                    int factor = m[r][c];
                    m[r][c] = 0;
                    addMultiple(m[r], m[c], factor);
                }
            }
        }
        // A swap of rows before is a swap of columns after, undone in the opposite order.
        for (int c = n - 1; c >= 0; c--) {
            swapColumns(m, c, from[c]);
        }
        return true;
    }

    /**
     * Which rows, taken greedily in the given order, are linearly independent; stops as soon as
     * there are as many as columns. The matrix is left as it was.
     *
     * @return the indices of the chosen rows, or nothing if the rows don't span the space
     */
    public static Optional<int[]> independentRows(char[][] rows, int columns) {
        List<Integer> chosen = new ArrayList<>();
        char[][] byPivot = new char[columns][];
        for (int r = 0; r < rows.length && chosen.size() < columns; r++) {
            char[] row = rows[r].clone();
            for (int c = 0; c < columns; c++) {
                if (row[c] == 0) {
                    continue;
                }
                if (byPivot[c] == null) {
                    scale(row, Gf16.inverse(row[c]));
                    byPivot[c] = row;
                    chosen.add(r);
                    break;
                }
                addMultiple(row, byPivot[c], row[c]);
            }
        }
        return chosen.size() < columns
                ? Optional.empty()
                : Optional.of(chosen.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void scale(char[] row, int factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] = (char) Gf16.multiply(row[j], factor);
        }
    }

    private static void addMultiple(char[] row, char[] other, int factor) {
        int log = Gf16.log(factor);
        for (int j = 0; j < row.length; j++) {
            row[j] ^= (char) Gf16.timesExp(other[j], log);
        }
    }

    private static void swapRows(char[][] m, int a, int b) {
        char[] row = m[a];
        m[a] = m[b];
        m[b] = row;
    }

    private static void swapColumns(char[][] m, int a, int b) {
        if (a == b) {
            return;
        }
        for (char[] row : m) {
            char value = row[a];
            row[a] = row[b];
            row[b] = value;
        }
    }
}
