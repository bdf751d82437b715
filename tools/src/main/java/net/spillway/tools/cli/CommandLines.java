package net.spillway.tools.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.spillway.conf.ByteSize;
import net.spillway.conf.DidYouMean;
import net.spillway.conf.HostPort;
import net.spillway.conf.Wildmat;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.Interruption;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the commands together and decides how errors look: a line that helps, no stack traces. */
public final class CommandLines {
    /** These find out whether there is enough to make good what is missing. */
    private static final Set<Class<?>> COUNT_WHAT_IS_LEFT = Set.of(SpillwayCommand.class,
            FetchCommand.class, HealthCommand.class, Par2Command.class, Par2VerifyCommand.class,
            Par2RepairCommand.class, Par2InfoCommand.class, DemoCommand.class);
    /** These wait for nobody who could be away. */
    private static final Set<Class<?>> NEED_NOBODY = Set.of(ConfigCommand.class,
            ConfigCommand.Check.class, UserCommand.class, CompletionCommand.class,
            HelpCommand.class);

    /** These keep what they have done, also when they are interrupted. */
    private static final Set<Class<?>> GO_ON = Set.of(PostCommand.class, FetchCommand.class);

    /** These tell about others. */
    private static final Set<Class<?>> NEED_ALL =
            Set.of(CompletionCommand.class, HelpCommand.class);

    /** Nothing is said of commands there. */
    private static final Set<String> VERSION = Set.of("-V", "--version");

    private CommandLines() {}

    /** Runs one command line; returns the exit status. */
    public static int run(String... args) {
        SpillwayCommand top = new SpillwayCommand();
        CommandLine line = create(top, args);
        try {
            return arrived(line, line.execute(args), top.debug());
        } catch (OutOfMemoryError e) {
            return report(line, new CommandFailure(ExitCode.FAILED, "not enough memory ("
                    + e.getMessage() + "); give it more, such as SPILLWAY_JAVA_OPTS=-Xmx4g", e),
                    top.debug());
        } catch (Throwable e) {
            return report(line, e, top.debug());
        }
    }

    /** What picocli did not catch is the failure of the command that was running, if one was. */
    private static int report(CommandLine top, Throwable e, boolean debug) {
        CommandLine command = top;
        for (ParseResult parsed = top.getParseResult();
                parsed != null && parsed.hasSubcommand(); ) {
            parsed = parsed.subcommand();
            command = parsed.commandSpec().commandLine();
        }
        return report(command, command.getCommandSpec().qualifiedName(), e, debug);
    }

    /** The status of a command, which has failed too if nobody got what it printed. */
    private static int arrived(CommandLine line, int status, boolean debug) {
        Optional<String> problem =
                Interruption.isUnderWay() ? Optional.empty() : StandardOutput.problem();
        if (problem.isEmpty()) {
            return status;
        }
        int lost = report(line, new CommandFailure(
                ExitCode.FAILED, problem.get(), new IOException(problem.get())), debug);
        return status == ExitCode.DONE.code() ? lost : status;
    }

    /** With all commands, or what these arguments need. */
    static CommandLine create(String... args) {
        return create(new SpillwayCommand(), args);
    }

    private static CommandLine create(SpillwayCommand top, String... args) {
        CommandLine line = new CommandLine(top);
        addCommands(line, args);
        line.registerConverter(HostPort.class, sayingWhy(HostPort::parse))
                .registerConverter(Wildmat.class, sayingWhy(Wildmat::parse))
                .registerConverter(ByteSize.class, sayingWhy(ByteSize::parse))
                .registerConverter(Percentage.class, sayingWhy(Percentage::parse))
                .registerConverter(Integer.class, sayingWhy(CommandLines::wholeNumber))
                .registerConverter(int.class, sayingWhy(CommandLines::wholeNumber))
                .registerConverter(Par2Redundancy.class, sayingWhy(Par2Redundancy::parse))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(CommandLines::usage)
                .setExecutionExceptionHandler((e, command, parsed) ->
                        report(command, command.getCommandSpec().qualifiedName(), e, top.debug()));
        listExitCodes(line);
        line.getCommandSpec().usageMessage().footer("",
                "With --debug, every command prints the stack trace of an error.");
        return line;
    }

    /**
     * Only the command that the line begins with, or all if it begins otherwise or the command
     * tells about others: to read the annotations of all of them takes a fresh JVM a second.
     */
    private static void addCommands(CommandLine line, String... args) {
        Class<?> first = args.length == 0 ? null : SpillwayCommand.COMMANDS.get(args[0]);
        if (args.length == 1 && VERSION.contains(args[0])) {
            return;
        }
        if (first == null || NEED_ALL.contains(first)) {
            SpillwayCommand.COMMANDS.forEach(line::addSubcommand);
        } else {
            line.addSubcommand(args[0], first);
        }
        CommandLine par2 = line.getSubcommands().get("par2");
        if (par2 != null) {
            Par2Command.addParts(par2, args);
        }
    }

    /** Picocli shows a converter's own message only in this one exception. */
    private static <T> ITypeConverter<T> sayingWhy(ITypeConverter<T> converter) {
        return text -> {
            try {
                return converter.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is "
                    + (text.matches("[+-]?\\d+") ? "too large" : "not a whole number"), e);
        }
    }

