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

    private final Arena arena = Arena.ofShared();
    private final ExecutorService executor;
    private final int threads;
    private final int rows;
    private final int length;
    private final int elements;

    /** How the sums lie: all those of a tile are gone through at once. */
    private final Tiles layout;

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
        int points = 1 << bands.bands().stream().mapToInt(TransformBands.Band::m).max().orElse(0);
        int most = Math.min(MOST_GROUPS, elements);
        groups = Math.clamp(WORKSPACE / (2 * ELEMENT * points), 1, most);
        layout = new Tiles(rows, elements * ELEMENT, groups * ELEMENT);
        try {
            sums = arena.allocate(layout.size(), 64);
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
        NibbleTables after = new NibbleTables(wide(Chirp.CLASSES * count));
        for (int cls = 0; cls < Chirp.CLASSES; cls++) {
            for (int i = 0; i < count; i++) {
                int factor = Chirp.after(cls, band.offsets()[i]);
                after.towerToWords(wide(cls * count + i), factor);
            }
        }
        return new Part(
                band, fft, after.offHeap(arena), new HashMap<>(), new ConcurrentLinkedQueue<>());
    }

    private static int wide(int index) {
        return index * NibbleTables.WIDE;
    }

    @Override
    public void add(int[] slices, TiledSlices data, int count) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("closed already");
        }
        int last = (elements - 1) / groups * groups;
        for (int i = 0; i < count; i++) {
            long behind = data.at(i, (long) last * ELEMENT) + (long) (elements - last) * ELEMENT;
            if (!data.memory(i).isNative() || data.memory(i).byteSize() < behind) {
                throw new IllegalArgumentException("slice " + slices[i] + " is not padded");
            }
        }
        for (Part part : parts) {
            KernelWarmUp.transform(part.band.m());
            Prepared slicesOfPart = prepared(part, slices, count);
            addPart(part, slicesOfPart, data);
        }
    }

    @Override
    public void prepareAside() {
        if (threads > 1 && Engines.compilesEarly()) {
            int most = parts.stream().mapToInt(part -> part.band.m()).max().orElseThrow();
            KernelWarmUp.transformAside(most);
        }
    }

    @Override
    public void onAdded(LongConsumer bytes) {
        listener = bytes;
    }

    @Override
    public int tile() {
        return groups * ELEMENT;
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
            NibbleTables before = new NibbleTables(wide(count));
            for (int i = 0; i < count; i++) {
                int factor = Chirp.before(slices[i], part.band.first());
                before.wordsToTower(wide(i), factor);
            }
            Prepared now =
                    new Prepared(
                            Arrays.copyOf(slices, count), own, before.offHeap(own),
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
                    NibbleTables tables = new NibbleTables(wide(factors.length));
                    for (int j = 0; j < factors.length; j++) {
                        tables.tower(wide(j), factors[j]);
                    }
                    return tables.offHeap(arena);
                });
    }

    /** All columns, on all threads. */
    private void addPart(Part part, Prepared slices, TiledSlices data) {
        int tiles = Math.ceilDiv(elements, groups);
        int n = threads == 1 ? 1 : Math.min(tiles, threads * PARTS);
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int from = (int) ((long) tiles * i / n) * groups;
            int to = Math.min((int) ((long) tiles * (i + 1) / n) * groups, elements);
            tasks.add(() -> addColumns(part, slices, data, from, to));
        }
        if (tasks.size() == 1) {
            tasks.getFirst().run();
        } else {
            Tasks.runAll(executor, tasks);
        }
    }

    private void addColumns(
            Part part, Prepared slices, TiledSlices data, int from, int to) {
        Workspace space = part.atRest.poll();
        if (space == null) {
            long bytes = part.placesStride() * groups;
            space = new Workspace(arena.allocate(bytes, 64), arena.allocate(bytes, 64));
        }
        for (int at = from; at < to; at += groups) {
            int count = Math.min(groups, to - at);
            for (int cls = 0; cls < Chirp.CLASSES; cls++) {
                addTile(part, space, slices, cls, data, at, count);
            }
            tell(part, slices.slices.length, at, at + count);
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
            Part part, Workspace space, Prepared slices, int cls, TiledSlices data, int at,
            int groups) {
        int n = part.fft.size();
        space.sums.fill((byte) 0);
        for (Block block : slices.blocks) {
            Load load = block.classes[cls];
            int used = loadPlaces(part, space.places, load, slices.before, data, at, groups);
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
                    layout.at(part.band.rows()[i], (long) at * ELEMENT), groups);
        }
    }

    /** Puts slices into their places and zeros into the others; how many places are used. */
    private static int loadPlaces(
            Part part, MemorySegment places, Load load, MemorySegment before,
            TiledSlices data, int at, int groups) {
        long column = (long) at * ELEMENT;
        int next = 0;
        for (int i = 0; i < load.which.length; i++) {
            int slice = load.which[i];
            int place = load.places[i];
            zero(part, places, next, place, groups);
            TransformKernels.load(
                    data.memory(slice), data.at(slice, column), before, wide(slice), places,
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
        read(row, from, MemorySegment.ofArray(dst), dstOffset, len);
    }

    @Override
    public void read(int row, int from, MemorySegment dst, long at, int len) {
        check(row, from, len);
        for (int done = 0, n; done < len; done += n) {
            n = layout.run(from + done, len - done);
            MemorySegment.copy(sums, layout.at(row, from + done), dst, at + done, n);
        }
    }

    @Override
    public void reset() {
        sums.fill((byte) 0);
    }

    @Override
    public void write(int row, int from, byte[] src, int srcOffset, int len) {
        check(row, from, len);
        for (int done = 0, n; done < len; done += n) {
            n = layout.run(from + done, len - done);
            MemorySegment.copy(
                    src, srcOffset + done, sums, ValueLayout.JAVA_BYTE,
                    layout.at(row, from + done), n);
        }
    }

    private void check(int row, int from, int len) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(from, len, length);
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("closed already");
        }
    }

    @Override
    public void close() {
        prepared.values().forEach(slices -> slices.arena.close());
        prepared.clear();
        arena.close();
    }
}
