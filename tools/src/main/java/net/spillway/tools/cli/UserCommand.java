package net.spillway.tools.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.access.PasswordHash;
import net.spillway.relay.access.UsersFile;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway user}: who may log in at a relay. */
@Command(
        name = "user",
        description = {
            "Add, change, remove or list who may log in at a relay.",
            "They are kept in the users_file of its configuration, with Argon2id hashes for"
                    + " passwords. A running relay sees a change at the next login."},
        subcommands = {
            UserCommand.Add.class, UserCommand.Passwd.class, UserCommand.Remove.class,
            UserCommand.ListAll.class
        })
final class UserCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "Say what to do: add, passwd, remove or list");
    }

    /** Mixin: which file. */
    private static final class Place {
        @ArgGroup(multiplicity = "1")
        private Which which;

        private static final class Which {
            @Option(names = "--file", paramLabel = "FILE", required = true,
                    description = "The file itself.")
            private Path file;

            @Option(names = "--config", paramLabel = "FILE", required = true,
                    description = "The relay's configuration, which names the file.")
            private Path config;
        }

        /** For who only reads it: with a name mistyped there is nothing to be read. */
        UsersFile existing() {
            UsersFile file = file();
            if (which.file != null && !Files.exists(which.file)) {
                throw new CommandFailure(ExitCode.USAGE, "There is no file " + which.file + ".");
            }
            return file;
        }

        /** Its password in the configuration is what counts, and what it may is said there. */
        void refuseConfigured(String name) {
            if (which.config != null && ConfigCommand.load(which.config).user(name).isPresent()) {
                throw new CommandFailure(ExitCode.USAGE, name + " is a user of the configuration"
                        + " already, or of a peer that joined: only the password there counts."
                        + " Choose another name.");
            }
        }

        UsersFile file() {
            if (which.file != null) {
                return new UsersFile(which.file);
            }
            RelayConfig config = ConfigCommand.load(which.config);
            return new UsersFile(config.usersFile().orElseThrow(() -> new CommandFailure(
                    ExitCode.USAGE, which.config + ": names no file of users; add users_file ="
                            + " \"users\" at its top.")));
        }
    }

    /** What add and passwd have in common. */
    private abstract static class WithPassword implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;

        @Parameters(index = "0", paramLabel = "NAME", description = {
            "The user. The password is asked for; where there is no terminal, it is the first line"
                    + " of standard input."})
        private String name;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        final int put(boolean shouldBeThere, String done) throws IOException {
            if (!UsersFile.isName(name)) {
                throw new CommandFailure(ExitCode.USAGE, "\"" + Terminal.safe(name)
                        + "\" cannot be a user's name: no blanks or colons, 128 characters at most.");
            }
            UsersFile file = place.file();
            place.refuseConfigured(name);
            if (file.all().containsKey(name) != shouldBeThere) {
                throw new CommandFailure(ExitCode.USAGE, shouldBeThere
                        ? "There is no user " + name + "; 'spillway user add' makes one."
                        : "There is a user " + name
                                + " already; 'spillway user passwd' changes the password.");
            }
            file.put(name, PasswordHash.of(askForPassword()));
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, Map.of("user", name),
                    done + " " + name);
        }

        private static String askForPassword() throws IOException {
            Console console = System.console();
            if (console != null && console.isTerminal()) {
                char[] first = console.readPassword("Password: ");
                char[] second = console.readPassword("Once more: ");
                if (!Arrays.equals(first, second)) {
                    throw new CommandFailure(ExitCode.USAGE,
                            "The two are not the same; nothing was changed.");
                }
                return checked(first == null ? null : new String(first));
            }
            return checked(new BufferedReader(new InputStreamReader(
                    System.in, StandardCharsets.UTF_8)).readLine());
        }

        private static String checked(String password) {
            if (password == null || password.isEmpty()) {
                throw new CommandFailure(ExitCode.USAGE,
                        "The password is empty; nothing was changed.");
            }
            if (password.length() > 256 || password.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new CommandFailure(ExitCode.USAGE, "The password is longer than 256"
                        + " characters or has a control character; nothing was changed.");
            }
            return password;
        }
    }

    /** {@code spillway user add}. */
    @Command(name = "add", description = "Add a user.")
    static final class Add extends WithPassword {
        @Override
        public Integer call() throws IOException {
            return put(false, "added");
        }
    }

    /** {@code spillway user passwd}. */
    @Command(name = "passwd", description = "Give a user another password.")
    static final class Passwd extends WithPassword {
        @Override
        public Integer call() throws IOException {
            return put(true, "changed the password of");
        }
    }

    /** {@code spillway user remove}. */
    @Command(
            name = "remove",
            description = "Remove a user. Who is logged in stays so until the connection ends.")
    static final class Remove implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;

        @Parameters(index = "0", paramLabel = "NAME", description = "The user.")
        private String name;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            if (!place.file().remove(name)) {
                throw new CommandFailure(ExitCode.USAGE,
                        "There is no user " + Terminal.safe(name) + ".");
            }
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, Map.of("user", name),
                    "removed " + name);
        }
    }

    /** {@code spillway user list}. */
    @Command(name = "list", description = "List the users, one a line.")
    static final class ListAll implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;
        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            List<String> names = List.copyOf(place.existing().all().keySet());
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, Map.of("users", names),
                    String.join(System.lineSeparator(), names));
        }
    }
}
