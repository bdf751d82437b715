package net.spillway.fec;

import static net.spillway.fec.TestFiles.options;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rebuilt files are believed only if every byte of them is right, in lanes as without. */
class DraftProofTest {
    private static final int LENGTH = 50_001;

    @TempDir Path folder;

    private Path original;
    private Path draft;
    private Par2Set set;
    private ParFile file;
    private DraftFiles drafts;

    @BeforeEach
    void makeDraft() throws Exception {
        original = TestFiles.write(folder, "file", LENGTH);
        set = Par2Creator.builder(folder.resolve("set.par2"), folder)
                .files(List.of(original))
                .sliceSize(100)
                .recoveryCount(1)
                .options(options())
                .build().create().set();
        file = set.files().getFirst();
        draft = folder.resolve("draft");
        drafts = new DraftFiles(set, new TreeMap<>());
        drafts.add(file, draft);
        refresh();
    }

    private void refresh() throws Exception {
        Files.copy(original, draft, StandardCopyOption.REPLACE_EXISTING);
    }

    private void assertWrong(Set<ParFile> expected) throws Exception {
        for (boolean warm : new boolean[] {true, false}) {
            assertEquals(
                    expected, DraftProof.wrong(set, drafts, List.of(file), options(), warm));
        }
    }

    @Test
    void copyIsRight() throws Exception {
        assertWrong(Set.of());
    }

    @Test
    void oneWrongBitAnywhereIsSeen() throws Exception {
        for (int at : new int[] {0, 99, 100, 20_000, 25_600, 49_999, LENGTH - 1}) {
            refresh();
            try (RandomAccessFile out = new RandomAccessFile(draft.toFile(), "rw")) {
                out.seek(at);
                int right = out.read();
                out.seek(at);
                out.write(right ^ 1);
            }
            assertWrong(Set.of(file));
        }
    }

    @Test
    void wrongLengthIsSeenEvenIfOnlyZerosAreTooMany() throws Exception {
        for (long length : new long[] {0, LENGTH - 1, LENGTH + 1, LENGTH + 99}) {
            refresh();
            try (RandomAccessFile out = new RandomAccessFile(draft.toFile(), "rw")) {
                out.setLength(length);
            }
            assertWrong(Set.of(file));
        }
    }

    @Test
    void fileWithoutSliceChecksumsIsProvenByTheMd5OfTheWhole() throws Exception {
        ParFile without = new ParFile(
                file.id(), file.name(), file.length(), file.md5(), file.md5of16k(),
                file.firstSlice(), file.sliceCount(), List.of());
        for (ParFile each : Stream.of(without, file).toList()) {
            assertEquals(
                    Set.of(), DraftProof.wrong(set, drafts, List.of(each), options(), true));
        }
        try (RandomAccessFile out = new RandomAccessFile(draft.toFile(), "rw")) {
            out.seek(30_000);
            out.write(new byte[500]);
        }
        assertEquals(
                Set.of(without),
                DraftProof.wrong(set, drafts, List.of(without), options(), true));
    }
}
