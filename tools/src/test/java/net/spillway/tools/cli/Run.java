package net.spillway.tools.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** A command line run in this JVM, with what it printed. */
record Run(int exitCode, String out, String err) {
    static Run spillway(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        CommandLine line = CommandLines.create(words)
                .setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Run(line.execute(words), out.toString(), err.toString());
    }
}
