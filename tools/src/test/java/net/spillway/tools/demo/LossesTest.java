package net.spillway.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static final long SLICE = 1000;
    private final List<NzbFile.Meta> notes = new ArrayList<>();
    private final List<NzbFile.Entry> entries = new ArrayList<>();

    private void file(String name, int articles, long length) {
        List<NzbFile.Segment> segments = new ArrayList<>();
        for (int i = 1; i <= articles; i++) {
            segments.add(new NzbFile.Segment(
                    i, 1050, MessageId.ofBare(name + "." + i + "@example.org")));
        }
        entries.add(new NzbFile.Entry(
                "\"" + name + "\" yEnc", "a", 0, List.of("g.h"), segments));
        if (length > 0) {
            notes.add(new NzbFile.Meta(NzbFile.FILE, new FileNote(length, "0".repeat(32),
                    Optional.of(segments.getFirst().id()), name).toMeta()));
        }
    }

    private List<MessageId> choose(int recoverySlices, double share, long seed) {
        return Losses.choose(new NzbFile(notes, entries), SLICE, recoverySlices, share, seed);
    }

    @Test
    void sameSeedLosesTheSameArticles() {
        file("a", 90, 90 * SLICE);
        file("a.vol0+10.par2", 10, 0);
        assertEquals(choose(10, 0.05, 1), choose(10, 0.05, 1));
        assertNotEquals(choose(10, 0.05, 1), choose(10, 0.05, 2));
        assertEquals(5, new HashSet<>(choose(10, 0.05, 1)).size());
    }

    @Test
    void lossesNeverExceedWhatParityCovers() {
        file("a", 100, 100 * SLICE);
        for (long seed = 0; seed < 50; seed++) {
            assertEquals(3, choose(3, 0.2, seed).size());
        }
    }

    @Test
    void articlesThatCarrySeveralSlicesCostAsMany() {
        file("small", 10, 40 * SLICE);
        assertEquals(2, choose(11, 1, 1).size());
    }

    @Test
    void nothingIsLostWhereNothingIsCovered() {
        file("a", 10, 10 * SLICE);
        assertTrue(choose(0, 0.05, 1).isEmpty());
    }
}
