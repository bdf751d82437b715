package net.spillway.tools;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives standard error back to the person. The JVM warns about the incubating vector module before
 * any code of ours runs, and no flag silences it; so the launcher starts the JVM with standard
 * error going through a filter that drops that one line, and with the real one as descriptor 3.
 * From here on nothing needs filtering: descriptor 3 becomes descriptor 2 again, for Java, the JVM
 * and child processes alike, and the filter ends.
 */
final class StandardError {
    private static final int STANDARD_ERROR = 2;

    private StandardError() {}

    /** Does nothing unless the launcher says that there is a filter. */
    static void passTheLaunchersFilter() {
        Integer kept = Integer.getInteger("spillway.stderr");
        if (kept == null) {
            return;
        }
        try {
            Linker linker = Linker.nativeLinker();
            SymbolLookup libc = linker.defaultLookup();
            MethodHandle dup2 = linker.downcallHandle(libc.findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT));
            MethodHandle close = linker.downcallHandle(libc.findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int got = (int) dup2.invokeExact(kept.intValue(), STANDARD_ERROR);
            if (got == STANDARD_ERROR) {
                int ignored = (int) close.invokeExact(kept.intValue());
            }
            reapFilter(linker, libc);
        } catch (Throwable e) {
            // Everything still arrives, through the filter.
            System.err.println("spillway: standard error stays filtered: " + e);
        }
    }

    /** The filter is a child of this process, by exec; unwaited for it would stay a zombie. */
    private static void reapFilter(Linker linker, SymbolLookup libc) throws Throwable {
        int filter = Integer.getInteger("spillway.stderr.filter", 0);
        if (filter > 0) {
            MethodHandle waitpid = linker.downcallHandle(libc.findOrThrow("waitpid"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
                int reaped = (int) waitpid.invokeExact(filter, status, 0);
            }
        }
    }
}
