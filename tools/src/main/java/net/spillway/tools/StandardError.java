package net.spillway.tools;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;

/**
 * Gives standard error back to the person. The JVM warns about the incubating vector module before
 * any code of ours runs, and no flag silences it; so the launcher starts the JVM with standard
 * error going through a filter that drops that one line, and with the real one as another
 * descriptor. What Java programs print goes there from now on. The filter remains for what the JVM
 * itself has to say, and ends with it.
 *
 * <p>Java can't open a descriptor by its number except by its own means, which the launcher opens
 * for this. The call of {@code dup2} would be cleaner, but to link functions of C takes a fresh JVM
 * a tenth of a second.
 */
final class StandardError {
    private StandardError() {}

    /** Does nothing unless the launcher says that there is a filter. */
    static void passTheLaunchersFilter() {
        Integer kept = Integer.getInteger("spillway.stderr");
        if (kept == null) {
            return;
        }
        try {
            Constructor<FileDescriptor> number =
                    FileDescriptor.class.getDeclaredConstructor(int.class);
            number.setAccessible(true);
            System.setErr(new PrintStream(
                    new FileOutputStream(number.newInstance(kept)), true,
                    System.err.charset()));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Everything still arrives, through the filter.
            System.err.println("spillway: standard error stays filtered: " + e);
        }
    }
}
