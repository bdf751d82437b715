package net.spillway.fec.engine;

import net.spillway.fec.gf.Gf16;

/** The specification of every engine: one word at a time, by the book. Slow. */
public final class ScalarEngine implements SliceEngine {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Accumulator accumulator(int rows, int length) {
        SliceEngine.checkShape(rows, length);
        return new Sums(new byte[rows][length], length);
    }

    private record Sums(byte[][] sums, int length) implements Accumulator {
        @Override
        public int rows() {
            return sums.length;
        }

        @Override
        public void add(byte[][] inputs, int offset, int count, char[][] factors) {
            Accumulator.checkAdd(this, inputs, offset, count, factors);
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < sums.length; r++) {
                    addMultiple(sums[r], inputs[i], offset, factors[i][r]);
                }
            }
        }

        private void addMultiple(byte[] sum, byte[] input, int offset, int factor) {
            for (int p = 0; p < length; p += 2) {
                int word = input[offset + p] & 255 | (input[offset + p + 1] & 255) << 8;
                int product = Gf16.multiply(word, factor);
                sum[p] ^= (byte) product;
                sum[p + 1] ^= (byte) (product >> 8);
            }
        }

        @Override
        public void read(int row, int from, byte[] dst, int dstOffset, int len) {
            Accumulator.checkCopy(this, row, from, dst, dstOffset, len);
            System.arraycopy(sums[row], from, dst, dstOffset, len);
        }

        @Override
        public void write(int row, int from, byte[] src, int srcOffset, int len) {
            Accumulator.checkCopy(this, row, from, src, srcOffset, len);
            System.arraycopy(src, srcOffset, sums[row], from, len);
        }

        @Override
        public void close() {
            // Heap arrays: nothing to give back.
        }
    }
}
