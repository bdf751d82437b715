package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Calls kernels with next to no data before they get real work. Until a kernel is compiled, each of
 * its vector operations takes microseconds instead of a nanosecond; so it is to be called often,
 * which is what the JIT counts, and not to do much.
 */
final class KernelWarmUp {
    /** Enough for a JVM that was told to compile early, and to get no loops compiled before. */
    private static final int FEW = 20;

    /**
     * For those of which a JVM that starts from an archive of earlier starts wants to see more calls
     * before it lets the second compiler have them: 20 did not do, 60 did (JDK 25).
     */
    private static final int SOME = 40;

    /** The second compiler's usual threshold. */
    private static final int MANY = 5000;

    private static boolean transform;
    private static boolean wide;
    private static boolean direct;
    private static boolean md5;

    /** Its own, for others need not wait for that. */
    private static final Object MD5 = new Object();

    private KernelWarmUp() {}

    /** Those of a transform of 2^m elements. */
    static synchronized void transform(int m) {
        if (!transform) {
            run(KernelWarmUp::transform, FEW);
            transform = true;
        }
        if (m > VectorFft.BLOCK_LOG && !wide) {
            run(KernelWarmUp::wide, FEW);
            wide = true;
        }
    }

    /** The same in a thread of its own; where that fails, who needs the kernels does it again. */
    static void transformAside(int m) {
        Runnable calls = () -> {
            try {
                transform(m);
            } catch (OutOfMemoryError e) {
                // Not done, then: nothing fails but this.
            }
        };
        Thread.ofPlatform().daemon().name("kernel-warm-up").start(calls);
    }

    /** Those of {@link VectorEngine}. */
    static synchronized void direct() {
        // Small jobs go this way: many calls would cost more than they save.
        if (!direct && Engines.compilesEarly()) {
            run(KernelWarmUp::direct, SOME);
            direct = true;
        }
    }

    /** Those of {@link VectorMd5}; two threads, for the JVM may compile two at once. */
    static void md5() {
        synchronized (MD5) {
            if (!md5 && Engines.compilesEarly()) {
                md5 = true;
                runMd5();
            }
        }
    }

    private static void runMd5() {
        VectorMd5 lanes = new VectorMd5(); // What comes out is of no interest.
        Runnable half = () -> {
            for (int i = 0; i < FEW; i++) {
                lanes.twoRoundsMore();
            }
        };
        Thread other = Thread.ofPlatform().daemon().name("kernel-warm-up").start(half);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(Md5Lanes.BLOCK, Md5Lanes.BLOCK);
            for (int i = 0; i < FEW; i++) {
                lanes.zerosTwoRounds(zeros);
            }
            other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // What is hashed next is slow, and soon ended.
        }
    }

    private interface Calls {
        void make(long data, long tables);
    }

    /** @param rounds how many, in a JVM that was told to compile early */
    private static void run(Calls calls, int rounds) {
        try (Arena arena = Arena.ofConfined()) {
            long data = arena.allocate(32 * TransformKernels.ELEMENT, 64).address();
            long tables = arena.allocate(1024, 64).address();
            int all = Engines.compilesEarly() ? rounds : MANY;
            for (int i = 0; i < all; i++) {
                calls.make(data, tables);
            }
        }
    }

    private static void transform(long data, long tables) {
        int element = TransformKernels.ELEMENT;
        TransformKernels.load(data, tables, data, element, 1);
        TransformKernels.addDown(data, 1, 2, 1);
        TransformKernels.convert16(data, element, VectorKernels.V);
        TransformKernels.quads(data, 1, 1, tables);
        TransformKernels.addProducts(data, tables, data, 1);
        TransformKernels.quadsTransposed(data, 1, 1, tables);
        TransformKernels.addUp(data, 1, 2, 1);
        TransformKernels.convert16Transposed(data, element, VectorKernels.V);
        TransformKernels.store(data, element, tables, data, 1);
    }

    private static void wide(long data, long tables) {
        TransformKernels.pairs(data, 1, tables);
        TransformKernels.widePairs(data, 1, tables);
        TransformKernels.pairsTransposed(data, 1, tables);
        TransformKernels.widePairsTransposed(data, 1, tables);
    }

    private static void direct(long data, long tables) {
        int block = VectorKernels.BLOCK;
        if (VectorKernels.V == PlaneSums.VECTOR) {
            VectorKernels.toPlanes(data, tables, data + block, block, block);
            VectorKernels.sixBits(data, data, data, data + block, VectorKernels.V);
            VectorKernels.addMultiples(data, 0, 1, tables, data, block, VectorKernels.V);
            VectorKernels.addTwice(data, data, data + block, VectorKernels.V);
            VectorKernels.fromPlanes(data, data, tables, data + block, block);
            return;
        }
        VectorKernels.split(data, data + block, block);
        VectorKernels.multiplyAdd(data, tables, data, data + block, block);
        VectorKernels.join(data, data + block, block);
    }
}
