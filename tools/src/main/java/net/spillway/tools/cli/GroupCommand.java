package net.spillway.tools.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway group}: the groups of a running relay. */
@Command(
        name = "group",
        description = {
            "Add, change, remove or list groups of a running relay.",
            "It needs the admin right over the group. Groups that stand in the relay's"
                    + " configuration are changed there, and with 'spillway reload'."},
        subcommands = {
            GroupCommand.Add.class, GroupCommand.Set.class, GroupCommand.Remove.class,
            GroupCommand.ListAll.class
        })
final class GroupCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "Say what to do: add, set, remove or list");
    }

    /** What a group may be said to be. */
    enum Status {
        /** May be posted to. */
        Y,
        /** May not be posted to. */
        N,
        /** Moderated. */
        M;

        String letter() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the commands about one group have in common. */
    private abstract static class OneGroup implements Callable<Integer>, OutputOptions.Has {
        @Mixin private AdminConnection relay;

        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name.")
        private String name;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        /** @param rest of the command, behind the name */
        final int tell(String what, String rest) {
            if (!NewsgroupNames.isValid(name)) {
                throw new CommandFailure(ExitCode.USAGE, "\"" + Terminal.safe(name)
                        + "\" is no newsgroup name; write one such as example.talk.");
            }
            String said = relay.tell(
                    ("XSPILLWAY GROUP " + what + " " + name + " " + rest).strip(), output);
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, Map.of("group", name),
                    said);
        }

        /** One line, since it goes into a command. */
        static String checked(String description) {
            if (description.length() > 500
                    || description.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new CommandFailure(ExitCode.USAGE, "The description is one line of plain"
                        + " text, of 500 characters at most.");
            }
            return description.strip();
        }
    }

    /** {@code spillway group add}. */
    @Command(name = "add", description = "Add a group.")
    static final class Add extends OneGroup {
        @Option(names = "--status", defaultValue = "y", paramLabel = "y|n|m", description =
                "y: may be posted to (the default), n: not, m: moderated.")
        private Status status;

        @Option(names = "--description", defaultValue = "", paramLabel = "TEXT",
                description = "What it is about.")
        private String description;

        @Override
        public Integer call() {
            return tell("ADD", status.letter() + " " + checked(description));
        }
    }

    /** {@code spillway group set}. */
    @Command(name = "set", description = "Give a group another status, and perhaps description.")
    static final class Set extends OneGroup {
        @Option(names = "--status", required = true, paramLabel = "y|n|m", description =
                "y: may be posted to, n: not, m: moderated.")
        private Status status;

        @Option(names = "--description", defaultValue = "", paramLabel = "TEXT",
                description = "What it is about; left as it is if this is not given.")
        private String description;

        @Override
        public Integer call() {
            return tell("SET", status.letter() + " " + checked(description));
        }
    }

    /** {@code spillway group remove}. */
    @Command(
            name = "remove",
            description = "Remove a group. Its articles stay until they expire, and can be had by"
                    + " message-ID; if it is added again, it goes on with its numbers.")
    static final class Remove extends OneGroup {
        @Override
        public Integer call() {
            return tell("REMOVE", "");
        }
    }

    /** {@code spillway group list}. */
    @Command(name = "list", description = "List the groups that may be read here.")
    static final class ListAll implements Callable<Integer>, OutputOptions.Has {
        @Mixin private AdminConnection relay;
        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() {
            Map<String, String> descriptions = new HashMap<>();
            for (String line : relay.list("LIST NEWSGROUPS", output)) {
                String[] halves = line.split("\t", 2);
                descriptions.put(halves[0], halves.length == 2 ? halves[1] : "");
            }
            List<Map<String, Object>> groups = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (String line : relay.list("LIST COUNTS", output)) {
                String[] words = line.split(" ");
                if (words.length == 5 && words[3].matches("[0-9]{1,18}")) {
                    Map<String, Object> group = new LinkedHashMap<>();
                    group.put("group", words[0]);
                    group.put("status", words[4]);
                    group.put("articles", Long.parseLong(words[3]));
                    group.put("description", descriptions.getOrDefault(words[0], ""));
                    groups.add(group);
                    lines.add(Terminal.safe(String.format("%s %12s  %s  %s", words[4],
                            Figures.count(Long.parseLong(words[3])), words[0],
                            group.get("description"))).stripTrailing());
                }
            }
            return output.print(spec.commandLine().getOut(), ExitCode.DONE,
                    Map.of("groups", groups), String.join(System.lineSeparator(), lines));
        }
    }
}
