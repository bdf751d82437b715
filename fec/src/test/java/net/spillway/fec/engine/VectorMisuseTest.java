package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Kernels take addresses and check nothing. So whatever a caller does wrong has to be seen before
 * they are called: as an exception, where the JVM would crash otherwise.
 */
class VectorMisuseTest {
    private static final int LENGTH = 4096;
    private static final int[] SLICES = {0, 1, 2};

    private final SliceEngine engine = Engines.named("vector");
    private final Arena arena = Arena.ofShared();

    @BeforeAll
    static void needsTheModule() {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
    }

    @AfterEach
    void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static void fails(Executable misuse) {
        assertThrows(RuntimeException.class, misuse);
    }

    private SliceTransform transform() {
        return engine.transform(new int[] {0, 1, 2, 3}, LENGTH, null, 1).orElseThrow();
    }

    private Apart data(int count) {
        MemorySegment[] data = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            data[i] = arena.allocate(LENGTH, 64);
        }
        return new Apart(data);
    }

    @Test
    void sumsThatWereClosedAreNotTouched() {
        Accumulator sums = engine.accumulator(3, LENGTH);
        byte[] bytes = new byte[LENGTH];
        sums.close();
        fails(() -> sums.read(0, 0, bytes, 0, LENGTH));
        fails(() -> sums.write(0, 0, bytes, 0, LENGTH));
        fails(() -> sums.add(new byte[][] {bytes}, 0, 1, new char[][] {new char[3]}));
    }

    @Test
    void sumsHaveBounds() {
        byte[] bytes = new byte[LENGTH];
        try (Accumulator sums = engine.accumulator(3, LENGTH)) {
            fails(() -> sums.read(3, 0, bytes, 0, LENGTH));
            fails(() -> sums.read(-1, 0, bytes, 0, LENGTH));
            fails(() -> sums.read(0, 2, bytes, 0, LENGTH));
            fails(() -> sums.read(0, -2, bytes, 0, 2));
            fails(() -> sums.write(0, LENGTH, bytes, 0, 2));
            fails(() -> sums.add(new byte[][] {new byte[LENGTH - 1]}, 0, 1,
                    new char[][] {new char[3]}));
            fails(() -> sums.add(new byte[][] {bytes}, 0, 1, new char[][] {new char[2]}));
            fails(() -> sums.add(new byte[][] {bytes}, 0, 2, new char[][] {new char[3]}));
        }
    }

    @Test
    void transformThatWasClosedIsNotTouched() {
        SliceTransform transform = transform();
        transform.add(SLICES, data(3), 3);
        transform.close();
        byte[] bytes = new byte[LENGTH];
        fails(() -> transform.add(SLICES, data(3), 3));
        fails(() -> transform.read(0, 0, bytes, 0, LENGTH));
        fails(() -> transform.write(0, 0, bytes, 0, LENGTH));
        fails(transform::reset);
    }

    @Test
    void transformHasBounds() {
        byte[] bytes = new byte[LENGTH];
        try (SliceTransform transform = transform()) {
            fails(() -> transform.add(SLICES, data(2), 3));
            fails(() -> transform.add(SLICES, data(4), 4));
            fails(() -> transform.add(new int[] {-1}, data(1), 1));
            fails(() -> transform.add(new int[] {1 << 20}, data(1), 1));
            // Not ascending: the second one's place is before the block.
            fails(() -> transform.add(new int[] {500, 2}, data(2), 2));
            fails(() -> transform.read(4, 0, bytes, 0, 2));
            fails(() -> transform.read(0, LENGTH, bytes, 0, 2));
            fails(() -> transform.write(0, -2, bytes, 0, 2));
        }
    }

    @Test
    void slicesMustBeOffTheHeapWholeAndThere() {
        try (SliceTransform transform = transform()) {
            fails(() -> transform.add(new int[] {0},
                    new Apart(MemorySegment.ofArray(new byte[LENGTH])), 1));
            fails(() -> transform.add(new int[] {0},
                    new Apart(arena.allocate(LENGTH - 1)), 1));
            Apart gone = data(1);
            arena.close();
            fails(() -> transform.add(new int[] {0}, gone, 1));
        }
    }

    @Test
    void messagesToHashHaveBounds() {
        Md5Lanes lanes = engine.md5Lanes().orElseThrow();
        int[] states = new int[lanes.lanes() * Md5Lanes.STATE];
        long[] at = new long[lanes.lanes()];
        MemorySegment data = arena.allocate(2 * Md5Lanes.BLOCK);
        lanes.update(states, data, at, 2 * Md5Lanes.BLOCK);
        fails(() -> lanes.update(states, data, at, 3 * Md5Lanes.BLOCK));
        fails(() -> lanes.update(states, data, at, Md5Lanes.BLOCK - 1));
        fails(() -> lanes.update(states, data, at, -Md5Lanes.BLOCK));
        fails(() -> lanes.update(states, data, new long[at.length - 1], Md5Lanes.BLOCK));
        fails(() -> lanes.update(new int[states.length - 1], data, at, Md5Lanes.BLOCK));
        fails(() -> lanes.update(states, MemorySegment.ofArray(new byte[128]), at, 64));
        at[lanes.lanes() - 1] = Long.MAX_VALUE;
        fails(() -> lanes.update(states, data, at, Md5Lanes.BLOCK));
        at[lanes.lanes() - 1] = -1;
        fails(() -> lanes.update(states, data, at, Md5Lanes.BLOCK));
        at[lanes.lanes() - 1] = 0;
        arena.close();
        fails(() -> lanes.update(states, data, at, Md5Lanes.BLOCK));
    }

    @Test
    void rowsToSolveHaveBounds() {
        int element = TransformKernels.ELEMENT;
        try (SyndromeSolver solver = engine.solver(SLICES, 0).orElseThrow()) {
            MemorySegment rows = arena.allocate(3 * element, 64);
            solver.solve(rows, element, 1);
            fails(() -> solver.solve(rows, element, 2));
            fails(() -> solver.solve(rows, element + 1, 1));
            fails(() -> solver.solve(rows, 1L << 62, 1));
            fails(() -> solver.solve(rows, -element, 1));
            fails(() -> solver.solve(MemorySegment.ofArray(new byte[3 * element]), element, 1));
            arena.close();
            fails(() -> solver.solve(rows, element, 1));
        }
        SyndromeSolver closed = engine.solver(SLICES, 0).orElseThrow();
        closed.close();
        try (Arena other = Arena.ofShared()) {
            MemorySegment rows = other.allocate(3 * element, 64);
            fails(() -> closed.solve(rows, element, 1));
        }
    }
}
