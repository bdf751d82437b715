package net.spillway.fec;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.engine.SliceTransform;
import net.spillway.fec.engine.TransformBands;
import net.spillway.fec.gf.Par2Constants;

/**
 * Recovery slices being computed from slices that come one by one: by transform if that is cheaper,
 * else directly. A transform wants many slices at a time, so they are gathered; which way is taken
 * is decided at once where it is known how many there will be, else when they are first needed.
 * Both ways give the same bytes. Not thread-safe.
 */
final class SliceSums implements AutoCloseable {
    /** Seconds that the direct way takes for an element, see {@link TransformBands}. */
    private static final double SECONDS = 3.5e-9;

    /**
     * Until the transform's loops are compiled. Less would pay a little sooner, for twice the
     * memory: slices have to be gathered for it.
     */
    private static final WarmUp WARM_UP = new WarmUp(4);

    private final SliceEngine engine;
    private final int threads;
    private final int[] exponents;
    private final int length;
    private final boolean warm;
    private final TransformBands bands;
    private BatchedSums direct;
    private SliceTransform transform;
    private ExecutorService executor;
    private boolean decided;

    private LongConsumer listener = bytes -> {};

    /** Null on the direct way. */
    private GatheredSlices gathered;

    /**
     * @param exponents of the rows, in any order
     * @param memory bytes that slices gathered may take; if too few, there is no transform
     * @param expected how many slices will be added, as far as one knows; 0 if one does not
     */
    SliceSums(
            SliceEngine engine, int threads, int[] exponents, int length, long memory,
            int expected) {
        this(engine, threads, exponents, length, memory, expected, false);
    }

