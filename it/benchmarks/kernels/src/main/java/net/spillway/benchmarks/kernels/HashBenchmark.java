package net.spillway.benchmarks.kernels;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import net.spillway.fec.FileHasher;
import net.spillway.fec.FileHashes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hashes of 16 MiB: what a file costs besides its parity. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {
    "--add-modules=jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"})
public class HashBenchmark {
    private static final int LENGTH = 16 << 20;
    private static final int SLICE = 512 << 10;

    private final byte[] data = new byte[LENGTH];

    /** Fills the data. */
    public HashBenchmark() {
        new SplittableRandom(1).nextBytes(data);
    }

    /** The JDK's MD5, once. */
    @Benchmark
    public byte[] md5OfTheJdk() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("MD5").digest(data);
    }

    /** The JDK's CRC32, once. */
    @Benchmark
    public long crc32OfTheJdk() {
        CRC32 crc = new CRC32();
        crc.update(data);
        return crc.getValue();
    }

    /** MD5 of the file, and MD5 and CRC32 of each of its slices. */
    @Benchmark
    public FileHashes fileHasher() {
        FileHasher hasher = new FileHasher(SLICE);
        hasher.update(data, 0, LENGTH);
        return hasher.finish();
    }
}
