package net.spillway.tools.cli;

import java.time.Duration;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** Ranges that several commands check. */
final class Checks {
    private Checks() {}

    static int connections(int n, int most) {
        return inRange("--connections", n, 1, most);
    }

    static Duration patience(int seconds) {
        return Duration.ofSeconds(inRange("--patience", seconds, 1, 86_400));
    }

    static int inRange(String option, int n, int least, int most) {
        if (n < least || n > most) {
            throw new CommandFailure(ExitCode.USAGE,
                    option + " " + n + " is not between " + least + " and " + most + ".");
        }
        return n;
    }
}
