package net.spillway.tools.cli;

import java.util.List;
import net.spillway.protocol.YencDecoder;
import net.spillway.protocol.YencEncoder;

/**
 * Has the loops of yEnc compiled while the command line is still being read, if a processor would
 * be idle meanwhile. Nothing depends on it but time.
 */
final class TransferHeadStart {
    private TransferHeadStart() {}

    static void begin(String... args) {
        if (args.length < 3 || Runtime.getRuntime().availableProcessors() < 2
                || List.of(args).contains("--dry-run")) {
            return;
        }
        switch (args[0]) {
            case "post" -> start(YencEncoder::prepare);
            case "fetch" -> start(YencDecoder::prepare);
            default -> { }
        }
    }

    private static void start(Runnable work) {
        // Whatever fails here fails in the command itself too, which tells of it.
        Thread.ofPlatform().daemon().name("yenc-head-start")
                .uncaughtExceptionHandler((thread, failure) -> { }).start(work);
    }
}
