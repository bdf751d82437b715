package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/**
 * Sums for vectors of 64 bytes. Words lie as their coordinates, in two planes of bytes (see {@link
 * Planes}), so that a product of words is three of bytes; and three inputs are added at a time,
 * whose bytes are four times six bits, for which a vector is a table: four shuffles a word instead
 * of the six that words would take, or the eight of nibbles.
 *
 * <p>Planes are gone through one after the other: products of second coordinates, and of sums of
 * both, belong to one coordinate of the sums each; those of first coordinates belong to both, and
 * are gathered aside.
 */
final class PlaneSums extends TiledSums {
    /** Bytes of the vectors that this is for. */
    static final int VECTOR = 64;

    /** Bytes of a row worked on at a time; of 2048 to 8192 all are as good. */
    private static final int TILE = 4096;

    /** Inputs and rows are taken in threes. */
    private static final int THREE = 3;

    /** Threes of inputs taken together, so that sums come into the cache once for all of them. */
    private static final int MOST_TOGETHER = 10;

    private static final int LEAST_TOGETHER = 2;

    /** Bytes that their tables are to take at most; with thousands of rows fewer are taken. */
    private static final int MOST_TABLES = 2 << 20;

    /** Bytes of the tables of three inputs and three rows, for one plane. */
    private static final int TABLES = THREE * NibbleTables.THREE;

    /** Bytes from one plane of a row to the next. */
    private final long stride;
    private final int together;
    private final MemorySegment sums;
    /** Planes of each input's tile: first coordinates, second ones, sums of both. */
    private final MemorySegment planes;
    /** The same of all threes of inputs, plane by plane, cut into six bits. */
    private final MemorySegment bits;
    /** Products of first coordinates, for three rows. */
    private final MemorySegment aside;
    private final MemorySegment tables;
    private final MemorySegment toCoordinates;
    private final MemorySegment toWords;
    /** Of three rows and all inputs, plane by plane, before they go to {@link #tables}. */
    private final NibbleTables made;
    /** By three rows and three inputs: whether these add something to those. */
    private final boolean[] adds;

