package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class Par2NamesTest {
    @Test
    void whatNamesAFileIsNoOptionBehindTheFirstName() {
        List<String> words = new ArrayList<>(List.of("a.bin", "-p", "--json", "--dash", "-"));
        Par2Names.keepNames(words, Set.of("a.bin", "-p", "--dash")::contains);
        assertEquals(List.of("a.bin", "./-p", "--json", "./--dash", "-"), words);
    }

    @Test
    void allPar2CommandsKeepNames() {
        CommandLine par2 = CommandLines.create("par2").getSubcommands().get("par2");
        for (String command : List.of("create", "verify", "repair", "info")) {
            assertEquals(Par2Names.class, par2.getSubcommands().get(command).getCommandSpec()
                    .positionalParameters().getFirst().preprocessor().getClass(), command);
        }
    }
}
