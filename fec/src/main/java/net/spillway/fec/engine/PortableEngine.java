package net.spillway.fec.engine;

import com.backblaze.erasure.CodingLoop;
import com.backblaze.erasure.InputOutputByteTableCodingLoop;
import java.util.stream.IntStream;
import net.spillway.fec.gf.Gf16;

/**
 * The engine for JVMs without the vector module, and the second opinion on the vector engine: words
 * are split into two byte planes by {@link Tower}, JavaReedSolomon multiplies the planes by a
 * matrix of 2R × 2N bytes, and the planes are joined again when they are read.
 */
public final class PortableEngine implements SliceEngine {
    @Override
    public String name() {
        return "portable";
    }

    @Override
    public Accumulator accumulator(int rows, int length) {
        SliceEngine.checkShape(rows, length);
        return new Planes(rows, length);
    }

    /** Plane 2r holds the first coordinates of row r, plane 2r + 1 the second ones. */
    private static final class Planes implements Accumulator {
        /** Words worked on at a time: all planes of some hundred rows stay in the L2 cache. */
        private static final int TILE = 2048;

        /** Inputs per call of the coding loop, which starts its output afresh every time. */
        private static final int BATCH = 16;

        private final CodingLoop loop = new InputOutputByteTableCodingLoop();
        private final int rows;
        private final int words;
        private final byte[][] planes;
        private final byte[][] in;
        private final byte[][] out;

        Planes(int rows, int length) {
            this.rows = rows;
            words = length / 2;
            planes = new byte[2 * rows][words];
            in = new byte[2 * BATCH][Math.min(TILE, words)];
            out = new byte[2 * rows][Math.min(TILE, words)];
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int length() {
            return 2 * words;
        }

        @Override
        public void add(byte[][] inputs, int offset, int count, char[][] factors) {
            Accumulator.checkAdd(this, inputs, offset, count, factors);
            for (int first = 0; first < count; first += BATCH) {
                int n = Math.min(BATCH, count - first);
                int[] used = used(factors, first, n);
                if (used.length == 0) {
                    continue;
                }
                byte[][] matrix = matrix(factors, first, n, used);
                for (int word = 0; word < words; word += TILE) {
                    int tile = Math.min(TILE, words - word);
                    for (int i = 0; i < n; i++) {
                        split(inputs[first + i], offset + 2 * word, in[2 * i], in[2 * i + 1], tile);
                    }
                    loop.codeSomeShards(matrix, in, 2 * n, out, matrix.length, 0, tile);
                    addTile(word, tile, used);
                }
            }
        }

        /** The rows to which any of these inputs adds something. */
        private int[] used(char[][] factors, int first, int n) {
            return IntStream.range(0, rows)
                    .filter(r -> IntStream.range(first, first + n)
                            .anyMatch(i -> factors[i][r] != 0))
                    .toArray();
        }

        private static byte[][] matrix(char[][] factors, int first, int n, int[] used) {
            byte[][] matrix = new byte[2 * used.length][2 * n];
            for (int i = 0; i < n; i++) {
                for (int r = 0; r < used.length; r++) {
                    int factor = factors[first + i][used[r]];
                    int one = Tower.SPLIT[factor];
                    int two = Tower.SPLIT[Gf16.twice(factor)];
                    matrix[2 * r][2 * i] = (byte) one;
                    matrix[2 * r + 1][2 * i] = (byte) (one >> 8);
                    matrix[2 * r][2 * i + 1] = (byte) two;
                    matrix[2 * r + 1][2 * i + 1] = (byte) (two >> 8);
                }
            }
            return matrix;
        }

        private static void split(byte[] words, int offset, byte[] first, byte[] second, int n) {
            for (int w = 0, p = offset; w < n; w++, p += 2) {
                int coordinates = Tower.SPLIT[words[p] & 255 | (words[p + 1] & 255) << 8];
                first[w] = (byte) coordinates;
                second[w] = (byte) (coordinates >> 8);
            }
        }

        private void addTile(int word, int tile, int[] used) {
            for (int p = 0; p < 2 * used.length; p++) {
                byte[] sum = planes[2 * used[p / 2] + p % 2];
                byte[] part = out[p];
                for (int w = 0; w < tile; w++) {
                    sum[word + w] ^= part[w];
                }
            }
        }

        @Override
        public void read(int row, int from, byte[] dst, int dstOffset, int len) {
            Accumulator.checkCopy(this, row, from, dst, dstOffset, len);
            byte[] first = planes[2 * row];
            byte[] second = planes[2 * row + 1];
            for (int w = from / 2, p = dstOffset; p < dstOffset + len; w++, p += 2) {
                int word = Tower.JOIN[first[w] & 255 | (second[w] & 255) << 8];
                dst[p] = (byte) word;
                dst[p + 1] = (byte) (word >> 8);
            }
        }

        @Override
        public void write(int row, int from, byte[] src, int srcOffset, int len) {
            Accumulator.checkCopy(this, row, from, src, srcOffset, len);
            byte[] first = planes[2 * row];
            byte[] second = planes[2 * row + 1];
            for (int w = from / 2, p = srcOffset; p < srcOffset + len; w++, p += 2) {
                int coordinates = Tower.SPLIT[src[p] & 255 | (src[p + 1] & 255) << 8];
                first[w] = (byte) coordinates;
                second[w] = (byte) (coordinates >> 8);
            }
        }

        @Override
        public void close() {
            // Heap arrays: nothing to give back.
        }
    }
}
