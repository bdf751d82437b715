package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
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

/** {@link VectorMd5} over 64 KiB, shared out among its messages: 32, 16 or 8. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class Md5KernelBenchmark {
    private static final int BYTES = 64 << 10;

    private final VectorMd5 md5 = new VectorMd5();
    private final MemorySegment data = Arena.ofAuto().allocate(BYTES, 64);
    private final int[] states = new int[md5.lanes() * Md5Lanes.STATE];
    private final long[] at = new long[md5.lanes()];

    /** Fills the data. */
    protected Md5KernelBenchmark() {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(1).nextBytes(bytes);
        data.copyFrom(MemorySegment.ofArray(bytes));
        for (int lane = 0; lane < at.length; lane++) {
            at[lane] = (long) lane * (BYTES / at.length);
        }
    }

    /** All bytes of all messages. */
    @Benchmark
    public void update() {
        md5.update(states, data, at, BYTES / at.length);
    }

    /** With vectors of 512 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_512})
    public static class Bits512 extends Md5KernelBenchmark {}

    /** With vectors of 256 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_256})
    public static class Bits256 extends Md5KernelBenchmark {}

    /** With vectors of 128 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_128})
    public static class Bits128 extends Md5KernelBenchmark {}
}
