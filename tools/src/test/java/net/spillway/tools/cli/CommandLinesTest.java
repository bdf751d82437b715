package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLinesTest {
    @TempDir private Path dir;

    @Test
    void theContractsCommandsAndOptionsAreThere() {
        CommandLine top = CommandLines.create();
        assertAll(
                () -> has(top, "relay", "--config", "--data", "--listen"),
                () -> has(top, "post", "--to", "--group", "--redundancy", "--part-size",
                        "--connections", "--nzb", "--from", "--json", "--quiet", "--credentials",
                        "--tls-ca", "--insecure"),
                () -> has(top, "fetch", "--from", "-o", "--connections", "--json", "--quiet",
                        "--credentials", "--tls-ca", "--insecure"),
                () -> has(top, "status", "--on", "--json"),
                () -> has(top, "demo", "--json", "--quiet", "--seed", "--keep"),
                () -> has(top.getSubcommands().get("par2"), "create",
                        "-r", "-c", "-s", "-b", "--json", "--quiet"),
                () -> has(top.getSubcommands().get("par2"), "verify", "--json", "--quiet"),
                () -> has(top.getSubcommands().get("par2"), "repair", "--json", "--quiet"),
                () -> has(top.getSubcommands().get("config"), "check"),
                () -> has(top.getSubcommands().get("spool"), "remove", "--data", "--ids"),
                () -> has(top.getSubcommands().get("spool"), "rebuild", "--data"),
                () -> has(top.getSubcommands().get("spool"), "stats", "--data"),
                () -> has(top, "completion"));
    }

    private static void has(CommandLine parent, String name, String... options) {
        CommandLine command = parent.getSubcommands().get(name);
        assertTrue(command != null, name);
        Set<String> known = command.getCommandSpec().optionsMap().keySet();
        for (String option : options) {
            assertTrue(known.contains(option), name + " " + option);
        }
        assertTrue(known.containsAll(List.of("--help", "--version")), name);
    }

    @Test
    void everyHelpNamesTheExitCodesThatTheCommandCanEndWith() {
        for (List<String> command : commands(CommandLines.create(), List.of())) {
            List<Object> words = new ArrayList<>(command);
            words.add("--help");
            Run run = Run.spillway(words.toArray());
            assertEquals(0, run.exitCode(), command.toString());
            for (ExitCode code : List.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE)) {
                assertTrue(names(run, code), command + " does not name " + code);
            }
            assertFalse(run.out().contains("%%") || run.out().contains("%n"), run.out());
        }
    }

    private static boolean names(Run help, ExitCode code) {
        return help.out().matches("(?s).*\\n +" + code.code() + " +\\w.*");
    }

    @Test
    void onlyWhatCountsParityCanEndForTheLackOfItAndOnlyWhatWaitsForOthersCanBeTemporary() {
        for (String command : List.of("user add", "config check", "completion")) {
            Run help = Run.spillway((Object[]) (command + " --help").split(" "));
            assertFalse(names(help, ExitCode.TEMPORARY), help.out());
            assertFalse(names(help, ExitCode.NOT_RECOVERABLE), help.out());
        }
        assertFalse(names(Run.spillway("reload", "--help"), ExitCode.NOT_RECOVERABLE));
        assertTrue(names(Run.spillway("reload", "--help"), ExitCode.TEMPORARY));
        for (String command : List.of("fetch", "health", "par2 verify", "par2 repair")) {
            assertTrue(names(Run.spillway((Object[]) (command + " --help").split(" ")),
                    ExitCode.NOT_RECOVERABLE), command);
        }
        String verify = Run.spillway("par2", "verify", "--help").out();
        assertTrue(verify.contains("repairable"));
        String codes = verify.substring(verify.indexOf("Exit codes:")).replaceAll("\\s+", " ");
        assertTrue(codes.contains("or all others are whole, and some were refused"), codes);
        assertFalse(Run.spillway("reload", "--help").out().contains("repairable"));
    }

    @Test
    void aCommandBuiltAloneHelpsAsAmongAllTheOthers() {
        CommandLine all = CommandLines.create();
        all.getSubcommands().forEach((name, command) -> {
            CommandLine alone = CommandLines.create(name);
            assertTrue(alone.getSubcommands().containsKey(name), name);
            assertEquals(command.getUsageMessage(),
                    alone.getSubcommands().get(name).getUsageMessage());
        });
        assertEquals(1, CommandLines.create("par2", "create").getSubcommands().size());
    }

    private static List<List<String>> commands(CommandLine line, List<String> prefix) {
        List<List<String>> all = new ArrayList<>(List.of(prefix));
        line.getSubcommands().forEach((name, command) -> {
            List<String> words = new ArrayList<>(prefix);
            words.add(name);
            all.addAll(commands(command, words));
        });
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nonsense", "post", "post x --group g", "post x --to host --group g",
        "post x --to host:0 --group g", "post x --to http://host:1 --group g",
        "post x --to host:1 --group g --redundancy much",
        "post x --to host:1 --group g --redundancy -5%",
        "post x --to host:1 --group g --part-size 5M",
        "post x --to host:1 --group g --connections 0",
        "fetch x", "fetch --from host:1", "fetch x --from host:1 --connections 65",
        "fetch x --from host:1 --insecure --tls-ca y",
        "relay", "relay --data a --config b", "relay --listen host:1",
        "relay --config a --listen host:1", "relay --data a --listen nntps://host:1",
        "config", "config check", "spool", "spool remove --data a", "spool stats",
        "spool remove --data a --ids b <c@d>", "status", "demo --seed x",
        "par2", "par2 create", "par2 create x.par2", "par2 create -s 4 -b 5 x.par2 pom.xml",
        "par2 create -s 3 x.par2 pom.xml", "par2 create -r 5 -c 5 x.par2 pom.xml",
        "par2 create -l -u x.par2 pom.xml", "par2 create -t 0 x.par2 pom.xml",
        "par2 create x.par2 src", "par2 verify no-such.par2", "par2 verify src",
        "post no-such --to host:1 --group g", "spool remove --data a --ids no-such",
        "fetch pom.xml --from host:1", "fetch src --from host:1", "par2 verify pom.xml",
        "completion extra"
    })
    void whatCannotBeUnderstoodIsExitCodeTwoWithOneClearMessage(String line) {
        Run run = Run.spillway((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), line);
        assertTrue(run.err().startsWith("spillway"), run.err());
        assertFalse(run.err().contains("\tat ") || run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace --json --on A1", "group set x --status q --json --on a:1",
        "config check --json", "config check --json --no-such x"})
    void scriptsGetJsonAlsoForWhatCannotBeUnderstood(String line) {
        Run run = Run.spillway((Object[]) line.split(" "));
        Map<?, ?> told = (Map<?, ?>) Json.read(run.out());
        assertEquals(2L, told.get("exitCode"));
        assertEquals("usage", told.get("kind"));
        assertTrue(run.err().contains(String.valueOf(told.get("error"))), run.err());
    }

    @Test
    void helpIsACommandTooAndAWordThatIsNearlyOneIsToldSo() {
        assertEquals(Run.spillway("par2", "create", "--help").out(),
                Run.spillway("help", "par2", "create").out());
        assertEquals(Run.spillway("--help").out(), Run.spillway("help").out());
        assertTrue(Run.spillway("hlep").err().contains("Did you mean: spillway help?"));
        assertTrue(Run.spillway("par2", "verfiy").err()
                .contains("Did you mean: spillway par2 verify?"));
        Run none = Run.spillway("help", "par2", "craete");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("There is no command \"spillway par2 craete\"."
                + " Did you mean: spillway par2 create?"), none.err());
        assertFalse(Run.spillway("zzzzzz").err().contains("Did you mean"));
    }

    /** Who misspelt an option is not helped by hearing that it, or anything else, is missing. */
    @Test
    void misspeltOptionsAreToldBeforeWhatIsMissingOrWrongBesides() {
        for (List<String> command : commands(CommandLines.create(), List.of())) {
            List<Object> words = new ArrayList<>(command);
            words.add("--formm");
            Run run = Run.spillway(words.toArray());
            assertEquals(ExitCode.USAGE.code(), run.exitCode(), command.toString());
            assertTrue(run.err().contains(": Unknown option: '--formm'"), command + run.err());
        }
        Run run = Run.spillway("par2", "create", "-s", "abc", "--recurce", "--json");
        assertTrue(run.err().contains("Unknown option: '--recurce'"), run.err());
        assertTrue(run.err().contains(", --recurse"), run.err());
        assertTrue(run.out().startsWith("{\"exitCode\": 2, \"error\": \"Unknown"), run.out());
        assertTrue(Run.spillway("par2", "create", "-s", "abc").err().contains("abc"));
    }

    @Test
    void versionNamesTheProgram() {
        Run run = Run.spillway("--version");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().matches("(?s)spillway \\d\\S+\\R.*"), run.out());
    }

    @Test
    void completionIsABashScriptThatKnowsTheCommands() {
        Run run = Run.spillway("completion");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("#!/usr/bin/env bash"));
        assertTrue(run.out().contains("par2") && run.out().contains("complete -F"));
    }

    @Test
    void aFailureIsOneLineAndTheTraceOnlyUnderDebug() {
        Run plain = Run.spillway("spool", "stats", "--data", dir);
        assertEquals("spillway spool stats: " + dir.resolve("spool") + ": there is no spool here.",
                plain.err().strip());
        Run debug = Run.spillway("spool", "stats", "--data", dir, "--debug");
        assertEquals(plain.exitCode(), debug.exitCode());
        assertTrue(debug.err().contains("\tat net.spillway"), debug.err());
    }

    @Test
    void aFailureIsJsonTooWhenAskedFor() {
        Run run = Run.spillway("spool", "stats", "--data", dir, "--json");
        assertTrue(run.out().startsWith("{\"exitCode\": 2, \"error\": \""), run.out());
    }
}
