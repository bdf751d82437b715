package net.spillway.fec.engine;

import java.lang.foreign.Arena;
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

/**
 * {@link TransformKernels} on 256 elements of 128 bytes, which are a block of {@link VectorFft};
 * {@link #evaluate} and its transpose are all of a block.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class TransformKernelBenchmark {
    private static final int COUNT = 1 << VectorFft.BLOCK_LOG;
    private static final int ELEMENT = TransformKernels.ELEMENT;
    private static final int BYTES = COUNT * ELEMENT;

    /** Elements that lie together when slices are loaded. */
    private static final int GROUPS = 8;

    private final MemorySegment block = KernelMemory.noise(BYTES);
    private final long places = block.address();
    private final long sums = KernelMemory.noise(BYTES).address();
    private final long slice = KernelMemory.noise(GROUPS * ELEMENT).address();
    private final long tables =
            KernelMemory.noise((long) COUNT * NibbleTables.WIDE + 64).address();
    private final VectorFft fft =
            new VectorFft(VectorFft.BLOCK_LOG, Arena.global());

    /** All of a transform of 256 elements. */
    @Benchmark
    public void evaluate() {
        fft.evaluate(block, 0, COUNT);
    }

    /** All of its transpose. */
    @Benchmark
    public void evaluateTransposed() {
        fft.evaluateTransposed(block, 0, COUNT);
    }

    /** Change of basis, 16 by 16 elements. */
    @Benchmark
    public void convert16() {
        TransformKernels.convert16(places, 16 * ELEMENT, 16 * ELEMENT);
    }

    /** Its transpose. */
    @Benchmark
    public void convert16Transposed() {
        TransformKernels.convert16Transposed(places, 16 * ELEMENT, 16 * ELEMENT);
    }

    /** One half of the elements added to the other. */
    @Benchmark
    public void addUp() {
        TransformKernels.addUp(places, COUNT / 2, COUNT, COUNT / 2);
    }

    /** The other way round. */
    @Benchmark
    public void addDown() {
        TransformKernels.addDown(places, COUNT / 2, COUNT, COUNT / 2);
    }

    /** Two layers of butterflies with factors of GF(2^8). */
    @Benchmark
    public void quads() {
        TransformKernels.quads(places, 4, COUNT / 16, tables);
    }

    /** Their transposes. */
    @Benchmark
    public void quadsTransposed() {
        TransformKernels.quadsTransposed(places, 4, COUNT / 16, tables);
    }

    /** A layer of butterflies with one factor of GF(2^8). */
    @Benchmark
    public void pairs() {
        TransformKernels.pairs(places, COUNT / 2, tables);
    }

    /** Its transpose. */
    @Benchmark
    public void pairsTransposed() {
        TransformKernels.pairsTransposed(places, COUNT / 2, tables);
    }

    /** A layer of butterflies with one factor of GF(2^16). */
    @Benchmark
    public void widePairs() {
        TransformKernels.widePairs(places, COUNT / 2, tables);
    }

    /** Its transpose. */
    @Benchmark
    public void widePairsTransposed() {
        TransformKernels.widePairsTransposed(places, COUNT / 2, tables);
    }

    /** Words of a slice multiplied and put in their places, eight elements. */
    @Benchmark
    public void load() {
        TransformKernels.load(slice, tables, places, 16 * ELEMENT, GROUPS);
    }

    /** Eight elements multiplied, and added to words of a slice. */
    @Benchmark
    public void store() {
        TransformKernels.store(places, 16 * ELEMENT, tables, slice, GROUPS);
    }

    /** Each element multiplied by a factor of its own, and added to a sum. */
    @Benchmark
    public void addProducts() {
        TransformKernels.addProducts(places, tables, sums, COUNT);
    }

    /** With vectors of 512 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_512})
    public static class Bits512 extends TransformKernelBenchmark {}

    /** With vectors of 256 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_256})
    public static class Bits256 extends TransformKernelBenchmark {}

    /** With vectors of 128 bits. */
    @Fork(value = 1, jvmArgsAppend = {
        KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED, KernelMemory.BITS_128})
    public static class Bits128 extends TransformKernelBenchmark {}
}
