package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import net.spillway.fec.transform.Chirp;
import net.spillway.fec.transform.ScalarTransform;

/**
 * The transform of {@link ScalarTransform} over whole slices, a tile of columns at a time: so few
 * that all places of a transform stay in the L2 cache. Threads share out the columns.
 */
final class VectorTransform implements SliceTransform {
    /** Bytes of places and sums that a thread works on. */
    private static final int WORKSPACE = 2 << 20;

    /** Elements of a slice taken at once: longer runs of memory are read no faster. */
    private static final int MOST_GROUPS = 8;

    /** Parts per thread, so that threads end at about the same time. */
    private static final int PARTS = 4;

    private static final int ELEMENT = TransformKernels.ELEMENT;
    private static final int SLACK = 64;

    private final Arena arena = Arena.ofShared();
    private final ExecutorService executor;
    private final int threads;
    private final int rows;
    private final int length;
    private final int elements;
    private final long stride;
    private final MemorySegment sums;

    /** Elements of a slice taken at a time. */
    private final int groups;

    private final List<Part> parts = new ArrayList<>();
    private final Map<Part, Prepared> prepared = new IdentityHashMap<>();
    private LongConsumer listener = bytes -> {};

    /** What a band needs: tables, and for threads at rest their memory. */
    private record Part(
            TransformBands.Band band, VectorFft fft, MemorySegment after,
            Map<Integer, MemorySegment> spectra, ConcurrentLinkedQueue<Workspace> atRest) {
        long placesStride() {
            // Transforms a multiple of a page apart would fight for the same cache sets.
            return (long) fft.size() * ELEMENT + ELEMENT;
        }
    }

    /** Where slices lie. */
    private sealed interface Input {
        /** How many slices there are. */
        int count();

        /** The memory that slice {@code i} is in. */
        MemorySegment of(int i);

        /** Where its element is. */
        long at(int i, int element);
    }

    /** Each slice in memory of its own. */
    private record Apart(MemorySegment[] data, int count) implements Input {
        @Override
        public MemorySegment of(int i) {
            return data[i];
        }

        @Override
        public long at(int i, int element) {
            return (long) element * ELEMENT;
        }
    }

    /** Tiles of all slices one after the other, so that memory is read from beginning to end. */
    private record InTiles(MemorySegment data, int count, int tile) implements Input {
        @Override
        public MemorySegment of(int i) {
            return data;
        }

        @Override
        public long at(int i, int element) {
            long byteAt = (long) element * ELEMENT;
            return byteAt / tile * tile * count + (long) i * tile + byteAt % tile;
        }
    }

    /** What depends on which slices are added, for a part: factors to begin with, and places. */
    private record Prepared(
            int[] slices, Arena arena, MemorySegment before, List<Block> blocks) {}

    private record Workspace(MemorySegment places, MemorySegment sums) {}

    /** Slices of one class in one block: which of them, at which places. */
    private record Load(int[] which, int[] places) {}

    /** A block of places, with the slices of both classes. */
    private record Block(MemorySegment spectrum, Load[] classes) {}

