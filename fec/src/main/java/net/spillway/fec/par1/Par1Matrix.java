package net.spillway.fec.par1;

import com.backblaze.erasure.Galois;
import com.backblaze.erasure.Matrix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The factors of PAR1: file i, counted from 1, goes into volume v with i^(v-1). JavaReedSolomon's
 * own matrix is another, so only its field, its matrix inversion and its loops are used.
 */
final class Par1Matrix {
    private Par1Matrix() {}

    /** The factor of file {@code file} (from 0 on) in volume {@code volume} (from 1 on). */
    static byte factor(int file, int volume) {
        return Galois.exp((byte) (file + 1), volume - 1);
    }

    /**
     * Volumes chosen to rebuild lost files.
     *
     * @param used the volumes, as many as files are lost, or fewer if there are not enough
     * @param dependent volumes that were passed over since, for these files, they say nothing that
     *     those before them do not say
     */
    record Choice(List<Integer> used, List<Integer> dependent) {
        Choice {
            used = List.copyOf(used);
            dependent = List.copyOf(dependent);
        }
    }

    /**
     * Takes one volume after the other whose row is independent of those taken before. That finds
     * volumes that determine the lost files wherever there are any, which the first ones at hand
     * need not: i and k with (i / k)^d = 1 look the same to volumes d apart.
     *
     * @param missing the lost files, counted from 0
     * @param volumes those at hand, in the order of preference
     */
    static Choice choose(int[] missing, Collection<Integer> volumes) {
        List<Integer> used = new ArrayList<>();
        List<Integer> dependent = new ArrayList<>();
        byte[][] reduced = new byte[missing.length][];
        for (int volume : volumes) {
            if (used.size() == missing.length) {
                break;
            }
            byte[] row = new byte[missing.length];
            for (int c = 0; c < row.length; c++) {
                row[c] = factor(missing[c], volume);
            }
            int pivot = reduce(row, reduced);
            if (pivot >= 0) {
                reduced[pivot] = row;
                used.add(volume);
            } else {
                dependent.add(volume);
            }
        }
        return new Choice(used, dependent);
    }

    /**
     * Subtracts multiples of the rows so far, each kept at the index of its first element, a one;
     * returns the index of the first element that is left, made a one too, or -1.
     */
    private static int reduce(byte[] row, byte[][] reduced) {
        for (int c = 0; c < row.length; c++) {
            if (row[c] == 0) {
                continue;
            }
            byte factor = row[c];
            if (reduced[c] == null) {
                for (int i = c; i < row.length; i++) {
                    row[i] = Galois.divide(row[i], factor);
                }
                return c;
            }
            for (int i = c; i < row.length; i++) {
                row[i] ^= Galois.multiply(factor, reduced[c][i]);
            }
        }
        return -1;
    }

    /**
     * How the lost files follow from the others and from volumes: row m gives lost file m, the
     * first columns are the factors of the files at hand, the others those of the volumes.
     *
     * @param volumes as {@link #choose} chose them, as many as are missing
     */
    static byte[][] repair(int[] missing, int[] present, List<Integer> volumes) {
        int m = missing.length;
        byte[][] powers = new byte[m][m];
        for (int r = 0; r < m; r++) {
            for (int c = 0; c < m; c++) {
                powers[r][c] = factor(missing[c], volumes.get(r));
            }
        }
        Matrix inverse = new Matrix(powers).invert();
        byte[][] rows = new byte[m][present.length + m];
        for (int r = 0; r < m; r++) {
            for (int v = 0; v < m; v++) {
                byte f = inverse.get(r, v);
                rows[r][present.length + v] = f;
                for (int p = 0; p < present.length; p++) {
                    rows[r][p] ^= Galois.multiply(f, factor(present[p], volumes.get(v)));
                }
            }
        }
        return rows;
    }
}
