package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Memory with noise in it, which is never given back: a benchmark's process ends soon. */
final class KernelMemory {
    /** JVM options of every benchmark here, as the launcher gives them. */
    static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    static final String UNCHECKED = "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0";
    static final String BITS_512 = "-Dspillway.fec.vector.bits=512";
    static final String BITS_256 = "-Dspillway.fec.vector.bits=256";
    static final String BITS_128 = "-Dspillway.fec.vector.bits=128";

    private KernelMemory() {}

    static MemorySegment noise(long bytes) {
        MemorySegment memory = Arena.global().allocate(bytes, 64);
        byte[] noise = new byte[(int) bytes];
        new SplittableRandom(bytes).nextBytes(noise);
        memory.copyFrom(MemorySegment.ofArray(noise));
        return memory;
    }
}
