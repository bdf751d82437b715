package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** The exit codes of par2cmdline, for programs that know no others. */
final class Par2ExitCodes {
    static final String OPTION = "--par2-exit-codes";

    private static final int DONE = 0;
    private static final int REPAIR_POSSIBLE = 1;
    private static final int REPAIR_NOT_POSSIBLE = 2;
    private static final int INVALID_ARGUMENTS = 3;
    private static final int INSUFFICIENT_CRITICAL_DATA = 4;
    private static final int REPAIR_FAILED = 5;
    private static final int FILE_IO_ERROR = 6;
    private static final int LOGIC_ERROR = 7;
    private static final int MEMORY_ERROR = 8;

    private Par2ExitCodes() {}

    /** For a command that came to its end; only verifying can end with "failed" then. */
    static int of(ExitCode end) {
        return switch (end) {
            case DONE -> DONE;
            case FAILED -> REPAIR_POSSIBLE;
            case NOT_RECOVERABLE -> REPAIR_NOT_POSSIBLE;
            case USAGE -> INVALID_ARGUMENTS;
            case UNREADABLE, TEMPORARY -> FILE_IO_ERROR;
        };
    }

    /** For a command that did not. */
    static int of(CommandFailure failure) {
        return switch (failure.getCause()) {
            case Par2Exception e -> of(e.kind());
            case NoSuchFileException e -> INVALID_ARGUMENTS;
            case IOException e -> FILE_IO_ERROR;
            case OutOfMemoryError e -> MEMORY_ERROR;
            case null -> failure.exitCode() == ExitCode.FAILED
                    ? REPAIR_FAILED : of(failure.exitCode());
            case IllegalArgumentException e -> INVALID_ARGUMENTS;
            default -> LOGIC_ERROR;
        };
    }

    private static int of(Par2Exception.Kind kind) {
        return switch (kind) {
            case NOT_PAR2, INCOMPLETE, IMPOSSIBLE, CONTRADICTION, UNSAFE_NAME ->
                    INSUFFICIENT_CRITICAL_DATA;
            case BAD_REQUEST -> INVALID_ARGUMENTS;
            case NOT_RECOVERABLE -> REPAIR_NOT_POSSIBLE;
            case HASH_MISMATCH -> REPAIR_FAILED;
            case EXISTS, CHANGED -> FILE_IO_ERROR;
        };
    }

    /** The status for a command line that makes no sense. */
    static int ofUsage(Object command, String[] args) {
        for (String arg : args) {
            if (arg.equals(OPTION) && command instanceof OutputOptions.Has) {
                return INVALID_ARGUMENTS;
            }
        }
        return ExitCode.USAGE.code();
    }
}
