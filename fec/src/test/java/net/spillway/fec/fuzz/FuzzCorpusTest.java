package net.spillway.fec.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.fec.Par2Collector;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What fuzzing starts from and what it has found, in every build and without Jazzer's agent, whose
 * probes would slow other tests down.
 */
class FuzzCorpusTest {
    private static final List<String> FOLDERS = List.of(
            "PacketReaderFuzzTestInputs/packetReader", "SetBuilderFuzzTestInputs/setBuilder");

    private static List<Path> corpus(String folder) throws Exception {
        Path path = Path.of(FuzzCorpusTest.class.getResource(folder).toURI());
        try (Stream<Path> files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyInputKeepsToTheRules() throws Exception {
        Stream<DynamicTest> all = Stream.of();
        for (String folder : FOLDERS) {
            all = Stream.concat(all, corpus(folder).stream().map(file ->
                    DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                        byte[] data = Files.readAllBytes(file);
                        Targets.packetReader(data);
                        Targets.setBuilder(data);
                    })));
        }
        return all;
    }

    @Test
    void seededChangesKeepToTheRules() throws Exception {
        Random random = new Random(25);
        for (String folder : FOLDERS) {
            for (Path file : corpus(folder)) {
                byte[] seed = Files.readAllBytes(file);
                for (int i = 0; i < 300 && seed.length > 0; i++) {
                    byte[] data = Arrays.copyOf(seed, seed.length);
                    for (int n = random.nextInt(1, 5); n > 0; n--) {
                        data[random.nextInt(data.length)] = switch (random.nextInt(3)) {
                            case 0 -> 0;
                            case 1 -> -1;
                            default -> (byte) random.nextInt();
                        };
                    }
                    Targets.packetReader(data);
                    Targets.setBuilder(data);
                }
            }
        }
    }

    /** Without this the targets might see nothing but refused packets. */
    @Test
    void sealedSeedGivesASet() throws Exception {
        Path seed = corpus(FOLDERS.get(1)).stream()
                .filter(file -> file.getFileName().toString().equals("index"))
                .findFirst().orElseThrow();
        byte[] data = Files.readAllBytes(seed);
        data[100] ^= 1;
        Par2Collector collector = new Par2Collector();
        collector.add("seed", Seal.sealed(data));
        assertEquals(1, collector.setIds().size());
        assertTrue(collector.archive(collector.setIds().getFirst()).set().sliceCount() > 0);
    }
}
