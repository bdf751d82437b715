package net.spillway.fec.par1;

import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.random;
import static net.spillway.fec.TestFiles.tree;
import static net.spillway.fec.TestFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.spillway.fec.Allocation;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Exception.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes whose MD5 is right but whose content was made to do harm. */
class Par1HostileTest {
    /** Around the folder of the set, so that what is written outside of it is seen. */
    @TempDir Path outer;

    private Path folder;
    private Path index;

    @BeforeEach
    void makeFolder() throws Exception {
        folder = Files.createDirectory(outer.resolve("set"));
        index = folder.resolve("set.par");
    }

    private static Par1File file(String name, long length) {
        return new Par1File(name, true, length, new Hash16(1, 2), new Hash16(3, 4));
    }

    private static byte[] volume(Par1Set set, int number, byte[] parity) {
        byte[] head = new Par1Writer(set).head(number, parity.length);
        byte[] all = Arrays.copyOf(head, head.length + parity.length);
        System.arraycopy(parity, 0, all, head.length, parity.length);
        return seal(all);
    }

    private static byte[] seal(byte[] volume) {
        Hash16 md5 = Hash16.md5(volume, 32, volume.length - 32);
        return Par1Writer.finished(volume, md5);
    }

    private Par2Exception refused(byte[] volume, Consumer<ByteBuffer> change) throws Exception {
        byte[] bytes = volume.clone();
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(index, seal(bytes));
        Par2Exception[] thrown = new Par2Exception[1];
        Allocation.assertBounded(() -> thrown[0] =
                assertThrows(Par2Exception.class, () -> Par1Archive.open(index)));
        return thrown[0];
    }

