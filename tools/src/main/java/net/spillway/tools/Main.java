package net.spillway.tools;

import net.spillway.tools.cli.CommandLines;

/** Where {@code spillway} starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        StandardError.passTheLaunchersFilter();
        System.exit(CommandLines.run(args));
    }
}
