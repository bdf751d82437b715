package net.spillway.tools.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import net.spillway.tools.progress.Json;
import picocli.CommandLine.Option;

/** Mixin: what happens, for programs, while it happens. */
final class EventOptions {
    @Option(names = "--events", description =
            "Print what happens on standard output, a JSON object a line, each with an \"event\":"
                    + " health, progress (each second, with the mirrors), repairing. With --json the result"
                    + " is the last line.")
    private boolean events;

    /** Where events go; nowhere unless they are asked for. Safe for many threads. */
    Consumer<Map<String, Object>> sink(PrintWriter out) {
        if (!events) {
            return event -> { };
        }
        return event -> {
            synchronized (out) {
                out.println(Json.write(event));
                out.flush();
            }
        };
    }
}
