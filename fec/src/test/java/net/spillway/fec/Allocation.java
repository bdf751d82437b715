package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Counts what all threads allocate during a piece of work, garbage included, so what it holds is
 * less.
 */
public final class Allocation {
    /** What hostile input may make us allocate. */
    private static final long MOST = 256L << 20;

    private Allocation() {}

    /** Runs the work; more than 256 MiB is an error. */
    public static void assertBounded(Executable work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        try {
            work.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        long allocated = threads.getTotalThreadAllocatedBytes() - before;
        assertTrue(allocated <= MOST, allocated + " bytes were allocated");
    }
}
