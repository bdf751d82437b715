package net.spillway.fec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.spillway.fec.engine.Engines;

/** Files for tests, and the other program. */
public final class TestFiles {
    private static final Path PAR2 = Path.of("/usr/bin/par2");

    private TestFiles() {}

    public static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Writes a file of random bytes, with its folders. */
    public static Path write(Path folder, String name, int length) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, random(name.hashCode() ^ length, length));
    }

    /** All files below a folder, by relative name. */
    public static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return contents;
    }

    /** Names of all files and folders below a folder. */
    public static List<String> tree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.map(path -> folder.relativize(path).toString()).sorted().toList();
        }
    }

    public static ParityOptions options() {
        return new ParityOptions(Engines.best(), 2, 64 << 20, ProgressListener.NONE);
    }

    public static void needPar2() {
        assumeTrue(
                Files.isExecutable(PAR2),
                "par2 is not installed (Debian package par2): compatibility is not tested");
    }

    /** Runs par2 in a folder and returns its exit code; 0 is good, 1 repairable, 2 not. */
    public static int par2(Path folder, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(PAR2.toString()));
        command.addAll(List.of(args));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        int code = process.waitFor();
        if (Boolean.getBoolean("spillway.test.verbose")) {
            System.out.println(command + " -> " + code + "\n" + said);
        }
        return code;
    }
}