    private static void listExitCodes(CommandLine line) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            if (ends(line.getCommand(), code)) {
                codes.put(" " + code.code(), meaning(line.getCommand(), code));
            }
        }
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
        line.getCommandSpec().usageMessage().exitCodeList(codes);
        line.getSubcommands().values().forEach(CommandLines::listExitCodes);
    }

    /** Whether that command can end so. */
    private static boolean ends(Object command, ExitCode with) {
        Class<?> kind = command.getClass();
        return switch (with) {
            case NOT_RECOVERABLE -> COUNT_WHAT_IS_LEFT.contains(kind);
            case TEMPORARY -> !NEED_NOBODY.contains(kind) && kind.getEnclosingClass()
                    != UserCommand.class;
            case UNREADABLE -> kind == Par2VerifyCommand.class || kind == Par2RepairCommand.class;
            case DONE, FAILED, USAGE -> true;
        };
    }

    private static String meaning(Object command, ExitCode code) {
        if (command instanceof Par2RepairCommand && code == ExitCode.UNREADABLE) {
            return "all is whole now but files that are refused";
        }
        return !(command instanceof Par2VerifyCommand) ? code.meaning() : switch (code) {
            case DONE -> "whole";
            case FAILED -> "damaged but repairable";
            case UNREADABLE -> "not checked: a file cannot be read, or it did not work otherwise;"
                    + " or all others are whole, and some were refused";
            default -> code.meaning();
        };
    }

    private static int usage(ParameterException first, String[] args) {
        ParameterException e = unknownOption(first, args).orElse(first);
        // What is printed goes where the line that failed writes, not the one that was read again.
        CommandLine command = first.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        // Picocli begins some of its messages so, and not others.
        String message = e.getMessage().replaceFirst("^Error: ", "");
        command.getErr().println(name + ": " + message);
        suggest(e, command);
        command.getErr().println("Try '" + name + " --help'.");
        command.getErr().flush();
        int status = Par2ExitCodes.ofUsage(command.getCommand(), args);
        List<String> words = Arrays.asList(args);
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        // Where the arguments end that were understood, --json may not have been read yet.
        if (command.getCommand() instanceof OutputOptions.Has
                && words.subList(0, end).contains("--json")) {
            OutputOptions.printAsJson(command.getOut(), status,
                    new CommandFailure(ExitCode.USAGE, message, e));
        }
        return status;
    }

    /**
     * The option that does not exist among these words, if any: picocli complains of what is
     * missing first, and who misspelt an option is told that it lacks.
     */
    private static Optional<ParameterException> unknownOption(
            ParameterException first, String[] args) {
        if (first instanceof UnmatchedArgumentException) {
            return Optional.empty();
        }
        CommandLine again = create(args);
        collectErrors(again);
        List<Exception> errors = new ArrayList<>();
        try {
            for (ParseResult parsed = again.parseArgs(args); parsed != null;
                    parsed = parsed.subcommand()) {
                errors.addAll(parsed.errors());
            }
        } catch (ParameterException e) {
            errors.add(e); // Of what no parsing comes through, the first failure will do.
        }
        return errors.stream()
                .filter(UnmatchedArgumentException.class::isInstance)
                .map(UnmatchedArgumentException.class::cast)
                .filter(UnmatchedArgumentException::isUnknownOption)
                .map(ParameterException.class::cast)
                .findFirst();
    }

    private static void collectErrors(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(CommandLines::collectErrors);
    }

    private static void suggest(ParameterException e, CommandLine command) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                && !command.getSubcommands().isEmpty()) {
            nearest(command, unmatched.getUnmatched().getFirst()).ifPresent(
                    near -> command.getErr().println("Did you mean: " + near + "?"));
        } else {
            UnmatchedArgumentException.printSuggestions(e, command.getErr());
        }
    }

    /** The command of another that somebody probably meant by a word that is none. */
    static Optional<String> nearest(CommandLine command, String word) {
        return DidYouMean.nearest(word, command.getSubcommands().keySet())
                .map(near -> command.getCommandSpec().qualifiedName() + " " + near);
    }

    private static boolean goesOn(CommandLine command) {
        return GO_ON.contains(command.getCommand().getClass())
                && command.getParseResult().originalArgs().stream()
                        .noneMatch(word -> word.equals("--restart") || word.equals("-"));
    }

    private static int report(CommandLine command, String name, Throwable e, boolean debug) {
        if (Interruption.isUnderWay()) {
            if (command.getCommand() instanceof OutputOptions.Has) {
                command.getErr().println(name + ": interrupted before it was done"
                        + (goesOn(command)
                                ? "; the same command goes on from here" : ""));
                command.getErr().flush();
            }
            return ExitCode.FAILED.code(); // Not seen by anybody: the signal decides.
        }
        CommandFailure failure = e instanceof CommandFailure known ? known : failureOf(e);
        failure.getMessage().lines().forEach(text -> command.getErr().println(name + ": " + text));
        if (debug) {
            e.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        if (command.getCommand() instanceof OutputOptions.Has reporting) {
            CommandFailure own = reporting.asItsOwn(failure);
            int status = reporting.status(own);
            reporting.output().printFailure(command.getOut(), status, own);
            return status;
        }
        return failure.exitCode().code();
    }

    private static CommandFailure failureOf(Throwable e) {
        if (e instanceof UncheckedIOException wrapped) {
            return failureOf(wrapped.getCause());
        }
        if (e instanceof IOException io) {
            return new CommandFailure(ExitCode.FAILED, Explanation.of(io), e);
        }
        return new CommandFailure(ExitCode.FAILED, "internal error: " + e
                + "\n--debug prints where it happened; please report it.", e);
    }
}
