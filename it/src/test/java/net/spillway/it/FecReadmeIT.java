package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's README: its examples are whole programs, and do what it says. */
class FecReadmeIT {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Path FEC = Program.root().resolve("fec");

    @TempDir
    Path temp;

    private final String readme = read();

    private static String read() {
        try {
            return Files.readString(FEC.resolve("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void examplesMakeASetMendAFileAndFillInLostSlices() throws Exception {
        List<String> examples =
                EXAMPLE.matcher(readme).results().map(match -> match.group(1)).toList();
        assertEquals(3, examples.size());
        Path photo = Folders.file(temp.resolve("photos/one.jpg"), 1, 200_000);
        Folders.file(temp.resolve("photos/summer/two.jpg"), 2, 100_000);
        Map<String, String> before = Folders.contents(temp.resolve("photos"));

        assertTrue(run(examples.get(0)).contains("50 recovery slices in "));
        try (RandomAccessFile file = new RandomAccessFile(photo.toFile(), "rw")) {
            file.seek(100_000);
            file.write(new byte[5_000]);
        }
        assertTrue(run(examples.get(1)).contains("repaired [one.jpg]"));
        Map<String, String> after = Folders.contents(temp.resolve("photos"));
        before.forEach((name, hash) -> assertEquals(hash, after.get(name), name));

        assertTrue(run(examples.get(2)).contains("slice 3 is back\nslice 7 is back"));
    }

    private String run(String example) throws IOException, InterruptedException {
        Path source = Files.writeString(temp.resolve("Example.java"), example);
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector",
                "-cp", System.getProperty("java.class.path"), source.toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said").toFile())
                .start();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(temp.resolve("said"));
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    @Test
    void everyLinkLeadsSomewhere() {
        LINK.matcher(readme).results().map((MatchResult link) -> link.group(1)).forEach(
                link -> assertTrue(Files.exists(FEC.resolve(link)), link));
    }
}
