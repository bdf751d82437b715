package net.spillway.fec;

import static net.spillway.fec.TestFiles.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.packet.Par2Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names on disk that are no UTF-8, here in ISO 8859-1: they are to be kept byte for byte. */
class BytesAsNamesTest {
    private static final String NAME = "größe %41.bin";

    @TempDir private Path folder;
    private Path index;
    private Path data;
    private byte[] content;

    @BeforeEach
    void writeFile() throws IOException {
        index = folder.resolve("set.par2");
        data = path(NAME);
        content = random(4, 3000);
        try {
            Files.write(data, content);
        } catch (IOException e) {
            assumeTrue(false, "this file system has no names that are no UTF-8: " + e);
        }
        assumeTrue(!SafeNames.isText(data));
    }

    private Path path(String name) {
        return new StoredName(name, true).in(folder).orElse(folder.resolve(name));
    }

    private void create(Path... files) throws IOException {
        Par2Creator.builder(index, folder).files(List.of(files)).sliceSize(400)
                .recoveryCount(2).options(TestFiles.options()).build().create();
    }

    private VerifyReport verify() throws IOException {
        return Par2Verifier.verify(
                Par2Archive.open(index), folder, List.of(), TestFiles.options());
    }

    private RepairResult repair() throws IOException {
        return Par2Repairer.repair(
                Par2Archive.open(index), folder, List.of(), TestFiles.options());
    }

    private RepairResult.Repaired damageAndRepair() throws IOException {
        byte[] damaged = content.clone();
        damaged[500] ^= 1;
        Files.write(data, damaged);
        var done = assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(content, Files.readAllBytes(data));
        assertArrayEquals(damaged, Files.readAllBytes(done.backups().getFirst()));
        return done;
    }

    @Test
    void pathOfBytesKeepsThem() throws Exception {
        StoredName name = StoredName.of(folder, data);
        assertEquals(new StoredName(NAME, true), name);
        assertArrayEquals(NAME.getBytes(StandardCharsets.ISO_8859_1), name.bytes());
        assertEquals(new StoredName("größe", false),
                StoredName.of("größe".getBytes(StandardCharsets.UTF_8)));
        assertEquals(path(NAME + ".1"), StoredName.beside(data, text -> text + ".1"));
        assertEquals(folder.resolve("x.1"),
                StoredName.beside(folder.resolve("x"), text -> text + ".1"));
    }

