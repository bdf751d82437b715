package net.spillway.fec.engine;

import com.backblaze.erasure.Galois;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import net.spillway.fec.gf.Gf16;

/**
 * Tables of products for a byte shuffle. A word is four nibbles, a map that keeps sums is the sum
 * of its values at them, and each value has two bytes: so such a map is eight tables of 16 bytes,
 * {@value #WIDE} together, low bytes first. Words come in and go out either as they are or as
 * coordinates over GF(2^8) (see {@link Tower}); a factor out of GF(2^8) needs two tables only, as
 * it acts on both coordinates alike. For vectors of 64 bytes, which hold a table of six bits, a
 * word is six bits, four, and six ({@link #map}), and three bytes are four times six ({@link
 * #three}).
 *
 * <p>They are made in an array and then copied off-heap together: hundreds of thousands of numbers
 * are written before anything is compiled, and until then writing off-heap takes a microsecond.
 */
final class NibbleTables {
    /** Bytes of the tables of a map of words. */
    static final int WIDE = 128;

    /** Bytes of the tables of a factor out of GF(2^8). */
    static final int NARROW = 32;

    /** Bytes of the tables of a map of words, of six bits. */
    static final int SIXES = 384;

    /** Bytes of the tables of three factors out of GF(2^8), of six bits. */
    static final int THREE = 256;

    /** A vector is loaded where only 16 bytes are needed. */
    private static final int SLACK = 64;

    private static final long EVERY_BYTE = 0x0101010101010101L;

    private static final ValueLayout.OfLong LITTLE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long[] numbers;

    /** Room for so many bytes of tables. */
    NibbleTables(int bytes) {
        numbers = new long[bytes / Long.BYTES];
    }

    /** A copy off-heap; some bytes behind it may be read too. */
    MemorySegment offHeap(Arena arena) {
        MemorySegment copy = arena.allocate((long) numbers.length * Long.BYTES + SLACK, 64);
        copyTo(copy, 0, numbers.length * Long.BYTES);
        return copy;
    }

    /** Copies the first {@code bytes} of them. */
    void copyTo(MemorySegment to, long at, int bytes) {
        copyTo(0, to, at, bytes);
    }

    /** Copies {@code bytes} of them from {@code from} on. */
    void copyTo(int from, MemorySegment to, long at, int bytes) {
        MemorySegment.copy(numbers, from / Long.BYTES, to, LITTLE_LONG, at, bytes / Long.BYTES);
    }

    /** Words times {@code factor}. */
    void words(int at, int factor) {
        int one = factor;
        for (int nibble = 0; nibble < 4; nibble++) {
            int two = Gf16.twice(one);
            int four = Gf16.twice(two);
            int eight = Gf16.twice(four);
            put(at + 16 * nibble, one, two, four, eight);
            one = Gf16.twice(eight);
        }
    }

    /**
     * A map of words for vectors that hold a table of six bits each: of a word's six lowest, the
     * four in the middle, and the six highest; {@value #SIXES} bytes, low bytes first.
     *
     * @param images of the 16 bits
     */
    void map(int at, char[] images) {
        int next = 0;
        for (int group = 0; group < 3; group++) {
            for (int half = 0; half < 2; half++) {
                int to = at + 64 * group + half * SIXES / 2;
                int down = 8 * half;
                sums(to, images[next] >> down & 255, images[next + 1] >> down & 255,
                        images[next + 2] >> down & 255, images[next + 3] >> down & 255);
                if (group != 1) {
                    doubleSums(
                            to, images[next + 4] >> down & 255, images[next + 5] >> down & 255);
                }
            }
            next += group == 1 ? 4 : 6;
        }
    }