    VectorTransform(TransformBands bands, int rows, int length, ExecutorService executor,
            int threads) {
        SliceEngine.checkShape(rows, length);
        this.executor = executor;
        this.threads = threads;
        this.rows = rows;
        this.length = length;
        elements = Math.ceilDiv(length, ELEMENT);
        long padded = (long) elements * ELEMENT;
        stride = padded % 4096 == 0 ? padded + ELEMENT : padded;
        int points = 1 << bands.bands().stream().mapToInt(TransformBands.Band::m).max().orElse(0);
        groups = Math.clamp(WORKSPACE / (2 * ELEMENT * points), 1, MOST_GROUPS);
        try {
            sums = arena.allocate(stride * rows, 64);
            Map<Integer, VectorFft> ffts = new HashMap<>();
            for (TransformBands.Band band : bands.bands()) {
                parts.add(part(band, ffts.computeIfAbsent(band.m(), m -> new VectorFft(m, arena))));
            }
        } catch (OutOfMemoryError | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private Part part(TransformBands.Band band, VectorFft fft) {
        int count = band.rows().length;
        MemorySegment after = wideTables(arena, Chirp.CLASSES * count);
        for (int cls = 0; cls < Chirp.CLASSES; cls++) {
            for (int i = 0; i < count; i++) {
                int factor = Chirp.after(cls, band.offsets()[i]);
                NibbleTables.towerToWords(after, wide(cls * count + i), factor);
            }
        }
        return new Part(band, fft, after, new HashMap<>(), new ConcurrentLinkedQueue<>());
    }

    private static MemorySegment wideTables(Arena arena, int count) {
        return arena.allocate(wide(count) + SLACK, 64);
    }

    private static long wide(int index) {
        return (long) index * NibbleTables.WIDE;
    }

    @Override
    public void add(int[] slices, MemorySegment[] data, int count) {
        for (int i = 0; i < count; i++) {
            if (!data[i].isNative() || data[i].byteSize() < (long) elements * ELEMENT) {
                throw new IllegalArgumentException("slice " + slices[i] + " is not padded");
            }
        }
        add(slices, count, new Apart(data, count));
    }

    @Override
    public void add(int[] slices, MemorySegment data, int count) {
        long tiles = Math.ceilDiv(elements, groups);
        if (!data.isNative() || data.byteSize() < tiles * tile() * count) {
            throw new IllegalArgumentException("there are not all tiles of the slices");
        }
        add(slices, count, new InTiles(data, count, tile()));
    }

    @Override
    public void onAdded(LongConsumer bytes) {
        listener = bytes;
    }

    @Override
    public int tile() {
        return groups * ELEMENT;
    }

    private void add(int[] slices, int count, Input data) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("closed already");
        }
        for (Part part : parts) {
            KernelWarmUp.transform(part.band.m());
            Prepared slicesOfPart = prepared(part, slices, count);
            addPart(part, slicesOfPart.blocks, slicesOfPart.before, data);
        }
    }

