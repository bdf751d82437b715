package net.spillway.benchmarks.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencDecoder;
import net.spillway.protocol.YencEncoder;
import net.spillway.protocol.YencPart;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A part of 700 KiB of noise to yEnc and back, CRC32 included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {
    "--add-modules=jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"
})
public class YencBenchmark {
    private static final int LENGTH = 700 << 10;

    private final YencPart part = new YencPart("noise.bin", LENGTH, 1, 1, 0);
    private final byte[] data = noise();
    private final byte[] encoded = YencEncoder.encodePart(part, data, 0, LENGTH);

    private static byte[] noise() {
        byte[] noise = new byte[LENGTH];
        new SplittableRandom(1).nextBytes(noise);
        return noise;
    }

    /** Bytes to lines. */
    @Benchmark
    public byte[] encode() {
        return YencEncoder.encodePart(part, data, 0, LENGTH);
    }

    /** Lines to bytes. */
    @Benchmark
    public YencDecoded decode() {
        return YencDecoder.decode(encoded, 0, encoded.length);
    }
}
