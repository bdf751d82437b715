package net.spillway.fec;

import static net.spillway.fec.TestFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.packet.Par2Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files behind a link to a folder that leads out of the one that names begin from. */
class LinkedFoldersTest {
    @TempDir private Path dir;
    private Path base;
    private Path inside;
    private Path outside;

    @BeforeEach
    void writeFiles() throws Exception {
        base = Files.createDirectory(dir.resolve("base"));
        inside = write(base, "inside", 4000);
        outside = write(dir, "elsewhere/outside", 4000);
        Files.createDirectory(base.resolve("sub"));
        Files.copy(outside, base.resolve("sub/outside"));
    }

    private void create(Path... files) throws Exception {
        Par2Creator.builder(base.resolve("set.par2"), base)
                .files(List.of(files)).sliceSize(1000).recoveryCount(2)
                .options(TestFiles.options()).build().create();
    }

    private void replaceTheFolderByALink() throws Exception {
        Files.delete(base.resolve("sub/outside"));
        Files.delete(base.resolve("sub"));
        Files.createSymbolicLink(base.resolve("sub"), Path.of("../elsewhere"));
    }

    private VerifyReport verify() throws Exception {
        return Par2Verifier.verify(Par2Archive.open(base.resolve("set.par2")), base, List.of(),
                TestFiles.options());
    }

    private RepairResult repair() throws Exception {
        return Par2Repairer.repair(Par2Archive.open(base.resolve("set.par2")), base, List.of(),
                TestFiles.options());
    }

    /** Such a set could not be repaired, which would be found out on the day it is needed. */
    @Test
    void noSetIsMadeOfFilesThatWouldNotBeRepaired() throws Exception {
        replaceTheFolderByALink();
        Files.createSymbolicLink(base.resolve("up"), Path.of(".."));
        for (String name : List.of("sub/outside", "up/elsewhere/outside")) {
            var e = assertThrows(
                    Par2Exception.class, () -> create(inside, base.resolve(name)));
            assertEquals(Par2Exception.Kind.UNSAFE_NAME, e.kind());
            assertTrue(e.getMessage().contains(name)
                    && e.getMessage().contains(outside.toRealPath().toString()), e.getMessage());
        }
        create(inside, base.resolve("up/base/inside"));
        assertEquals(new Verdict.Whole(), verify().verdict());
    }

    @Test
    void linksThatStayInsideAndFilesThatAreLinksAreTakenAsBefore() throws Exception {
        Files.createSymbolicLink(base.resolve("other"), Path.of("sub"));
        Files.createSymbolicLink(base.resolve("link"), outside);
        create(base.resolve("other/outside"), base.resolve("link"));
        assertEquals(new Verdict.Whole(), verify().verdict());
    }

    /** One file that may not be written is no reason to lose the others. */
    @Test
    void othersAreRepairedWithTheHelpOfWhatLiesBehindTheLink() throws Exception {
        byte[] before = Files.readAllBytes(inside);
        create(inside, base.resolve("sub/outside"));
        replaceTheFolderByALink();
        assertEquals(new Verdict.Refused(), verify().verdict());
        assertEquals(List.of("sub/outside"),
                verify().refused().stream().map(file -> file.file().name()).toList());
        byte[] damaged = before.clone();
        damaged[0] ^= 1;
        damaged[1500] ^= 1;
        Files.write(inside, damaged);
        byte[] changed = Files.readAllBytes(outside);
        assertEquals(new Verdict.Repairable(2), verify().verdict());
        var done = assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(List.of("inside"), done.files());
        assertArrayEquals(before, Files.readAllBytes(inside));
        assertArrayEquals(changed, Files.readAllBytes(outside));
        assertEquals(List.of("", "outside"), TestFiles.tree(outside.getParent()));
    }

    /** What is lost behind the link counts as lost, but is written nowhere. */
    @Test
    void nothingIsWrittenThroughTheLinkThoughItIsComputed() throws Exception {
        byte[] before = Files.readAllBytes(inside);
        create(inside, base.resolve("sub/outside"));
        replaceTheFolderByALink();
        byte[] wrong = Files.readAllBytes(outside);
        wrong[0] ^= 1;
        Files.write(outside, wrong);
        byte[] damaged = before.clone();
        damaged[0] ^= 1;
        Files.write(inside, damaged);
        assertEquals(new Verdict.Repairable(2), verify().verdict());
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(before, Files.readAllBytes(inside));
        assertArrayEquals(wrong, Files.readAllBytes(outside));
        Files.delete(outside);
        Files.write(inside, damaged);
        assertEquals(new Verdict.NotRecoverable(3), verify().verdict());
    }
}