    PlaneSums(int rows, int length) {
        super(rows, length, TILE);
        long plane = padded((long) length) / 2;
        // Rows a multiple of a page apart would fight for the same cache sets.
        stride = plane % 2048 == 0 ? plane + VectorKernels.V : plane;
        together = Math.clamp(
                MOST_TABLES / ((long) THREE * groups() * TABLES), LEAST_TOGETHER, MOST_TOGETHER);
        adds = new boolean[groups() * together];
        try {
            made = new NibbleTables(THREE * together * TABLES);
            sums = arena.allocate(2L * THREE * groups() * stride, 64);
            planes = arena.allocate((long) together * THREE * THREE * tile / 2, 64);
            bits = arena.allocate((long) THREE * together * 2 * tile, 64);
            aside = arena.allocate((long) THREE * tile / 2, 64);
            tables = arena.allocate((long) THREE * groups() * together * TABLES, 64);
            toCoordinates = map(Planes.TO_COORDINATES);
            toWords = map(Planes.TO_WORDS);
        } catch (OutOfMemoryError | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment map(char[] images) {
        NibbleTables map = new NibbleTables(NibbleTables.SIXES);
        map.map(0, images);
        return map.offHeap(arena);
    }

    /** How many threes of rows there are. */
    private int groups() {
        return Math.ceilDiv(rows, THREE);
    }

    @Override
    public void add(byte[][] in, int offset, int count, char[][] factors) {
        Accumulator.checkAdd(this, in, offset, count, factors);
        for (int first = 0; first < count; first += THREE * together) {
            int n = Math.min(THREE * together, count - first);
            makeTables(factors, first, n);
            for (int at = 0; at < length; at += tile) {
                int bytes = Math.min(tile, length - at);
                for (int i = 0; i < n; i++) {
                    load(in[first + i], offset + at, bytes);
                    toPlanes(plane(i, 0, THREE * tile / 2), tile / 2, padded(bytes));
                }
                addTile(at / 2, padded(bytes) / 2, n);
            }
        }
    }

    /** All at {@code at} and {@code bytes} of planes from there on. */
    private void addTile(int at, int bytes, int n) {
        for (int p = 0; p < THREE; p++) {
            for (int i = 0; i < n; i += THREE) {
                // Of inputs that lack to three the tables are zero, whatever is looked up.
                VectorKernels.sixBits(plane(i, p, bytes), plane(Math.min(i + 1, n - 1), p, bytes),
                        plane(Math.min(i + 2, n - 1), p, bytes),
                        OffHeap.address(bits, bits(p, i / THREE), 4L * bytes), bytes);
            }
        }
        int threes = Math.ceilDiv(n, THREE);
        for (int p = 1; p < THREE; p++) {
            for (int group = 0; group < groups(); group++) {
                addRuns(p, group, threes, sum(THREE * group, p - 1, at, 4 * stride + bytes),
                        2 * stride, bytes);
            }
        }
        // Last, now that the sums are in the cache: there is little else to do while they come.
        long gathered = OffHeap.address(aside, 0, (long) THREE * bytes);
        for (int group = 0; group < groups(); group++) {
            if (addRuns(0, group, threes, gathered, bytes, bytes)) {
                for (int row = 0; row < THREE; row++) {
                    VectorKernels.addTwice(gathered + (long) row * bytes,
                            sum(THREE * group + row, 0, at, bytes),
                            sum(THREE * group + row, 1, at, bytes), bytes);
                }
            }
        }
    }

    /** Adds products of a plane to three rows; false if there is nothing to add. */
    private boolean addRuns(int p, int group, int threes, long x, long apart, int bytes) {
        boolean any = false;
        for (int t = 0; t < threes; t++) {
            int from = t;
            while (t < threes && adds[group * together + t]) {
                t++;
            }
            if (t > from) {
                any = true;
                int n = t - from;
                VectorKernels.addMultiples(
                        OffHeap.address(bits, bits(p, from), (n - 1) * 2L * tile + 4L * bytes),
                        2L * tile, n, OffHeap.address(tables, table(p, group, from), n * TABLES),
                        x, apart, bytes);
            }
        }
        return any;
    }

    private void makeTables(char[][] factors, int first, int n) {
        int threes = Math.ceilDiv(n, THREE);
        for (int group = 0; group < groups(); group++) {
            for (int t = 0; t < threes; t++) {
                adds[group * together + t] = false;
                for (int row = 0; row < THREE; row++) {
                    int i = t * THREE;
                    makeTables(group, t, row, factor(factors, first, i, n, group, row),
                            factor(factors, first, i + 1, n, group, row),
                            factor(factors, first, i + 2, n, group, row));
                }
            }
            for (int p = 0; p < THREE; p++) {
                made.copyTo(p * together * TABLES, tables, table(p, group, 0), threes * TABLES);
            }
        }
    }

    /** Tables of all planes for three inputs and a row. */
    private void makeTables(int group, int t, int row, int a, int b, int c) {
        adds[group * together + t] |= (a | b | c) != 0;
        for (int p = 0; p < THREE; p++) {
            int down = 8 * p;
            made.three((p * together + t) * TABLES + row * NibbleTables.THREE,
                    a >> down & 255, b >> down & 255, c >> down & 255);
        }
    }

    /** Of an input that is not there and for a row that is none, zero; see {@link Planes}. */
    private int factor(char[][] factors, int first, int i, int n, int group, int row) {
        int r = THREE * group + row;
        return i < n && r < rows ? Planes.factors(factors[first + i][r]) : 0;
    }

    /** Where the tables of three rows are for a plane and three inputs. */
    private long table(int p, int group, int three) {
        return (((long) p * groups() + group) * together + three) * TABLES;
    }

    /** Where the bits of a plane of three inputs are. */
    private long bits(int p, int three) {
        return ((long) p * together + three) * 2 * tile;
    }

    /** The address of bytes from a plane of an input. */
    private long plane(int input, int p, int bytes) {
        return OffHeap.address(planes, ((long) input * THREE + p) * tile / 2, bytes);
    }

    /** The address of bytes of first or second coordinates of a sum, of which some are none. */
    private long sum(int row, int coordinate, int at, long bytes) {
        return OffHeap.address(sums, (2L * row + coordinate) * stride + at, bytes);
    }

    private void toPlanes(long to, long apart, int bytes) {
        VectorKernels.toPlanes(OffHeap.address(raw, 0, bytes), toCoordinates.address(),
                to, apart, bytes);
    }

    @Override
    void readTile(int row, int at) {
        int bytes = tileBytes(at);
        VectorKernels.fromPlanes(sum(row, 0, at / 2, bytes / 2), sum(row, 1, at / 2, bytes / 2),
                toWords.address(), OffHeap.address(raw, 0, bytes), bytes);
    }

    /** By way of an input's place, since what makes planes makes sums of coordinates, too. */
    @Override
    void writeTile(int row, int at) {
        int bytes = tileBytes(at);
        toPlanes(plane(0, 0, THREE * tile / 2), tile / 2, bytes);
        for (int coordinate = 0; coordinate < 2; coordinate++) {
            MemorySegment.copy(planes, coordinate * (tile / 2L), sums,
                    (2L * row + coordinate) * stride + at / 2, bytes / 2);
        }
    }

    @Override
    public void clear() {
        sums.fill((byte) 0);
    }
}
