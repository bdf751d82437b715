package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's own NNTP library, which came with Python until 3.12, reads and posts. */
class NntplibIT {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String GROUP = "it.python";

    @TempDir
    Path temp;

    @Test
    void nntplibReadsAndPosts() throws Exception {
        CommandLine commands = CommandLine.in(temp);
        assumeTrue(Files.isExecutable(Path.of(PYTHON)) && commands.runForeign(
                PYTHON, "-W", "ignore", "-c", "import nntplib").exitCode() == 0,
                PYTHON + " has no nntplib");
        Path script = temp.resolve("nntplib_check.py");
        try (InputStream in = NntplibIT.class.getResourceAsStream("nntplib_check.py")) {
            Files.copy(in, script);
        }
        try (Federation federation = new Federation(temp)) {
            RelayProcess relay = federation.add("solo", GROUP);
            federation.extra("solo",
                    "[[peer]]\nname = \"python.example.org\"\nfrom = [\"127.0.0.1\"]\n");
            federation.start();
            CommandLine.Outcome outcome = commands.runForeign(PYTHON, script.toString(),
                    relay.address().getHostString(),
                    Integer.toString(relay.address().getPort()), GROUP).expect(0);
            assertEquals("as it should be", outcome.stdout().strip());
        }
    }
}
