package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.tools.client.Nobody;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code post} and {@code fetch} as a script calls them. */
class PostAndFetchCommandTest {
    @TempDir Path folder;

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(folder.resolve(name), bytes);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void piecesAreJoinedOrNotAndEventsAreLinesBeforeTheResult() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Path nzb = folder.resolve("cut.nzb");
            String at = server.address().toString();
            Run post = Run.spillway("post", file("x.001", 30_000), file("x.002", 20_000), "--to",
                    at, "--group", "spill.test", "--part-size", "10K", "--nzb", nzb, "--json");
            assertEquals(0, post.exitCode(), post.err());
            Run joined = Run.spillway("fetch", nzb, "--from", at, "-o", folder.resolve("joined"),
                    "--json", "--events");
            assertEquals(0, joined.exitCode(), joined.err());
            assertEquals(List.of("x"), names(folder.resolve("joined")));
            List<String> lines = joined.out().lines().toList();
            Map<?, ?> health = lines.stream().map(line -> (Map<?, ?>) Json.read(line))
                    .filter(line -> "health".equals(line.get("event"))).findFirst().orElseThrow();
            assertEquals(true, health.get("recoverable"));
            Map<?, ?> result = (Map<?, ?>) Json.read(lines.getLast());
            assertEquals(0L, result.get("exitCode"));
            Run apart = Run.spillway("fetch", nzb, "--from", at, "-o", folder.resolve("apart"),
                    "--no-join", "-q");
            assertEquals(0, apart.exitCode(), apart.err());
            assertEquals("", apart.out());
            assertEquals(List.of("x.001", "x.002"), names(folder.resolve("apart")));
        }
    }

    @Test
    void ratesThatWouldTakeYearsAreRefusedAndOthersSayHowLongTheyTake() throws Exception {
        String data = file("a.bin", 30_000).toString();
        Run years = Run.spillway("post", data, "--to", "127.0.0.1:9", "--group", "a.b", "--rate",
                "1", "--dry-run");
        assertEquals(2, years.exitCode());
        assertTrue(years.err().contains("1 octet a second, and the least is 1K"), years.err());
        Run minutes = Run.spillway("post", data, "--to", "127.0.0.1:9", "--group", "a.b", "--rate",
                "1K", "--redundancy", "0", "--dry-run");
        assertEquals(0, minutes.exitCode(), minutes.err());
        assertTrue(minutes.out().contains("that takes at least 29"), minutes.out());
    }

    @Test
    void manifestsMayComeThroughPipesOneAtATime() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Path nzb = folder.resolve("piped.nzb");
            String at = server.address().toString();
            Run post = Run.spillway("post", file("a.bin", 30_000), "--to", at, "--group",
                    "spill.test", "--nzb", nzb, "-q");
            assertEquals(0, post.exitCode(), post.err());
            Path pipe = folder.resolve("pipe");
            assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
            Process writer = new ProcessBuilder("cp", nzb.toString(), pipe.toString()).start();
            Run piped = Run.spillway("fetch", pipe, "--from", at, "-o", folder.resolve("out"));
            assertEquals(0, piped.exitCode(), piped.err());
            assertEquals(List.of("a.bin"), names(folder.resolve("out")));
            writer.waitFor();
            InputStream before = System.in;
            try (InputStream in = Files.newInputStream(nzb)) {
                System.setIn(in);
                Run health = Run.spillway("health", "-", "--on", at);
                assertEquals(0, health.exitCode(), health.err());
            } finally {
                System.setIn(before);
            }
            Run two = Run.spillway("fetch", nzb, "other.nzb", "--from", at);
            assertEquals(2, two.exitCode(), two.err());
            assertTrue(two.err().contains("One manifest at a time: \"other.nzb\" is one too many"),
                    two.err());
        }
    }

    @Test
    void keptFilesDoNotCountAsFetched() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Path nzb = folder.resolve("two.nzb");
            String at = server.address().toString();
            Run.spillway("post", file("a.bin", 30_000), file("b.bin", 20_000), "--to", at,
                    "--group", "spill.test", "--nzb", nzb, "-q");
            Files.write(folder.resolve("b.bin"), new byte[9]);
            Run again = Run.spillway("fetch", nzb, "--from", at, "-o", folder, "--overwrite");
            assertEquals(0, again.exitCode(), again.err());
            assertTrue(again.out().startsWith("fetched 1 file, 20.0 kB"), again.out());
            assertTrue(again.out().contains("; 1 file kept"), again.out());
        }
    }

    @Test
    void serversThatNobodyReachesAreTriedAsLongAsPatienceSays() throws Exception {
        Path data = file("a.bin", 1000);
        Path nzb = folder.resolve("a.nzb");
        try (ScriptedServer server = new ScriptedServer()) {
            assertEquals(0, Run.spillway("post", data, "--to", server.address(), "--group", "a.b",
                    "--nzb", nzb, "-q").exitCode());
        }
        try (Nobody nobody = new Nobody()) {
            List<List<Object>> commands = List.of(
                    List.of("post", data, "--to", nobody.hostPort(), "--group", "a.b", "--nzb",
                            folder.resolve("b.nzb")),
                    List.of("fetch", nzb, "--from", nobody.hostPort(), "-o",
                            folder.resolve("out")),
                    List.of("health", nzb, "--on", nobody.hostPort()));
            long began = System.nanoTime();
            commands.parallelStream().forEach(words -> {
                Run impatient = Run.spillway(with(words, "--patience", "1"));
                assertEquals(75, impatient.exitCode(), words + impatient.err());
                Run never = Run.spillway(with(words, "--patience", "0"));
                assertEquals(2, never.exitCode(), words + never.err());
                assertTrue(never.err().contains("--patience 0 is not between 1 and 86400"),
                        never.err());
            });
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(15).toNanos(),
                    "as long as they try otherwise");
        }
    }

    private static Object[] with(List<Object> words, Object... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toArray();
    }

    @Test
    void mirrorsThatLackArticlesAreNamedThoughEnoughOthersHaveAll() {
        String text = PostCommand.describe(new PostResult(Path.of("x.nzb"), 1, 1000, 100, 20, 100,
                10, 1, 0, 1000, 0, List.of(), List.of(
                        new PostResult.Mirror("a.example:119", 0, ""),
                        new PostResult.Mirror("b.example:119", 7, ""),
                        new PostResult.Mirror("c.example:119", 20, "it does not answer")),
                Duration.ofSeconds(1), false));
        assertTrue(text.contains("all of it is on a.example:119"), text);
        assertTrue(text.contains("b.example:119 lacks 7 of 20 articles"), text);
        assertTrue(text.contains("c.example:119 has not said what it has: it does not answer"),
                text);
    }
}
