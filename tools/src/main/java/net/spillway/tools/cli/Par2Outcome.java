package net.spillway.tools.cli;

import java.util.Map;
import net.spillway.tools.ExitCode;

/**
 * How work on parity ended, for programs and for people.
 *
 * @param error what is said even to those who want to hear of errors only; empty if there is none
 */
record Par2Outcome(ExitCode end, Map<String, Object> fields, String text, String error) {
    /** Without error. */
    Par2Outcome(ExitCode end, Map<String, Object> fields, String text) {
        this(end, fields, text, "");
    }

    /** Of what could not be done; the last line of the text says why. */
    Par2Outcome failed() {
        return new Par2Outcome(end, fields, text, text.lines().toList().getLast());
    }
}
