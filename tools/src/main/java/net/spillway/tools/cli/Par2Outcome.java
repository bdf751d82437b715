package net.spillway.tools.cli;

import java.util.Map;
import net.spillway.tools.ExitCode;

/** How work on parity ended, for programs and for people. */
record Par2Outcome(ExitCode end, Map<String, Object> fields, String text) {}
