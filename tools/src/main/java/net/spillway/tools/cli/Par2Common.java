package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mixin: what creating, verifying and repairing have in common. */
final class Par2Common {
    @Option(names = {"-B", "--base"}, paramLabel = "DIR", description =
            "The folder that names in the set are relative to (the .par2 file's).")
    private Path base;

    @Option(names = {"-v", "--verbose"}, description = {
        "Say more: which volumes and blocks; twice (-vv) also where blocks were found, and how"
                + " it was computed."})
    private boolean[] verbose = {};

    @Option(names = Par2ExitCodes.OPTION, description = {
        "End with the exit codes of par2cmdline instead of those below:",
        "0 done or whole, 1 repairable, 2 not recoverable, 3 usage, 4 no usable set in the .par2"
                + " files, 5 the repaired files are wrong, 6 a file cannot be read or written,"
                + " 7 internal error, 8 not enough memory."})
    private boolean par2ExitCodes;

    @Mixin private OutputOptions output;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Implemented by the commands that have this mixin. */
    interface Using extends OutputOptions.Has {
        Par2Common common();

        @Override
        default OutputOptions output() {
            return common().output();
        }

        @Override
        default int status(CommandFailure failure) {
            return common().status(failure);
        }
    }

    /** What a command does. */
    @FunctionalInterface
    interface Work {
        Par2Outcome run(Par2Progress phases) throws IOException;
    }

    OutputOptions output() {
        return output;
    }

    /** 0, 1 or 2. */
    int verbosity() {
        return Math.min(verbose.length, 2);
    }

    /** Does the work with progress, prints what came of it and returns the exit status. */
    int run(Work work) {
        if (verbosity() > 0 && output.quiet()) {
            throw new ParameterException(command.commandLine(), "-v does not go with -q.");
        }
        Par2Outcome outcome;
        try (TerminalProgress progress = output.progress();
                Par2Progress phases = new Par2Progress(progress)) {
            outcome = work.run(phases);
        } catch (IOException e) {
            throw failure(e);
        } catch (OutOfMemoryError e) {
            throw new CommandFailure(ExitCode.FAILED, "not enough memory (" + e.getMessage()
                    + "); less will do with -m, or give it more, such as"
                    + " SPILLWAY_JAVA_OPTS=-Xmx4g", e);
        }
        int status = par2ExitCodes ? Par2ExitCodes.of(outcome.end())
                : outcome.end().code();
        output.print(command.commandLine().getOut(), status, outcome.fields(), outcome.text());
        if (output.quiet() && !outcome.error().isEmpty()) {
            command.commandLine().getErr().println(
                    command.commandLine().getCommandSpec().qualifiedName() + ": "
                            + outcome.error());
            command.commandLine().getErr().flush();
        }
        return status;
    }

    /** The exit status for a failure. */
    int status(CommandFailure failure) {
        return par2ExitCodes ? Par2ExitCodes.of(failure) : failure.exitCode().code();
    }

    Path base(Path par2) {
        if (base == null) {
            return par2.toAbsolutePath().getParent();
        }
        if (!Files.isDirectory(base)) {
            throw new CommandFailure(ExitCode.USAGE, "-B " + base + ": there is no such folder");
        }
        return base;
    }

    /** How such a failure ends the command. */
    static CommandFailure failure(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new CommandFailure(ExitCode.USAGE, Explanation.of(e), e);
        }
        if (!(e instanceof Par2Exception parity)) {
            return new CommandFailure(ExitCode.FAILED, Explanation.of(e), e);
        }
        ExitCode code = switch (parity.kind()) {
            case NOT_PAR2, IMPOSSIBLE, CONTRADICTION, UNSAFE_NAME, BAD_REQUEST -> ExitCode.USAGE;
            case INCOMPLETE, NOT_RECOVERABLE -> ExitCode.NOT_RECOVERABLE;
            case EXISTS, HASH_MISMATCH -> ExitCode.FAILED;
            case CHANGED -> ExitCode.TEMPORARY;
        };
        return new CommandFailure(
                code, Terminal.safe(parity.getMessage()) + advice(parity.kind()).orElse(""), e);
    }

    /** What to do, where the message alone does not suggest it. */
    private static Optional<String> advice(Par2Exception.Kind kind) {
        return Optional.ofNullable(switch (kind) {
            case NOT_PAR2 -> "; name a .par2 (or .par) file of the set first";
            case INCOMPLETE -> "; name more .par2 files of the set if there are any";
            case CONTRADICTION, IMPOSSIBLE, UNSAFE_NAME, BAD_REQUEST, EXISTS, CHANGED,
                    NOT_RECOVERABLE -> null;
            case HASH_MISMATCH -> "; move the .par2 files"
                    + " you trust least elsewhere and try again";
        });
    }
}
