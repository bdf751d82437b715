package net.spillway.fec;

import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files long enough that several threads share out what is searched. */
class BlockScannerTest {
    private static final int SLICE = 60_000;
    private static final int LENGTH = 20_000_000;

    /** Where zeros begin, 2 MB of them: a window hits at every byte there. */
    private static final int ZEROS = 9_000_000;

    private static final byte[] INSERTED = {1, 2, 3};

    @TempDir Path folder;

    @Test
    void slicesAreFoundAcrossTheBordersOfPieces() throws Exception {
        byte[] bytes = random(1, LENGTH);
        Arrays.fill(bytes, ZEROS, ZEROS + 2_000_000, (byte) 0);
        Path file = Files.write(folder.resolve("file"), bytes);
        Par2Set set = Par2Creator.builder(folder.resolve("set.par2"), folder)
                .files(List.of(file)).sliceSize(SLICE).recoveryCount(0).options(options()).build().create()
                .set();
        Path shifted = folder.resolve("shifted");
        try (OutputStream out = Files.newOutputStream(shifted)) {
            out.write(INSERTED);
            out.write(bytes);
        }
        for (int threads = 1; threads <= 3; threads++) {
            BitSet found = new BitSet();
            AtomicLong searched = new AtomicLong();
            List<BlockScanner.Found> all = new BlockScanner(set).scan(
                    shifted, Optional.empty(), Optional.empty(), new BitSet(), threads,
                    searched::set);
            for (BlockScanner.Found each : all) {
                int slice = each.slice();
                int from = (int) each.offset() - INSERTED.length;
                int at = slice * SLICE;
                assertTrue(
                        Arrays.equals(
                                bytes, at, at + each.length(), bytes, from, from + each.length()),
                        each.toString());
                found.set(slice);
            }
            assertEquals(set.sliceCount(), found.cardinality());
            assertEquals(found.cardinality(), all.size());
            assertEquals(LENGTH + INSERTED.length, searched.get());
        }
    }
}
