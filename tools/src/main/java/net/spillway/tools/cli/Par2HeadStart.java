package net.spillway.tools.cli;

import java.io.File;
import java.util.Locale;
import java.util.Set;
import net.spillway.fec.Par2Verifier;

/**
 * Has what verifying computes with compiled while the command line is still being read, if a
 * processor would be idle meanwhile and the folder of the set looks like more work than that. It
 * only guesses, and nothing depends on it but time.
 */
final class Par2HeadStart {
    private static final Set<String> COMMANDS = Set.of("verify", "v", "repair", "r");

    /** To hash so many bytes one after the other takes as long as to compile what is faster. */
    private static final long MUCH = 150L << 20;

    private Par2HeadStart() {}

    static void begin(String... args) {
        if (args.length > 2 && args[0].equals("par2") && COMMANDS.contains(args[1])
                && Runtime.getRuntime().availableProcessors() > 1 && isMuch(args)) {
            // Whatever fails here fails in the command itself too, which tells of it.
            Thread.ofPlatform().daemon().name("par2-head-start")
                    .uncaughtExceptionHandler((thread, failure) -> { })
                    .start(Par2Verifier::prepare);
        }
    }

    static boolean isMuch(String... args) {
        for (String arg : args) {
            if (arg.toLowerCase(Locale.ROOT).endsWith(".par2")) {
                return bytesBeside(new File(arg)) > MUCH;
            }
        }
        return false;
    }

    /** 0 if there is no such folder. */
    private static long bytesBeside(File file) {
        long sum = 0;
        File[] all = file.getAbsoluteFile().getParentFile().listFiles();
        for (int i = 0; all != null && i < all.length && sum <= MUCH; i++) {
            sum += all[i].length();
        }
        return sum;
    }
}
