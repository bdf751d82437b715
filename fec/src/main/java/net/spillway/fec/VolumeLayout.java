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
    record Exponential() implements VolumeLayout {
        @Override
        public List<Volume> volumes(int first, int count) {
            return doubling(first, count, 1, count);
        }
    }

    /**
     * A given number of volumes, each twice the one before and the first a power of two, as
     * par2cmdline makes them; the last takes what is left, and there may be fewer of them.
     */
    record ExponentialIn(int volumes) implements VolumeLayout {
        @Override
        public List<Volume> volumes(int first, int count) {
            check(volumes, count);
            long whole = (1L << Math.min(volumes, 31)) - 1;
            int least = (int) Math.ceilDiv((long) count, whole);
            return doubling(first, count, powerOfTwo(least), count);
        }
    }

    /** A given number of volumes of equal size, as nearly as can be. */
    record Uniform(int volumes) implements VolumeLayout {
        @Override
        public List<Volume> volumes(int first, int count) {
            return uniform(first, count, volumes);
        }
    }

    /**
     * Never more than {@code slices} in a volume: as many volumes of that size as there can be with
     * at least one such number left, and volumes of 1, 2, 4... slices of those before them.
     */
    record Limited(int slices) implements VolumeLayout {
        @Override
        public List<Volume> volumes(int first, int count) {
            check(slices, Integer.MAX_VALUE);
            return limited(first, count, slices);
        }
    }

    /** How many volumes par2cmdline makes of so many slices if nobody says it: about log2. */
    static int usualNumber(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count);
    }

    /**
     * The volumes for {@code count} recovery slices from exponent {@code first} on.
     *
     * @throws IllegalArgumentException if the layout asks for less than one volume or slice, or for
     *     more volumes than slices
     */
    List<Volume> volumes(int first, int count);

    /**
     * The largest number that par2cmdline makes room for in the names of such volumes: the exponent
     * behind the last one, but where volumes are limited that behind the last doubling.
     */
    default int largestNumber(List<Volume> volumes) {
        if (volumes.isEmpty()) {
            return 0;
        }
        Volume last = volumes.getLast();
        int count = last.first() + last.count() - volumes.getFirst().first();
        boolean ends = this instanceof Limited l && count / l.slices() > 1;
        return ends ? last.first() : last.first() + last.count();
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

    private static List<Volume> limited(int first, int count, int limit) {
        int full = Math.max(0, count / limit - 1);
        int rest = count - full * limit;
        List<Volume> volumes = doubling(first, rest, 1, rest);
        for (int i = 0; i < full; i++) {
            volumes.add(new Volume(first + rest + i * limit, limit));
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
