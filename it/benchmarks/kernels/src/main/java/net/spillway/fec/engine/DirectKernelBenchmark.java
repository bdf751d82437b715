package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
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

    private final MemorySegment input = KernelMemory.noise(TILE);
    private final MemorySegment sums = KernelMemory.noise(2 * TILE + 128);
    private final MemorySegment tables = KernelMemory.noise(2 * NibbleTables.WIDE + 64);

    /** One input added to two sums. */
    @Benchmark
    public void multiplyAdd() {
        VectorKernels.multiplyAdd(input, 0, tables, 0, sums, 0, TILE + 128, TILE);
    }

    /** Words to blocks of low and high bytes. */
    @Benchmark
    public void split() {
        VectorKernels.split(input, 0, sums, 0, TILE);
    }

    /** Blocks of low and high bytes to words. */
    @Benchmark
    public void join() {
        VectorKernels.join(input, 0, sums, 0, TILE);
    }

    /** With vectors of 512 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_512})
    public static class Bits512 extends DirectKernelBenchmark {}

    /** With vectors of 256 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_256})
    public static class Bits256 extends DirectKernelBenchmark {}

    /** With vectors of 128 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_128})
    public static class Bits128 extends DirectKernelBenchmark {}
}
