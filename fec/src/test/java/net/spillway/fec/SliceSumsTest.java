package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;
import org.junit.jupiter.api.Test;

/** Whatever way sums are computed, they are the same. */
class SliceSumsTest {
    private final Random random = new Random(4);

    private static List<Integer> slices(int count) {
        return new ArrayList<>(IntStream.range(0, count).boxed().toList());
    }

    /** Rows after slices were added in this order; in between, rows are changed and read. */
    private static byte[] sums(
            SliceEngine engine, List<Integer> order, int[] exponents, int length, long memory) {
        byte[] all = new byte[exponents.length * length];
        try (SliceSums sums =
                new SliceSums(engine, 2, exponents, length, memory, 0, true)) {
            for (int i = 0; i < order.size(); i++) {
                int slice = order.get(i);
                int bytes = length - slice % 3;
                sums.add(slice, TestFiles.random(slice, length), 0, bytes);
                if (i % 100 == 50) {
                    sums.xor(i % exponents.length, TestFiles.random(i, 77), 3, 70);
                }
                if (i == 700) {
                    byte[] row = new byte[length];
                    sums.read(1, 0, row, 0, length);
                    sums.write(0, 2, row, 2, length - 2);
                }
            }
            for (int r = 0; r < exponents.length; r++) {
                sums.read(r, 0, all, r * length, length);
            }
        }
        return all;
    }

    private void check(List<Integer> order, int[] exponents, int length, long memory) {
        assertArrayEquals(
                sums(Engines.portable(), order, exponents, length, memory),
                sums(Engines.best(), order, exponents, length, memory));
    }

    @Test
    void slicesInAnyOrderGiveTheSameSumsHoweverManyAreGathered() {
        int[] exponents = IntStream.range(11, 11 + 60).toArray();
        List<Integer> order = slices(1000);
        for (long memory : new long[] {0, 100 << 10, 300 << 10, 64 << 20}) {
            check(order, exponents, 300, memory);
        }
        Collections.shuffle(order, random);
        check(order, exponents, 300, 300 << 10);
    }

    @Test
    void fewSlicesGiveTheSameSums() {
        int[] exponents = IntStream.range(0, 90).toArray();
        for (int count : new int[] {0, 1, 2, 60, 130}) {
            check(slices(count), exponents, 1000, 1 << 20);
        }
    }

    @Test
    void exponentsWithGapsAndRepeatedOnesGiveTheSameSums() {
        int[] gaps = IntStream.range(0, 90).map(i -> 3 * i + i % 2).toArray();
        check(slices(800), gaps, 100, 1 << 20);
        int[] repeated = IntStream.range(0, 90).map(i -> i % 80).toArray();
        check(slices(800), repeated, 100, 1 << 20);
    }
}
