package net.spillway.fec.engine;

import com.backblaze.erasure.Galois;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import net.spillway.fec.gf.Gf16;

/**
 * Tables of products for a byte shuffle. A word is four nibbles, a map that keeps sums is the sum
 * of its values at them, and each value has two bytes: so such a map is eight tables of 16 bytes,
 * {@value #WIDE} together, low bytes first. Words come in and go out either as they are or as
 * coordinates over GF(2^8) (see {@link Tower}); a factor out of GF(2^8) needs two tables only, as
 * it acts on both coordinates alike.
 */
final class NibbleTables {
    /** Bytes of the tables of a map of words. */
    static final int WIDE = 128;

    /** Bytes of the tables of a factor out of GF(2^8). */
    static final int NARROW = 32;

    private static final ValueLayout.OfLong LITTLE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private NibbleTables() {}

    /** Words times {@code factor}. */
    static void words(MemorySegment tables, long at, int factor) {
        int one = factor;
        for (int nibble = 0; nibble < 4; nibble++) {
            int two = Gf16.twice(one);
            int four = Gf16.twice(two);
            int eight = Gf16.twice(four);
            put(tables, at + 16L * nibble, one, two, four, eight);
            one = Gf16.twice(eight);
        }
    }

    /** From words to the coordinates of their products with {@code factor}. */
    static void wordsToTower(MemorySegment tables, long at, int factor) {
        int image = factor;
        for (int nibble = 0; nibble < 4; nibble++) {
            int one = image;
            int two = Gf16.twice(one);
            int four = Gf16.twice(two);
            int eight = Gf16.twice(four);
            put(
                    tables,
                    at + 16L * nibble,
                    Tower.SPLIT[one],
                    Tower.SPLIT[two],
                    Tower.SPLIT[four],
                    Tower.SPLIT[eight]);
            image = Gf16.twice(eight);
        }
    }

    /** From coordinates of words to products of the words with {@code factor}. */
    static void towerToWords(MemorySegment tables, long at, int factor) {
        for (int bit = 0; bit < 16; bit += 4) {
            put(
                    tables,
                    at + 4L * bit,
                    Gf16.multiply(factor, Tower.JOIN[1 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[2 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[4 << bit]),
                    Gf16.multiply(factor, Tower.JOIN[8 << bit]));
        }
    }

    /** From coordinates of words to those of their products with {@code factor}. */
    static void tower(MemorySegment tables, long at, int factor) {
        for (int bit = 0; bit < 16; bit += 4) {
            put(
                    tables,
                    at + 4L * bit,
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[1 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[2 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[4 << bit])],
                    Tower.SPLIT[Gf16.multiply(factor, Tower.JOIN[8 << bit])]);
        }
    }

    /** Bytes times {@code factor} in JavaReedSolomon's GF(2^8). */
    static void bytes(MemorySegment tables, long at, int factor) {
        for (int value = 0; value < 16; value++) {
            byte low = Galois.multiply((byte) factor, (byte) value);
            byte high = Galois.multiply((byte) factor, (byte) (value << 4));
            tables.set(ValueLayout.JAVA_BYTE, at + value, low);
            tables.set(ValueLayout.JAVA_BYTE, at + 16 + value, high);
        }
    }

    /** Writes the sums of four images: low bytes at {@code at}, high bytes 64 bytes behind. */
    private static void put(
            MemorySegment tables, long at, int one, int two, int four, int eight) {
        long low = 0;
        long high = 0;
        for (int k = 7; k >= 0; k--) {
            int sum =
                    ((k & 1) != 0 ? one : 0)
                            ^ ((k & 2) != 0 ? two : 0)
                            ^ ((k & 4) != 0 ? four : 0);
            low = low << 8 | sum & 255;
            high = high << 8 | sum >> 8;
        }
        long everyByte = 0x0101010101010101L;
        tables.set(LITTLE_LONG, at, low);
        tables.set(LITTLE_LONG, at + 8, low ^ everyByte * (eight & 255));
        tables.set(LITTLE_LONG, at + 64, high);
        tables.set(LITTLE_LONG, at + 72, high ^ everyByte * (eight >> 8));
    }
}