    /** What a name has that means something in a URI must mean nothing there. */
    @Test
    void everyByteThatANameMayHaveIsKept() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 1; c < 256; c++) {
            all.append(c == '/' ? "" : c);
        }
        for (String name : List.of(all.substring(0, 120), all.substring(120))) {
            Path path = path("ö/" + name);
            assertEquals(folder, path.getParent().getParent());
            assertEquals("ö/" + name, StoredName.of(folder, path).text());
        }
    }

    @Test
    void setOfOurOwnFindsAndRepairsTheFileUnderItsName() throws Exception {
        create(data);
        assertEquals(new Verdict.Whole(), verify().verdict());
        assertEquals(NAME, verify().files().getFirst().file().name());
        assertEquals(List.of(path(NAME + ".1")), damageAndRepair().backups());
        Files.write(data, new byte[0]);
        assertEquals(List.of(NAME), verify().files().stream()
                .filter(file -> !file.isComplete()).map(file -> file.file().name()).toList());
    }

    /** What it repairs, the program that made the set has to find under the same name. */
    @Test
    void setOfPar2cmdlineIsWholeAndStaysSoForIt() throws Exception {
        TestFiles.needPar2();
        assertEquals(0, par2("c -q -q -s400 -c2 set.par2"));
        assertEquals(new Verdict.Whole(), verify().verdict());
        damageAndRepair();
        assertEquals(0, par2("v -q -q set.par2"));
        byte[] half = Arrays.copyOf(content, 2600);
        Files.write(data, half);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(0, par2("v -q -q set.par2"));
        create("ours.par2");
        assertEquals(0, par2("v -q -q ours.par2"));
    }

    private void create(String name) throws IOException {
        Par2Creator.builder(folder.resolve(name), folder).files(List.of(data)).sliceSize(400)
                .recoveryCount(2).options(TestFiles.options()).build().create();
    }

    /** The name reaches the program as bytes only through a shell. */
    private int par2(String words) throws Exception {
        String file = words.startsWith("c") ? " $'gr\\xf6\\xdfe %41.bin'" : "";
        Process process = new ProcessBuilder("bash", "-c", "par2 " + words + file)
                .directory(folder.toFile()).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    @Test
    void fileThatIsNotThereIsWrittenWithTheBytesOfTheSet() throws Exception {
        create(data);
        Path other = Files.move(data, folder.resolve("renamed"));
        assertInstanceOf(FileState.Misnamed.class, verify().files().getFirst().state());
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(content, Files.readAllBytes(data));
        assertTrue(Files.exists(other));
    }

    /** In KOI8-R each letter of a Russian name is such a byte, and long titles are usual. */
    @Test
    void nameIsAsLongAsItsBytesAndNotAsTheirTextInUtf8() throws Exception {
        String most = "\u00ef".repeat(255);
        data = Files.write(path(most), content);
        create(data);
        assertEquals(new Verdict.Whole(), verify().verdict());
        Files.delete(data);
        Files.write(folder.resolve("copy"), content);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(content, Files.readAllBytes(data));
        damageAndRepair();
        SafeFolder safe = new SafeFolder(folder);
        assertThrows(Par2Exception.class, () -> safe.path(new StoredName(most + "x", true)));
        assertThrows(Par2Exception.class, () -> safe.path(new StoredName(most, false)));
    }

    /** As an archiver writes it who knew what the bytes meant. */
    @Test
    void fileThatWasBroughtHereUnderTheTextOfItsNameIsFoundToo() throws Exception {
        create(data);
        Path text = Files.move(data, folder.resolve(NAME));
        assertEquals(new FileState.Complete(text), verify().files().getFirst().state());
        Files.write(text, new byte[100]);
        Files.write(folder.resolve("copy"), content);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(content, Files.readAllBytes(text));
    }

    /** A repair must not begin a second folder that looks like the one where the others are. */
    @Test
    void lostFileIsWrittenIntoTheFolderWhereItsNeighboursAre() throws Exception {
        Path sub = Files.createDirectories(path("größe/ü"));
        Path a = Files.write(sub.resolve("a"), random(5, 1000));
        Path b = Files.write(sub.resolve("b"), random(6, 700));
        create(a, b);
        byte[] lost = Files.readAllBytes(b);
        Files.delete(b);
        Files.createDirectory(folder.resolve("größe"));
        Path text = Files.move(sub, folder.resolve("größe/ü"));
        Files.delete(path("größe"));
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(lost, Files.readAllBytes(text.resolve("b")));
        assertFalse(Files.exists(path("größe")));
        assertEquals(new Verdict.Whole(), verify().verdict());
    }

    @Test
    void nearestFolderThatIsThereDecidesBetweenTextAndBytes() throws Exception {
        StoredName name = new StoredName("größe/ü/b", true);
        Path bytes = path("größe/ü/b");
        Path text = folder.resolve("größe/ü/b");
        assertEquals(bytes, new SafeFolder(folder).path(name));
        Files.createDirectory(folder.resolve("größe"));
        assertEquals(text, new SafeFolder(folder).path(name));
        Files.createDirectory(path("größe"));
        assertEquals(bytes, new SafeFolder(folder).path(name), "both are there");
        Files.createDirectory(folder.resolve("größe/ü"));
        assertEquals(text, new SafeFolder(folder).path(name));
        Files.createDirectory(path("größe/ü"));
        assertEquals(bytes, new SafeFolder(folder).path(name), "both are there");
        Files.delete(folder.resolve("größe/ü"));
        assertEquals(bytes, new SafeFolder(folder).path(name));
    }

    @Test
    void twoFilesThatWouldHaveOneNameAreRefused() throws Exception {
        Path other = Files.write(folder.resolve(NAME), new byte[] {1});
        var e = assertThrows(Par2Exception.class, () -> create(data, other));
        assertEquals(Par2Exception.Kind.BAD_REQUEST, e.kind());
    }

    @Test
    void bytesThatLeadOutOfTheFolderAreRefusedLikeText() {
        SafeFolder safe = new SafeFolder(folder);
        for (String name : List.of("../ö", "/ö", "ö/../../x", "ö\\x", "ö\0")) {
            assertThrows(Par2Exception.class, () -> safe.path(new StoredName(name, true)), name);
        }
    }
}
