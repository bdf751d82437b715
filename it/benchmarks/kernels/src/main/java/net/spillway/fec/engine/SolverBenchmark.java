package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lost slices, one of ten, from their syndromes: 1 KiB of each, by transform and by the inverse
 * matrix. Where they cross is what {@link SolverPlan} has to know.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {KernelMemory.VECTOR_MODULE, KernelMemory.UNCHECKED})
public class SolverBenchmark {
    private static final int GROUPS = 8;
    private static final int BYTES = GROUPS * SyndromeSolver.COLUMNS;

    @Param({"100", "200", "400", "800", "1600"})
    private int lost;

    private SyndromeSolver solver;
    private MemorySegment rows;
    private Accumulator sums;
    private byte[][] inputs;
    private char[][] factors;

    /** Random slices. */
    @Setup
    public void setUp() {
        int[] slices = new Random(lost).ints(0, 10 * lost).distinct().limit(lost).sorted()
                .toArray();
        VectorEngine engine = new VectorEngine();
        solver = engine.solver(slices, 0).orElseThrow();
        rows = KernelMemory.noise((long) lost * BYTES);
        sums = engine.accumulator(lost, BYTES);
        inputs = new byte[lost][BYTES];
        int[] logs = IntStream.of(slices).map(Par2Constants::log).toArray();
        char[][] inverse = Vandermonde.inverse(logs, 0);
        factors = new char[lost][lost];
        for (int r = 0; r < lost; r++) {
            for (int c = 0; c < lost; c++) {
                factors[c][r] = inverse[r][c];
            }
        }
    }

    /** By transform. */
    @Benchmark
    public void transform() {
        solver.solve(rows, BYTES, GROUPS);
    }

    /** By the inverse matrix. */
    @Benchmark
    public void matrix() {
        sums.add(inputs, 0, lost, factors);
    }
}