    /** The same; {@code warm} if the transform is to be taken for compiled already. */
    SliceSums(
            SliceEngine engine, int threads, int[] exponents, int length, long memory,
            int expected, boolean warm) {
        this.warm = warm;
        this.engine = engine;
        this.threads = threads;
        this.exponents = exponents;
        this.length = length;
        boolean distinct = Arrays.stream(exponents).distinct().count() == exponents.length;
        bands = engine.hasTransform() && distinct ? new TransformBands(exponents) : null;
        int most = bands == null ? 0 : capacity(bands, memory / SliceRows.padded(length));
        int capacity = expected > 0 && most > 0 ? decide(most, expected) : most;
        try {
            if (capacity > 0) {
                startTransform();
                gathered = new GatheredSlices(capacity, length, transform.tile());
            } else {
                startDirect();
            }
        } catch (OutOfMemoryError | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Now that it is known how much there is to do: how many slices to gather, if any. */
    private int decide(int most, int expected) {
        decided = true;
        int times = Math.max(1, expected / most);
        return transformPays(Math.min(most, expected), times) ? most : 0;
    }

    /** How many slices to gather: whole blocks, or none if that would not pay. */
    private static int capacity(TransformBands bands, long fit) {
        int most = (int) Math.min(fit, Par2Constants.MAX_SLICES);
        int block = bands.slicesPerBlock();
        if (most > block && most < Par2Constants.MAX_SLICES) {
            most = most / block * block;
        }
        return bands.transformCost(most) < bands.directCost(most) ? most : 0;
    }

    private void startTransform() {
        executor =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("transform-", 0).factory());
        transform = engine.transform(exponents, length, executor, threads).orElseThrow();
    }

    private void startDirect() {
        decided = true;
        direct = new BatchedSums(engine, threads, exponents.length, length);
    }

    int length() {
        return length;
    }

    /** Has a listener told how many bytes of slices have been added, by any thread. */
    void onAdded(LongConsumer bytes) {
        listener = bytes;
        if (transform != null) {
            transform.onAdded(bytes);
        }
    }

    /** Adds a slice, padded with zeros, to every row. */
    void add(int slice, byte[] data, int offset, int len) {
        Objects.checkFromIndexSize(offset, len, data.length);
        if (len > length) {
            throw new IllegalArgumentException(
                    "a slice has at most " + length + " bytes, not " + len);
        }
        if (direct != null) {
            direct.add(data, offset, len, factors(slice));
            listener.accept(length);
            return;
        }
        gathered.add(slice, data, offset, len);
        if (gathered.isFull()) {
            flush();
        }
    }

    private char[] factors(int slice) {
        char[] factors = new char[exponents.length];
        for (int r = 0; r < factors.length; r++) {
            factors[r] = Par2Constants.factor(slice, exponents[r]);
        }
        return factors;
    }

    /** Adds what was gathered. */
    private void flush() {
        if (gathered == null || gathered.count() == 0) {
            return;
        }
        int[] sorted = gathered.sort();
        if (!decided) {
            decided = true;
            if (!transformPays(sorted.length, 1)) {
                turnDirect(sorted);
                return;
            }
        }
        transform.add(sorted, gathered, sorted.length);
        gathered.clear();
    }

    private boolean transformPays(int count, int times) {
        return warm
                ? bands.transformCost(count) < bands.directCost(count)
                : transformPays(bands, count, (double) length * times);
    }

    /** Whether to compute by transform, the time to get it up to speed considered. */
    static boolean transformPays(TransformBands bands, int slices, double bytesOfEach) {
        double elements = bytesOfEach / SliceTransform.PADDING;
        double saved = bands.directCost(slices) - bands.transformCost(slices);
        return WARM_UP.pays(saved * elements * SECONDS);
    }

    /** Takes the direct way from now on, with what is in the rows and what was gathered. */
    private void turnDirect(int[] slices) {
        SliceTransform before = transform;
        GatheredSlices waiting = gathered;
        transform = null;
        gathered = null;
        try (before; waiting) {
            startDirect();
            byte[] bytes = new byte[length];
            for (int r = 0; r < exponents.length; r++) {
                before.read(r, 0, bytes, 0, length);
                direct.write(r, 0, bytes, 0, length);
            }
            for (int i = 0; i < slices.length; i++) {
                waiting.get(i, bytes);
                direct.add(bytes, 0, length, factors(slices[i]));
                listener.accept(length);
            }
        }
    }

    /** Bytes of a row of all slices added so far; {@code from} and {@code len} are even. */
    void read(int row, int from, byte[] dst, int offset, int len) {
        flush();
        if (direct != null) {
            direct.read(row, from, dst, offset, len);
        } else {
            transform.read(row, from, dst, offset, len);
        }
    }

    /** Overwrites bytes of a row of all slices added so far. */
    void write(int row, int from, byte[] src, int offset, int len) {
        flush();
        if (direct != null) {
            direct.write(row, from, src, offset, len);
        } else {
            transform.write(row, from, src, offset, len);
        }
    }

    /** Forgets what was added; memory and tables stay. */
    void reset() {
        if (transform != null) {
            gathered.clear();
            transform.reset();
        }
        if (direct != null) {
            direct.close();
            startDirect();
        }
    }

    /** Adds (XORs) bytes to a row itself; slices gathered stay so. */
    void xor(int row, byte[] data, int offset, int len) {
        if (direct != null) {
            direct.add(data, offset, len, one(row));
            return;
        }
        byte[] tile = new byte[Math.min(1 << 16, length)];
        for (int done = 0; done < len; ) {
            int n = Math.min(tile.length, length - done);
            transform.read(row, done, tile, 0, n);
            addBytes(tile, data, offset + done, Math.min(n, len - done));
            transform.write(row, done, tile, 0, n);
            done += n;
        }
    }

    /** A method of its own, that the launcher may have it compiled as soon as it is called. */
    private static void addBytes(byte[] sum, byte[] data, int from, int count) {
        for (int k = 0; k < count; k++) {
            sum[k] ^= data[from + k];
        }
    }

    /** A factor of 1 for a row, and of 0 for all others, which are left alone. */
    private char[] one(int row) {
        char[] factors = new char[exponents.length];
        factors[row] = 1;
        return factors;
    }

    @Override
    public void close() {
        if (executor != null) {
            executor.shutdown();
        }
        if (transform != null) {
            transform.close();
            transform = null;
        }
        if (direct != null) {
            direct.close();
        }
        if (gathered != null) {
            gathered.close();
            gathered = null;
        }
    }
}
