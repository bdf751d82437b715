package net.spillway.fec.engine;

import java.util.Objects;

/**
 * Rows of little-endian 16-bit words to which multiples of inputs are added. The engine chooses how
 * the rows lie in memory; bytes are seen only through {@link #read} and {@link #write}. Not safe
 * for use by several threads at once.
 */
public interface Accumulator extends AutoCloseable {
    /** How many rows there are. */
    int rows();

    /** Bytes in each row; even. */
    int length();

    /**
     * {@code row[r] ^= factors[i][r] * inputs[i]} for every row r and each i below {@code count}.
     *
     * @param inputs arrays whose bytes {@code offset .. offset + length()} are read
     * @param factors for each input one constant per row
     */
    void add(byte[][] inputs, int offset, int count, char[][] factors);

    /**
     * Copies bytes of a row out.
     *
     * @param from first byte in the row, even
     * @param len number of bytes, even
     */
    void read(int row, int from, byte[] dst, int dstOffset, int len);

    /** Overwrites bytes of a row; the counterpart of {@link #read}. */
    void write(int row, int from, byte[] src, int srcOffset, int len);

    /** Makes all rows zero again. */
    default void clear() {
        byte[] zeros = new byte[length()];
        for (int row = 0; row < rows(); row++) {
            write(row, 0, zeros, 0, zeros.length);
        }
    }

    /** Gives the memory back; nothing else may be called afterwards. */
    @Override
    void close();

    /** Checks the arguments of {@link #add}: engines may rely on them in unchecked kernels. */
    static void checkAdd(Accumulator a, byte[][] inputs, int offset, int count, char[][] factors) {
        Objects.checkFromIndexSize(0, count, inputs.length);
        Objects.checkFromIndexSize(0, count, factors.length);
        for (int i = 0; i < count; i++) {
            Objects.checkFromIndexSize(offset, a.length(), inputs[i].length);
            Objects.checkFromIndexSize(0, a.rows(), factors[i].length);
        }
    }

    /** Checks the arguments of {@link #read} and {@link #write}. */
    static void checkCopy(Accumulator a, int row, int from, byte[] bytes, int offset, int len) {
        Objects.checkIndex(row, a.rows());
        Objects.checkFromIndexSize(from, len, a.length());
        Objects.checkFromIndexSize(offset, len, bytes.length);
        if ((from | len) % 2 != 0) {
            throw new IllegalArgumentException("rows are copied in whole 16-bit words");
        }
    }
}
