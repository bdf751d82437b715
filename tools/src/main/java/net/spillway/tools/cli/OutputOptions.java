package net.spillway.tools.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Json;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Option;

/** Mixin: how a command reports. Results go to standard output, all else to standard error. */
public final class OutputOptions {
    @Option(names = "--json", description =
            "Print the result, also a failure, as one JSON object on standard output.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description =
            "Print neither progress nor result, only warnings and errors. With --json the object is"
                    + " still printed.")
    private boolean[] quiet = {}; // -q -q, as par2cmdline has it, is no more than -q.

    /** Implemented by commands that have this mixin, so that failures can be reported alike. */
    interface Has {
        OutputOptions output();

        /** A failure with the exit code that it has for this command. */
        default CommandFailure asItsOwn(CommandFailure failure) {
            return failure;
        }

        /** What the process ends with after that failure. */
        default int status(CommandFailure failure) {
            return failure.exitCode().code();
        }
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet.length > 0;
    }

    /** Progress on standard error; to be closed before the result is printed. */
    public TerminalProgress progress() {
        return Terminal.progress(quiet());
    }

    /**
     * Prints the result: as JSON, as text for people, or, when quiet, not at all.
     *
     * @return the exit status, to be returned by the command
     */
    public int print(PrintWriter out, ExitCode end, Record result, String text) {
        return print(out, end, Json.components(result), text);
    }

    /** As above, with the result's fields in a map. */
    public int print(PrintWriter out, ExitCode end, Map<String, ?> result, String text) {
        print(out, end.code(), result, text);
        return end.code();
    }

    /** As above, for a command that ends with a status of its own. */
    void print(PrintWriter out, int status, Map<String, ?> result, String text) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("exitCode", status);
            object.putAll(result);
            out.println(Json.write(object));
        } else if (!quiet() && !text.isEmpty()) {
            out.println(text);
        }
        out.flush();
    }

    /** The JSON for a failure; people read it on standard error. */
    void printFailure(PrintWriter out, int status, CommandFailure failure) {
        if (json) {
            printAsJson(out, status, failure);
        }
    }

    static void printAsJson(PrintWriter out, int status, CommandFailure failure) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("exitCode", status);
        object.put("error", failure.getMessage());
        object.put("kind", failure.exitCode().name().toLowerCase(Locale.ROOT));
        object.putAll(failure.details());
        out.println(Json.write(object));
        out.flush();
    }
}
