package net.spillway.tools;

/** How a command can end; the same for every command. Its help prints those that it can end with. */
public enum ExitCode {
    /** Everything that was asked for is done. {@code par2 verify}: the files are whole. */
    DONE(0, "done"),
    /** It did not work. {@code par2 verify}: damaged, but there is parity enough to repair. */
    FAILED(1, "failed"),
    /** The command line or a file it names cannot be understood. */
    USAGE(2, "usage: the command line or a file it names is wrong"),
    /** More is missing than parity covers. */
    NOT_RECOVERABLE(3, "not recoverable: more is missing than parity covers"),
    /**
     * {@code par2 verify}: nobody knows, for a file cannot be read; or all others are whole, and
     * some were refused. {@code par2 repair}: the latter. {@code EX_IOERR}.
     */
    UNREADABLE(74, "a file cannot be read"),
    /** Nothing is wrong with what was asked; the same again later may work. {@code EX_TEMPFAIL}. */
    TEMPORARY(75, "temporary: try again later");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The process's exit status. */
    public int code() {
        return code;
    }

    /** A few words for the help. */
    public String meaning() {
        return meaning;
    }
}
