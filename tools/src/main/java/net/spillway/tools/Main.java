package net.spillway.tools;

import net.spillway.tools.cli.CommandLines;

/** Where {@code spillway} starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        StandardError.passTheLaunchersFilter();
        int status;
        try (Interruption interruption = Interruption.ofThisThread()) {
            status = CommandLines.run(args);
        }
        System.exit(status);
    }
}
