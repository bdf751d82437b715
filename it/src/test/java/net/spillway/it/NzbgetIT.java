package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.spillway.it.CommandLine.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another fetcher, NZBGet, with a manifest of ours. */
class NzbgetIT {
    private static final Path NZBGET = Path.of("/usr/bin/nzbget");
    private static final String GROUP = "it.files";

    @TempDir
    Path temp;

    /** It fetches, notices what is missing, fetches our parity, repairs, and renames by PAR2. */
    @Test
    void nzbgetFetchesAndRepairsWhatWePosted() throws Exception {
        assumeTrue(Files.isExecutable(NZBGET), "nzbget is not installed");
        Path tree = temp.resolve("tree");
        Folders.file(tree.resolve("large.bin"), 1, 3_000_000);
        Folders.file(tree.resolve("sub/medium file.bin"), 2, 200_001);
        Path nzb = temp.resolve("tree.nzb");
        try (Federation federation = Federation.ofOne(temp.resolve("relays"), GROUP)) {
            RelayProcess relay = federation.relay("solo");
            CommandLine commands = CommandLine.in(temp);
            commands.run("post", tree.toString(), "--to", relay.hostPort(), "--group", GROUP,
                    "--part-size", "64K", "--nzb", nzb.toString()).expect(0);
            List<String> lost = Manifest.read(nzb).data().subList(3, 5);
            relay.stop();
            commands.run("spool", "remove", "--config", relay.config().toString(),
                    lost.get(0), lost.get(1)).expect(0);
            relay.start();
            Path out = temp.resolve("nzbget");
            Outcome outcome = commands.runForeign(command(nzb, out, relay)).expect(0);
            Map<String, String> got = Folders.contents(out.resolve("done"));
            for (String hash : Folders.contents(tree).values()) {
                assertTrue(got.containsValue(hash), () -> got + "\n" + outcome.stdout());
            }
        }
    }

    private static String[] command(Path nzb, Path out, RelayProcess relay) {
        return new String[] {NZBGET.toString(), "-n",
            "-o", "MainDir=" + out, "-o", "DestDir=" + out.resolve("done"),
            "-o", "InterDir=" + out.resolve("inter"), "-o", "QueueDir=" + out.resolve("queue"),
            "-o", "TempDir=" + out.resolve("temp"), "-o", "NzbDir=" + out.resolve("nzb"),
            "-o", "LockFile=none", "-o", "WriteLog=none", "-o", "OutputMode=log",
            "-o", "ParCheck=auto", "-o", "ParRename=yes", "-o", "Unpack=no",
            "-o", "Server1.Active=yes", "-o", "Server1.Level=0",
            "-o", "Server1.Host=" + relay.address().getHostString(),
            "-o", "Server1.Port=" + relay.address().getPort(), "-o", "Server1.Connections=4",
            nzb.toString()};
    }
}