    /** The same slices often come again, with other columns. */
    private Prepared prepared(Part part, int[] slices, int count) {
        Prepared last = prepared.get(part);
        if (last != null && Arrays.equals(last.slices, 0, last.slices.length, slices, 0, count)) {
            return last;
        }
        if (last != null) {
            prepared.remove(part);
            last.arena.close();
        }
        Arena own = Arena.ofShared();
        try {
            MemorySegment before = wideTables(own, count);
            for (int i = 0; i < count; i++) {
                int factor = Chirp.before(slices[i], part.band.first());
                NibbleTables.wordsToTower(before, wide(i), factor);
            }
            Prepared now =
                    new Prepared(
                            Arrays.copyOf(slices, count), own, before,
                            blocks(part, slices, count));
            prepared.put(part, now);
            return now;
        } catch (OutOfMemoryError | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /** Divides slices into blocks, the first of which begins at the first slice. */
    private List<Block> blocks(Part part, int[] slices, int count) {
        List<Block> blocks = new ArrayList<>();
        for (int from = 0; from < count; ) {
            int start = Chirp.place(slices[from]);
            int to = from;
            while (to < count && Chirp.place(slices[to]) - start < part.band.blockLength()) {
                to++;
            }
            Load[] classes = new Load[Chirp.CLASSES];
            for (int cls = 0; cls < classes.length; cls++) {
                classes[cls] = load(slices, from, to, start, cls);
            }
            blocks.add(new Block(spectrum(part, start), classes));
            from = to;
        }
        return blocks;
    }

    private static Load load(int[] slices, int from, int to, int start, int cls) {
        int[] which = new int[to - from];
        int[] places = new int[to - from];
        int n = 0;
        for (int i = from; i < to; i++) {
            if (Chirp.classOf(slices[i]) == cls) {
                which[n] = i;
                places[n++] = Chirp.place(slices[i]) - start;
            }
        }
        return new Load(Arrays.copyOf(which, n), Arrays.copyOf(places, n));
    }

    private MemorySegment spectrum(Part part, int start) {
        return part.spectra.computeIfAbsent(
                start,
                s -> {
                    int[] factors = ScalarTransform.spectrum(part.band.m(), s);
                    MemorySegment tables = wideTables(arena, factors.length);
                    for (int j = 0; j < factors.length; j++) {
                        NibbleTables.tower(tables, wide(j), factors[j]);
                    }
                    return tables;
                });
    }

    /** All columns, on all threads. */
    private void addPart(
            Part part, List<Block> blocks, MemorySegment before, Input data) {
        int tiles = Math.ceilDiv(elements, groups);
        int n = threads == 1 ? 1 : Math.min(tiles, threads * PARTS);
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int from = (int) ((long) tiles * i / n) * groups;
            int to = Math.min((int) ((long) tiles * (i + 1) / n) * groups, elements);
            tasks.add(() -> addColumns(part, blocks, before, data, from, to));
        }
        if (tasks.size() == 1) {
            tasks.getFirst().run();
        } else {
            Tasks.runAll(executor, tasks);
        }
    }

    private void addColumns(
            Part part, List<Block> blocks, MemorySegment before, Input data, int from,
            int to) {
        Workspace space = part.atRest.poll();
        if (space == null) {
            long bytes = part.placesStride() * groups;
            space = new Workspace(arena.allocate(bytes, 64), arena.allocate(bytes, 64));
        }
        for (int at = from; at < to; at += groups) {
            int count = Math.min(groups, to - at);
            for (int cls = 0; cls < Chirp.CLASSES; cls++) {
                addTile(part, space, blocks, cls, before, data, at, count);
            }
            tell(part, data.count(), at, at + count);
        }
        part.atRest.add(space);
    }

    /** A byte has been added when all parts have taken it: each part tells its share of them. */
    private void tell(Part part, int slices, int from, int to) {
        long end = Math.min((long) to * ELEMENT, length);
        long bytes = slices * (end - (long) from * ELEMENT);
        int index = parts.indexOf(part);
        listener.accept(
                bytes * (index + 1) / parts.size() - bytes * index / parts.size());
    }

    /** The transform of one class for {@code groups} elements of each slice. */
    private void addTile(
            Part part, Workspace space, List<Block> blocks, int cls, MemorySegment before,
            Input data, int at, int groups) {
        int n = part.fft.size();
        space.sums.fill((byte) 0);
        for (Block block : blocks) {
            Load load = block.classes[cls];
            int used = loadPlaces(part, space.places, load, before, data, at, groups);
            for (int g = 0; g < groups && used > 0; g++) {
                long w = g * part.placesStride();
                part.fft.evaluate(space.places, w, used);
                TransformKernels.addProducts(
                        space.places, w, block.spectrum, 0, space.sums, w, n);
            }
        }
        for (int g = 0; g < groups; g++) {
            part.fft.evaluateTransposed(space.sums, g * part.placesStride(), part.band.span());
        }
        int count = part.band.rows().length;
        for (int i = 0; i < count; i++) {
            TransformKernels.store(
                    space.sums, (long) part.band.offsets()[i] * ELEMENT, part.placesStride(),
                    part.after, wide(cls * count + i), sums,
                    part.band.rows()[i] * stride + (long) at * ELEMENT, groups);
        }
    }

    /** Puts slices into their places and zeros into the others; how many places are used. */
    private static int loadPlaces(
            Part part, MemorySegment places, Load load, MemorySegment before,
            Input data, int at, int groups) {
        int next = 0;
        for (int i = 0; i < load.which.length; i++) {
            int place = load.places[i];
            zero(part, places, next, place, groups);
            TransformKernels.load(
                    data.of(load.which[i]), data.at(load.which[i], at), before, wide(load.which[i]), places,
                    (long) place * ELEMENT, part.placesStride(), groups);
            next = place + 1;
        }
        if (next > 0) {
            zero(part, places, next, part.fft.size(), groups);
        }
        return next;
    }

    private static void zero(Part part, MemorySegment places, int from, int to, int groups) {
        if (from < to) {
            for (int g = 0; g < groups; g++) {
                long start = g * part.placesStride() + (long) from * ELEMENT;
                places.asSlice(start, (long) (to - from) * ELEMENT).fill((byte) 0);
            }
        }
    }

    @Override
    public void read(int row, int from, byte[] dst, int dstOffset, int len) {
        MemorySegment.copy(sums, ValueLayout.JAVA_BYTE, at(row, from, len), dst, dstOffset, len);
    }

    @Override
    public void read(int row, int from, MemorySegment dst, long at, int len) {
        MemorySegment.copy(sums, at(row, from, len), dst, at, len);
    }

    @Override
    public void reset() {
        sums.fill((byte) 0);
    }

    @Override
    public void write(int row, int from, byte[] src, int srcOffset, int len) {
        MemorySegment.copy(src, srcOffset, sums, ValueLayout.JAVA_BYTE, at(row, from, len), len);
    }

    private long at(int row, int from, int len) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(from, len, length);
        return row * stride + from;
    }

    @Override
    public void close() {
        prepared.values().forEach(slices -> slices.arena.close());
        prepared.clear();
        arena.close();
    }
}
