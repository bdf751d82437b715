package net.spillway.tools;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Ends a command with an exit code and a message for the person who gave it. It is printed without
 * a stack trace, so the message has to say what is wrong, where, and what to do about it. It may
 * have several lines.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient Map<String, Object> details;

    public CommandFailure(ExitCode exitCode, String message) {
        this(exitCode, message, null);
    }

    /** With a cause, shown only under {@code --debug}. */
    public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
        this(exitCode, message, cause, Map.of());
    }

    /**
     * With what a program may want to know.
     *
     * @param details by name, as {@code --json} prints them beside the message
     */
    public CommandFailure(
            ExitCode exitCode, String message, Throwable cause, Map<String, ?> details) {
        super(Objects.requireNonNull(message), cause);
        this.exitCode = Objects.requireNonNull(exitCode);
        this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** What a program may want to know besides the message. */
    public Map<String, Object> details() {
        return details;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
