package net.spillway.benchmarks.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.spillway.fec.engine.Accumulator;
import net.spillway.fec.engine.Engines;
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

/** 12 inputs of 64 KiB added to 100 sums: 75 MiB multiplied, by each engine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {
    "--add-modules=jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"})
public class EngineBenchmark {
    private static final int INPUTS = 12;
    private static final int SUMS = 100;
    private static final int LENGTH = 64 << 10;

    /** Which engine. */
    @Param({"vector", "portable"})
    public String engine;

    private final byte[][] inputs = new byte[INPUTS][LENGTH];
    private final char[][] factors = new char[INPUTS][SUMS];
    private Accumulator sums;

    /** Makes inputs and factors. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < INPUTS; i++) {
            random.nextBytes(inputs[i]);
            for (int r = 0; r < SUMS; r++) {
                factors[i][r] = (char) random.nextInt(1, 1 << 16);
            }
        }
        sums = Engines.named(engine).accumulator(SUMS, LENGTH);
    }

    /** Without transform. */
    @Benchmark
    public void add() {
        sums.add(inputs, 0, INPUTS, factors);
    }
}
