package net.spillway.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {
    @TempDir private Path dir;

    @Test
    void namesAreTheOnesThatFetchingGives() throws IOException {
        List<Path> inputs = SampleFiles.write(dir.resolve("in"), 5, Progress.none());
        Map<String, String> hashes = Hashes.ofInputs(inputs, Progress.none());
        assertEquals(hashes, Hashes.ofFolder(dir.resolve("in"), Progress.none()));
        assertTrue(hashes.containsKey("large.bin") && hashes.containsKey("tree/a/b/c/deep.bin"),
                hashes.keySet().toString());
        assertEquals(0, Files.size(dir.resolve("in/tree/empty.txt")));
        assertEquals(64 << 20, Files.size(dir.resolve("in/large.bin")));
    }

    @Test
    void missingAdditionalAndChangedFilesAreDifferent() {
        assertEquals(List.of("added", "changed", "gone"), Demo.compare(
                Map.of("same", "1", "changed", "2", "gone", "3"),
                Map.of("same", "1", "changed", "x", "added", "4")));
    }
}
