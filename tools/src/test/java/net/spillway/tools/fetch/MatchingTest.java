package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.packet.Hash16;
import net.spillway.protocol.MessageId;
import net.spillway.tools.nzb.NzbFile;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static final int FILES = 3000;
    private static final Hash16 NONE = Hash16.md5(new byte[0]);

    /** Files of which nothing came are matched by name alone. */
    private static TargetFile named(String name, int index) {
        return new TargetFile(new NzbFile.Entry("\"" + name + "\" yEnc (1/1)", "p", 1,
                List.of("a.b"), List.of(new NzbFile.Segment(1, 10,
                        MessageId.parse("<" + index + "@x.example>").orElseThrow()))),
                Optional.empty(), index, Path.of("nothing"), Optional.empty());
    }

    private static ParFile file(String name, int slice) {
        return new ParFile(Hash16.md5(name.getBytes(StandardCharsets.UTF_8)), name, 100, NONE,
                NONE, slice, 1, List.of());
    }

    private static ParitySet set(List<ParFile> files) {
        return new ParitySet(
                new Par2Set(NONE, 100, files, List.of(), List.of(), "somebody"), null);
    }

    @Test
    void filesAreFoundByNameWithTheirFoldersOrWithoutIfOneIsCalledSo() throws Exception {
        TargetFile full = named("d/one", 0);
        TargetFile base = named("two", 1);
        TargetFile twin = named("three", 2);
        TargetFile other = named("three", 3);
        List<ParFile> files = List.of(file("d/one", 0), file("d/two", 1), file("d/three", 2));
        ParitySet set = set(files);
        Matching matching = new Matching(List.of(full, base, twin, other));
        matching.match(set);
        assertEquals(Optional.of(full), set.matchOf(files.get(0)));
        assertEquals(Optional.of(base), set.matchOf(files.get(1)));
        assertEquals(Optional.empty(), set.matchOf(files.get(2)));
        assertEquals(List.of(twin, other), matching.unmatched());
    }

    @Test
    void theWorkDoesNotGrowWithTheSquareOfFiles() throws Exception {
        List<TargetFile> targets = new ArrayList<>();
        List<ParFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            targets.add(named("here" + i, i));
            files.add(file((i % 2 == 0 ? "here" : "elsewhere") + i, i));
        }
        ParitySet set = set(files);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Matching matching = new Matching(targets);
        matching.match(set);
        long octets = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(FILES / 2, matching.unmatched().size());
        assertTrue(octets < 32L << 20, octets + " octets");
    }
}
