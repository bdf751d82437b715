package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripTest {
    @TempDir Path folder;
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void fileComesBackAsItWas() throws Exception {
        Path file = file("data.bin", 1_000_000);
        PostResult posted = post(20_000, file);
        FetchResult fetched = fetch(posted.nzb());
        assertEquals(1, fetched.files().size());
        assertArrayEquals(Files.readAllBytes(file),
                Files.readAllBytes(folder.resolve("out/data.bin")));
        assertEquals(0, fetched.repairedSlices());
        assertEquals(List.of("data.bin"), names(folder.resolve("out")));
    }

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = folder.resolve("in").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private PostResult post(int partSize, Path... inputs) throws InterruptedException {
        return new Poster(PostRequest.of(Arrays.asList(inputs), List.of(server.address()),
                List.of("spill.test")).withPartSize(partSize)
                .withNzb(folder.resolve("post.nzb")), Progress.none()).post();
    }

    private FetchResult fetch(Path nzb) throws InterruptedException {
        return new Fetcher(FetchRequest.of(nzb, List.of(server.address()),
                folder.resolve("out")), Progress.none()).fetch();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> !p.equals(folder)).map(folder::relativize).map(Path::toString)
                    .sorted().toList();
        }
    }
}
