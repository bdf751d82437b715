package net.spillway.fec.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** {@link VectorKernels} on a tile of 8 KiB, as {@link VectorEngine} calls them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class DirectKernelBenchmark {
    private static final int TILE = 8192;

    private final long input = KernelMemory.noise(TILE).address();
    private final long sums = KernelMemory.noise(2 * TILE + 128).address();
    private final long tables = KernelMemory.noise(2 * NibbleTables.WIDE + 64).address();

    /** One input added to two sums. */
    @Benchmark
    public void multiplyAdd() {
        VectorKernels.multiplyAdd(input, tables, sums, sums + TILE + 128, TILE);
    }

    /** Words to blocks of low and high bytes. */
    @Benchmark
    public void split() {
        VectorKernels.split(input, sums, TILE);
    }

    /** Blocks of low and high bytes to words. */
    @Benchmark
    public void join() {
        VectorKernels.join(input, sums, TILE);
    }

    /** With vectors of 512 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_512})
    public static class Bits512 extends DirectKernelBenchmark {
        private static final int THREES = 2;

        private final long inputs = KernelMemory.noise(THREES * 4 * TILE).address();
        private final long threes =
                KernelMemory.noise(THREES * 3 * NibbleTables.THREE).address();
        private final long rows = KernelMemory.noise(3 * TILE).address();

        /** A plane of six inputs added to three sums. */
        @Benchmark
        public void addMultiples() {
            VectorKernels.addMultiples(inputs, 4L * TILE, THREES, threes, rows, TILE, TILE);
        }
    }

    /** With vectors of 256 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_256})
    public static class Bits256 extends DirectKernelBenchmark {}

    /** With vectors of 128 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_128})
    public static class Bits128 extends DirectKernelBenchmark {}
}
