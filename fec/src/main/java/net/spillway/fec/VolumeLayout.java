package net.spillway.fec;

import java.util.ArrayList;
import java.util.List;

/** How recovery slices are spread over volumes. */
public sealed interface VolumeLayout {
    /**
     * A volume.
     *
     * @param first exponent of its first recovery slice
     * @param count how many it has
     */
    record Volume(int first, int count) {}

    /** Volumes of 1, 2, 4, 8... slices: any number can be fetched with little waste. */
    record Exponential() implements VolumeLayout {}

    /**
     * A given number of volumes, each twice the one before and the first a power of two, as
     * par2cmdline makes them; the last takes what is left, and there may be fewer of them.
     */
    record ExponentialIn(int volumes) implements VolumeLayout {}

    /** A given number of volumes of equal size, as nearly as can be. */
    record Uniform(int volumes) implements VolumeLayout {}

    /** Volumes of 1, 2, 4... slices, but never more than {@code slices} in one. */
    record Limited(int slices) implements VolumeLayout {}

    /**
     * The volumes for {@code count} recovery slices from exponent {@code first} on.
     *
     * @throws IllegalArgumentException if the layout asks for less than one volume or slice, or for
     *     more volumes than slices
     */
    default List<Volume> volumes(int first, int count) {
        return switch (this) {
            case Exponential e -> doubling(first, count, 1, count);
            case ExponentialIn e -> {
                check(e.volumes(), count);
                long whole = (1L << Math.min(e.volumes(), 31)) - 1;
                int least = (int) Math.ceilDiv((long) count, whole);
                yield doubling(first, count, powerOfTwo(least), count);
            }
            case Uniform u -> uniform(first, count, u.volumes());
            case Limited l -> {
                check(l.slices(), Integer.MAX_VALUE);
                yield doubling(first, count, 1, l.slices());
            }
        };
    }

    private static void check(int number, int most) {
        if (number < 1 || number > most && most > 0) {
            throw new IllegalArgumentException(
                    "a volume layout must have at least one slice in each volume");
        }
    }

    /** The least power of two that is not less than {@code n}, for n from 0 to 65535. */
    private static int powerOfTwo(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    private static List<Volume> doubling(int first, int count, int start, int limit) {
        List<Volume> volumes = new ArrayList<>();
        long size = Math.min(start, limit);
        for (int done = 0; done < count; size = Math.min(2 * size, limit)) {
            int n = (int) Math.min(size, count - done);
            volumes.add(new Volume(first + done, n));
            done += n;
        }
        return volumes;
    }

    private static List<Volume> uniform(int first, int count, int n) {
        check(n, count);
        List<Volume> volumes = new ArrayList<>();
        int done = 0;
        for (int i = 0; i < n && done < count; i++) {
            int size = count / n + (i < count % n ? 1 : 0);
            volumes.add(new Volume(first + done, size));
            done += size;
        }
        return volumes;
    }
}
