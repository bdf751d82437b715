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

    private final MemorySegment places = KernelMemory.noise(BYTES);
    private final MemorySegment sums = KernelMemory.noise(BYTES);
    private final MemorySegment slice = KernelMemory.noise(GROUPS * ELEMENT);
    private final MemorySegment tables =
            KernelMemory.noise((long) COUNT * NibbleTables.WIDE + 64);
    private final VectorFft fft =
            new VectorFft(VectorFft.BLOCK_LOG, Arena.global());

    /** All of a transform of 256 elements. */
    @Benchmark
    public void evaluate() {
        fft.evaluate(places, 0, COUNT);
    }

    /** All of its transpose. */
    @Benchmark
    public void evaluateTransposed() {
        fft.evaluateTransposed(places, 0, COUNT);
    }

    /** Change of basis, 16 by 16 elements. */
    @Benchmark
    public void convert16() {
        TransformKernels.convert16(places, 0, 16 * ELEMENT, 16 * ELEMENT);
    }

    /** Its transpose. */
    @Benchmark
    public void convert16Transposed() {
        TransformKernels.convert16Transposed(places, 0, 16 * ELEMENT, 16 * ELEMENT);
    }

    /** One half of the elements added to the other. */
    @Benchmark
    public void addUp() {
        TransformKernels.addUp(places, 0, COUNT / 2, COUNT, COUNT / 2);
    }

    /** The other way round. */
    @Benchmark
    public void addDown() {
        TransformKernels.addDown(places, 0, COUNT / 2, COUNT, COUNT / 2);
    }

    /** Two layers of butterflies with factors of GF(2^8). */
    @Benchmark
    public void quads() {
        TransformKernels.quads(places, 0, 4, COUNT / 16, tables, 0);
    }

    /** Their transposes. */
    @Benchmark
    public void quadsTransposed() {
        TransformKernels.quadsTransposed(places, 0, 4, COUNT / 16, tables, 0);
    }

    /** A layer of butterflies with one factor of GF(2^8). */
    @Benchmark
    public void pairs() {
        TransformKernels.pairs(places, 0, COUNT / 2, tables, 0);
    }

    /** Its transpose. */
    @Benchmark
    public void pairsTransposed() {
        TransformKernels.pairsTransposed(places, 0, COUNT / 2, tables, 0);
    }

    /** A layer of butterflies with one factor of GF(2^16). */
    @Benchmark
    public void widePairs() {
        TransformKernels.widePairs(places, 0, COUNT / 2, tables, 0);
    }

    /** Its transpose. */
    @Benchmark
    public void widePairsTransposed() {
        TransformKernels.widePairsTransposed(places, 0, COUNT / 2, tables, 0);
    }

    /** Words of a slice multiplied and put in their places, eight elements. */
    @Benchmark
    public void load() {
        TransformKernels.load(slice, 0, tables, 0, places, 0, 16 * ELEMENT, GROUPS);
    }

    /** Eight elements multiplied, and added to words of a slice. */
    @Benchmark
    public void store() {
        TransformKernels.store(places, 0, 16 * ELEMENT, tables, 0, slice, 0, GROUPS);
    }

    /** Each element multiplied by a factor of its own, and added to a sum. */
    @Benchmark
    public void addProducts() {
        TransformKernels.addProducts(places, 0, tables, 0, sums, 0, COUNT);
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
