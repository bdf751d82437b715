package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only large sets are worth compiling for before the command line has been read. */
class Par2HeadStartTest {
    @TempDir Path temp;

    @Test
    void theFolderOfTheSetTellsHowMuchIsToBeVerified() throws IOException {
        String set = Files.createFile(temp.resolve("a.PAR2")).toString();
        assertFalse(Par2HeadStart.isMuch("par2", "verify", set));
        try (RandomAccessFile large = new RandomAccessFile(temp.resolve("a").toFile(), "rw")) {
            large.setLength(200 << 20); // A hole: it takes no room.
        }
        assertTrue(Par2HeadStart.isMuch("par2", "verify", "-q", set));
    }

    @Test
    void whatIsNoSetOrNowhereIsNoReasonToCompile() {
        assertFalse(Par2HeadStart.isMuch("par2", "verify", temp.resolve("a.nzb").toString()));
        assertFalse(Par2HeadStart.isMuch("par2", "verify", temp.resolve("no/a.par2").toString()));
    }
}
