package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.tools.ExitCode;
import org.junit.jupiter.api.Test;

/** What the README shows must be what there is. */
class ReadmeTest {
    private static final Path SAMPLES =
            Program.root().resolve("conf/src/main/resources/net/spillway/conf/samples");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    private final String readme = read(Program.root().resolve("README.md"));

    /** The samples themselves are loaded by a test of conf, and run by one here. */
    @Test
    void theTwoConfigurationsAreTheSamples() {
        for (String sample : List.of("relay-a.toml", "relay-b.toml")) {
            assertTrue(readme.contains("```toml\n" + read(SAMPLES.resolve(sample)) + "```"), sample);
        }
    }

    @Test
    void everyExitCodeIsInTheTable() {
        Set<Integer> listed = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| (\\d+) \\| ").matcher(readme);
        while (row.find()) {
            listed.add(Integer.parseInt(row.group(1)));
        }
        assertEquals(Stream.of(ExitCode.values()).map(ExitCode::code)
                .collect(Collectors.toCollection(TreeSet::new)), listed);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        Matcher link = LINK.matcher(readme);
        while (link.find()) {
            assertTrue(Files.exists(Program.root().resolve(link.group(1))), link.group(1));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
