package net.spillway.fec;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The search for slices at every byte, for each byte. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SearchKernelBenchmark {
    private static final int QUARTER = 1 << 16;
    private static final int BYTES = RollingWindows.COUNT * QUARTER;

    /** How many slices are looked for. */
    @Param({"100", "3000"})
    private int lacking;

    private final byte[] out = new byte[BYTES];
    private final byte[] in = new byte[BYTES];
    private RollingWindows windows;

    /** Noise, in which nothing is found. */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        random.nextBytes(out);
        random.nextBytes(in);
        windows = new RollingWindows(
                new RollingCrc(1 << 20),
                IntStream.generate(random::nextInt).limit(lacking).toArray());
    }

    /** Past all positions, with a stop wherever something might be. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public int search() {
        int stops = 0;
        for (int i = windows.run(0, QUARTER, out, in); i < QUARTER;
                i = windows.run(i + 1, QUARTER, out, in)) {
            windows.step(i, QUARTER, out, in);
            stops++;
        }
        return stops;
    }
}
