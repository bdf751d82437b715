package net.spillway.tools;

import java.util.Objects;

/**
 * Ends a command with an exit code and a message for the person who gave it. It is printed without
 * a stack trace, so the message has to say what is wrong, where, and what to do about it. It may
 * have several lines.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public CommandFailure(ExitCode exitCode, String message) {
        this(exitCode, message, null);
    }

    /** With a cause, shown only under {@code --debug}. */
    public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.exitCode = Objects.requireNonNull(exitCode);
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
