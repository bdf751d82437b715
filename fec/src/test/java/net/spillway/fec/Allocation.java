package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.function.Executable;

/** Counts what a piece of work allocates, garbage included, so what it holds is less. */
final class Allocation {
    /** What hostile input may make us allocate. */
    private static final long MOST = 256L << 20;

    private Allocation() {}

    static void assertBounded(Executable work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            work.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated <= MOST, allocated + " bytes were allocated");
    }
}
