package net.spillway.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.protocol.ArticleLimits;
import net.spillway.protocol.WireArticle;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What fuzzing starts from and what it has found, in every build and without Jazzer's agent, whose
 * probes would slow other tests down.
 */
class FuzzCorpusTest {
    private static final List<String> FOLDERS = List.of(
            "CommandLineFuzzTestInputs/commandLine", "ArticleFuzzTestInputs/article");

    private static List<Path> corpus(String folder) throws Exception {
        Path path = Path.of(FuzzCorpusTest.class.getResource(folder).toURI());
        try (Stream<Path> files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    private static List<Path> all() throws Exception {
        return Stream.concat(corpus(FOLDERS.get(0)).stream(), corpus(FOLDERS.get(1)).stream())
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> everyInputKeepsToTheRules() throws Exception {
        return all().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                () -> {
                    byte[] data = Files.readAllBytes(file);
                    Targets.commandLine(data);
                    Targets.article(data);
                }));
    }

    @Test
    void seededChangesKeepToTheRules() throws Exception {
        byte[] odd = {0, '\r', '\n', '.', ' ', '<', '>', ':', '!', -1};
        Random random = new Random(3977);
        for (Path file : all()) {
            byte[] seed = Files.readAllBytes(file);
            for (int i = 0; i < 2000 && seed.length > 0; i++) {
                byte[] data = Arrays.copyOf(seed, seed.length);
                for (int n = random.nextInt(1, 5); n > 0; n--) {
                    data[random.nextInt(data.length)] = odd[random.nextInt(odd.length)];
                }
                Targets.commandLine(data);
                Targets.article(data);
            }
        }
    }

    /** Without this the target might see nothing but refused articles. */
    @Test
    void theSeedsAreArticles() throws Exception {
        for (Path file : corpus(FOLDERS.get(1))) {
            if (file.getFileName().toString().startsWith("good")) {
                byte[] data = Files.readAllBytes(file);
                assertDoesNotThrow(() -> WireArticle.parse(data, ArticleLimits.DEFAULT));
            }
        }
    }
}
