package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.fec.engine.Engines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of computing rises to its total, and is told while sums are computed too. */
class ProgressTest {
    private static final int SIZE = 600_001;
    private static final int SLICE = 20_004;

    @TempDir Path folder;

    private final List<long[]> told = new ArrayList<>();

    private ParityOptions options(ParityOptions options) {
        return options.withProgress(
                (phase, done, total) -> {
                    if (phase == ProgressListener.Phase.COMPUTING) {
                        told.add(new long[] {done, total});
                    }
                });
    }

    private static List<ParityOptions> ways() {
        ParityOptions usual = TestFiles.options().withThreads(2);
        return List.of(
                usual,
                usual.withMemory(ParityOptions.MIN_MEMORY),
                usual.withEngine(Engines.portable()));
    }

    @Test
    void computingIsToldToItsEndWhenCreatingAndWhenRepairing() throws Exception {
        Path data = TestFiles.write(Files.createDirectories(folder.resolve("data")), "one", SIZE);
        for (ParityOptions way : ways()) {
            Path set = Files.createTempDirectory(folder, "set").resolve("set.par2");
            Par2Creator.builder(set, data.getParent())
                    .files(List.of(data))
                    .sliceSize(SLICE)
                    .recoveryCount(9)
                    .options(options(way))
                    .build()
                    .create();
            risesTo(SIZE);

            byte[] bytes = Files.readAllBytes(data);
            byte[] damaged = bytes.clone();
            for (int i = 0; i < 9; i++) {
                damaged[2 * i * SLICE]++;
            }
            Files.write(data, damaged);
            var result =
                    Par2Repairer.repair(
                            Par2Archive.open(set), data.getParent(), List.of(), options(way));
            assertTrue(result instanceof RepairResult.Repaired, () -> "not repaired: " + result);
            risesTo(30L * SLICE);
            Files.delete(data.resolveSibling("one.1"));
        }
    }

    /** It never falls, stops on the way when all is hashed or read, and ends with the total. */
    private void risesTo(long total) {
        long before = 0;
        int late = 0;
        for (long[] one : told) {
            assertTrue(one[0] >= before, "falls from " + before + " to " + one[0]);
            assertEquals(total, one[1]);
            before = one[0];
            late += before > total * 7 / 10 && before < total ? 1 : 0;
        }
        assertEquals(total, before);
        assertTrue(late > 0, "nothing is told between reading and the end");
        told.clear();
    }
}