    @Test
    void impossibleNumbersInTheHeaderAreRefusedByPlace() throws Exception {
        byte[] good = volume(Par1Set.of(List.of(file("a", 3))), 1, new byte[3]);
        Files.write(index, good);
        assertEquals(1, Par1Archive.open(index).volumes().size());
        for (int at : new int[] {48, 56, 64, 72, 80, 88}) {
            for (long bad : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 1000}) {
                Par2Exception e = refused(good, b -> b.putLong(at, bad));
                assertEquals(Kind.IMPOSSIBLE, e.kind(), at + ": " + bad);
                assertTrue(e.getMessage().startsWith("set.par, offset "), e.getMessage());
            }
        }
        assertEquals(Kind.IMPOSSIBLE, refused(good, b -> b.putLong(56, 0)).kind());
        assertEquals(Kind.IMPOSSIBLE, refused(good, b -> b.putInt(8, 0x20000)).kind());
        assertEquals(Kind.NOT_PAR2, refused(good, b -> b.put(3, (byte) '2')).kind());
    }

    @Test
    void impossibleEntriesAreRefused() throws Exception {
        byte[] good = volume(Par1Set.of(List.of(file("a", 3))), 0, new byte[0]);
        for (long bad : new long[] {0, 8, 56, 59, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertEquals(Kind.IMPOSSIBLE, refused(good, b -> b.putLong(96, bad)).kind());
        }
        assertEquals(Kind.IMPOSSIBLE, refused(good, b -> b.putLong(112, -1)).kind());
        Files.write(index, volume(
                Par1Set.of(Collections.nCopies(256, file("a", 3))), 0, new byte[0]));
        assertTrue(assertThrows(Par2Exception.class, () -> Par1Archive.open(index))
                .getMessage().contains("more than 255 files"));
    }

    @Test
    void lengthsThatSumPastTheLargestNumberDoNoHarm() throws Exception {
        Par1Set set = Par1Set.of(List.of(
                file("a", Long.MAX_VALUE), file("b", Long.MAX_VALUE), file("c", Long.MAX_VALUE)));
        Files.write(index, volume(set, 0, new byte[0]));
        Files.write(folder.resolve("set.p01"), volume(set, 1, new byte[100]));
        write(folder, "b", 10);
        Par1Archive archive = Par1Archive.open(index);
        assertEquals(1, archive.problems().size());
        Allocation.assertBounded(() -> assertEquals(new Par1Result.NotRecoverable(3),
                Par1Repairer.repair(archive, folder, List.of(), options())));
    }

    @Test
    void volumeOfAnotherSetUnderTheSameNameIsLeftOut() throws Exception {
        Files.write(index, volume(Par1Set.of(List.of(file("a", 3))), 0, new byte[0]));
        Files.write(folder.resolve("set.p01"),
                volume(Par1Set.of(List.of(file("b", 3))), 1, new byte[3]));
        Par1Archive archive = Par1Archive.open(index);
        assertEquals(0, archive.volumes().size());
        assertTrue(archive.problems().getFirst().toString().contains("another set"));
    }

    @Test
    void namesThatLeadElsewhereAreRefusedAndWriteNothing() throws Exception {
        for (String name : List.of("../evil", "/evil", outer + "/evil", "sub/evil", "C:evil",
                "a\\evil", "..", ".", "ev\0il/../../x")) {
            Par1Set set = Par1Set.of(List.of(file(name, 3)));
            Files.write(index, volume(set, 1, new byte[3]));
            List<String> names = tree(outer);
            var e = assertThrows(Par2Exception.class, () -> Par1Repairer.repair(
                    Par1Archive.open(index), folder, List.of(), options()), name);
            assertEquals(Kind.UNSAFE_NAME, e.kind());
            assertEquals(names, tree(outer));
        }
    }

    @Test
    void parityThatLiesEndsInAHashMismatchAndChangesNothing() throws Exception {
        Par1Set set = Par1Set.of(List.of(file("a", 300)));
        Files.write(index, volume(set, 1, random(1, 300)));
        write(folder, "a", 200);
        List<String> names = tree(outer);
        Allocation.assertBounded(() -> assertEquals(Kind.HASH_MISMATCH,
                assertThrows(Par2Exception.class, () -> Par1Repairer.repair(
                        Par1Archive.open(index), folder, List.of(), options())).kind()));
        assertEquals(names, tree(outer));
        assertEquals(200, Files.size(folder.resolve("a")));
    }

    @Test
    void linksInTheWayAreKeptAndNotFollowed(@TempDir Path elsewhere) throws Exception {
        Path a = write(folder, "a", 100);
        Path victim = write(elsewhere, "victim", 100);
        byte[] content = Files.readAllBytes(a);
        byte[] before = Files.readAllBytes(victim);
        new Par1Creator(index, List.of(a), 1, false, options()).create();
        Files.delete(a);
        Files.createSymbolicLink(a, victim);
        assertInstanceOf(Par1Result.Repaired.class, Par1Repairer.repair(
                Par1Archive.open(index), folder, List.of(), options()));
        assertArrayEquals(before, Files.readAllBytes(victim));
        assertArrayEquals(content, Files.readAllBytes(a));
        Files.delete(a);
        Files.createSymbolicLink(a, elsewhere.resolve("dangling"));
        assertInstanceOf(Par1Result.Repaired.class, Par1Repairer.repair(
                Par1Archive.open(index), folder, List.of(), options()));
        assertFalse(Files.exists(elsewhere.resolve("dangling")));
        assertFalse(Files.isSymbolicLink(a));
        Files.delete(a);
        Files.createDirectory(a);
        var e = assertThrows(Par2Exception.class, () -> Par1Repairer.repair(
                Par1Archive.open(index), folder, List.of(), options()));
        assertEquals(Kind.EXISTS, e.kind());
    }

    @Test
    void randomChangesNeverDoMoreThanBeRefused() throws Exception {
        byte[] good = volume(
                Par1Set.of(List.of(file("a", 30), file("bb", 7))), 1, random(2, 30));
        Random random = new Random(20);
        for (int i = 0; i < 600; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) -1;
            }
            Files.write(index, seal(Arrays.copyOf(bytes, random.nextInt(
                    i % 2 == 0 ? bytes.length : 40, bytes.length + 1))));
            try {
                Par1Verifier.verify(Par1Archive.open(index), folder, List.of(), options());
            } catch (Par2Exception e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }
}
