package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another poster, Nyuu, posts to our relay, and we fetch by its manifest. */
class NyuuIT {
    private static final String GROUP = "it.files";

    @TempDir
    Path temp;

    @Test
    void whatNyuuPostedIsFetchedAndRepairedWithItsParity() throws Exception {
        Optional<Path> nyuu = inPath("nyuu");
        assumeTrue(nyuu.isPresent(), "nyuu is not in the PATH");
        Path in = temp.resolve("in");
        Folders.file(in.resolve("large file.bin"), 1, 2_000_000);
        Folders.file(in.resolve("small.bin"), 2, 30_001);
        Map<String, String> original = Folders.contents(in);
        CommandLine commands = CommandLine.in(temp);
        commands.run("par2", "create", "-q", "-s20000", "-r20", in.resolve("set.par2").toString(),
                in.resolve("large file.bin").toString(), in.resolve("small.bin").toString())
                .expect(0);
        try (Federation federation = Federation.ofOne(temp.resolve("relays"), GROUP)) {
            RelayProcess relay = federation.relay("solo");
            post(commands, nyuu.get(), relay, in);
            commands.run("fetch", "nyuu.nzb", "--from", relay.hostPort(), "-o", "whole")
                    .expect(0);
            assertEquals(original, data(temp.resolve("whole")));
            List<String> lost = Manifest.read(temp.resolve("nyuu.nzb")).data().subList(2, 4);
            relay.stop();
            commands.run("spool", "remove", "--config", relay.config().toString(),
                    lost.get(0), lost.get(1)).expect(0);
            relay.start();
            commands.run("fetch", "nyuu.nzb", "--from", relay.hostPort(), "-o", "repaired")
                    .expect(0);
            assertEquals(original, data(temp.resolve("repaired")));
        }
    }

    /** In chunks it stumbles over its own timer where a server answers at once. */
    private static void post(CommandLine commands, Path nyuu, RelayProcess relay, Path in)
            throws Exception {
        commands.runForeign(nyuu.toString(), "-h", "127.0.0.1", "-P",
                String.valueOf(relay.address().getPort()), "-n", "2", "-a", "50000", "-f",
                "Nyuu <nyuu@example.org>", "-g", GROUP, "-O", "--post-chunk-size", "0",
                "-o", "nyuu.nzb", "-r", "keep", in.toString()).expect(0);
    }

    /** Without parity, which need not come. */
    private static Map<String, String> data(Path folder) throws Exception {
        Map<String, String> contents = Folders.contents(folder);
        contents.keySet().removeIf(name -> name.endsWith(".par2"));
        return contents;
    }

    private static Optional<Path> inPath(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(p -> Path.of(p, program))
                .filter(Files::isExecutable).findFirst();
    }
}