    /**
     * Sums of three bytes times factors in JavaReedSolomon's GF(2^8), for vectors that hold a table
     * of six bits each, of which three bytes have four times as many; {@value #THREE} bytes.
     */
    void three(int at, int first, int second, int third) {
        int a2 = twice(first);
        int a4 = twice(a2);
        int a8 = twice(a4);
        int a16 = twice(a8);
        int a32 = twice(a16);
        int a64 = twice(a32);
        int b2 = twice(second);
        int b4 = twice(b2);
        int b8 = twice(b4);
        int b16 = twice(b8);
        int b32 = twice(b16);
        int b64 = twice(b32);
        int c2 = twice(third);
        int c4 = twice(c2);
        int c8 = twice(c4);
        int c16 = twice(c8);
        int c32 = twice(c16);
        int c64 = twice(c32);
        sums(at, first, a2, a4, a8);
        doubleSums(at, a16, a32);
        sums(at + 64, a64, twice(a64), second, b2);
        doubleSums(at + 64, b4, b8);
        sums(at + 128, b16, b32, b64, twice(b64));
        doubleSums(at + 128, third, c2);
        sums(at + 192, c4, c8, c16, c32);
        doubleSums(at + 192, c64, twice(c64));
    }

    /** In JavaReedSolomon's GF(2^8). */
    private static int twice(int a) {
        return a << 1 ^ (a >> 7) * Planes.POLYNOMIAL;
    }

    /** Writes, behind 16 sums, those that have one of two more bytes in them, or both. */
    private void doubleSums(int at, int one, int two) {
        int to = at / Long.BYTES;
        for (int i = 0; i < 2; i++) {
            numbers[to + 2 + i] = numbers[to + i] ^ one * EVERY_BYTE;
        }
        for (int i = 0; i < 4; i++) {
            numbers[to + 4 + i] = numbers[to + i] ^ two * EVERY_BYTE;
        }
    }

    /** From words to the coordinates of their products with {@code factor}. */
    void wordsToTower(int at, int factor) {
        int image = factor;
        for (int nibble = 0; nibble < 4; nibble++) {
            int one = image;
            int two = Gf16.twice(one);
            int four = Gf16.twice(two);
            int eight = Gf16.twice(four);
            put(
                    at + 16 * nibble,
                    Tower.SPLIT[one],
                    Tower.SPLIT[two],
                    Tower.SPLIT[four],
                    Tower.SPLIT[eight]);
            image = Gf16.twice(eight);
        }
    }

    /** From coordinates of words to products of the words with {@code factor}. */
    void towerToWords(int at, int factor) {
        for (int bit = 0; bit < 16; bit += 4) {
            put(
                    at + 4 * bit,
                    Gf16.multiply(factor, Tower.JOIN[1 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[2 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[4 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[8 << bit]));
        }
    }

    /** From coordinates of words to those of their products with {@code factor}. */
    void tower(int at, int factor) {
        for (int bit = 0; bit < 16; bit += 4) {
            put(
                    at + 4 * bit,
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[1 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[2 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[4 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[8 << bit])]);
        }
    }

    /** Bytes times {@code factor} in JavaReedSolomon's GF(2^8). */
    void bytes(int at, int factor) {
        for (int bit = 0; bit < 8; bit += 4) {
            sums(
                    at + 4 * bit,
                    product(factor, 1 << bit),
                    product(factor, 2 << bit),
                    product(factor, 4 << bit),
                    product(factor, 8 << bit));
        }
    }

    private static int product(int a, int b) {
        return Galois.multiply((byte) a, (byte) b) & 255;
    }

    /** Writes the sums of four images: low bytes at {@code at}, high bytes 64 bytes behind. */
    private void put(int at, int one, int two, int four, int eight) {
        sums(at, one & 255, two & 255, four & 255, eight & 255);
        sums(at + 64, one >> 8, two >> 8, four >> 8, eight >> 8);
    }

    /** Writes the 16 sums of some of four bytes, which bits of the sum's number stand for. */
    private void sums(int at, int one, int two, int four, int eight) {
        long ofTwo = (long) (one ^ two) << 24 | two << 16 | one << 8;
        long ofThree = (ofTwo ^ four * (EVERY_BYTE >>> 32)) << 32 | ofTwo;
        numbers[at / Long.BYTES] = ofThree;
        numbers[at / Long.BYTES + 1] = ofThree ^ eight * EVERY_BYTE;
    }
}
