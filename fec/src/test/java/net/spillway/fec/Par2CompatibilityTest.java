package net.spillway.fec;

import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.random;
import static net.spillway.fec.TestFiles.tree;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.PacketScanner;
import net.spillway.fec.packet.PacketVisitor;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Packet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets as other programs, and people with several folders of volumes, come to have them. */
class Par2CompatibilityTest {
    private static final int SIZE = 400;

    /** Around the folder of the set, so that what is written outside of it is seen. */
    @TempDir Path outer;

    private Path folder;
    private Path index;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(outer.resolve("set"));
        index = folder.resolve("set.par2");
    }

    private RepairResult repair() throws IOException {
        return Par2Repairer.repair(Par2Archive.open(index), folder, List.of(), options());
    }

    private void create(Path data, String name, int first, int count) throws IOException {
        Par2Creator.builder(folder.resolve(name), folder)
                .files(List.of(data))
                .sliceSize(SIZE)
                .firstExponent(first)
                .recoveryCount(count)
                .overwrite(true)
                .options(options())
                .build()
                .create();
    }

    @Test
    void volumesOfSeveralRunsGoTogether() throws Exception {
        byte[] content = random(1, 100 * SIZE);
        Path data = Files.write(folder.resolve("data"), content);
        create(data, "set.par2", 0, 5);
        create(data, "set.par2", 40, 5); // A gap before them.
        create(data, "set.again.par2", 42, 5); // Three of them are there already.
        create(data, "set.far.par2", 60_000, 3);
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(
                List.of(0, 1, 2, 3, 4, 40, 41, 42, 43, 44, 45, 46, 60_000, 60_001, 60_002),
                archive.exponents());
        assertEquals(List.of(), archive.problems());
        byte[] damaged = content.clone();
        Arrays.fill(damaged, 30 * SIZE, 45 * SIZE, (byte) 0);
        Files.write(data, damaged);
        var repaired = assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(15, repaired.recoverySlices());
        assertArrayEquals(content, Files.readAllBytes(data));
    }

    @Test
    void volumeOfWhichOneEndIsLostIsOfUseByItself() throws Exception {
        byte[] content = random(3, 50 * SIZE);
        Path data = Files.write(folder.resolve("data"), content);
        create(data, "set.par2", 0, 15);
        Path volume = folder.resolve("set.vol07+8.par2");
        byte[] whole = Files.readAllBytes(volume);
        for (int first : new int[] {0, 1, 3}) {
            Files.delete(folder.resolve("set.vol0" + first + "+" + (first + 1) + ".par2"));
        }
        Files.delete(index);
        index = volume;
        for (byte[] cut : List.of(Arrays.copyOf(whole, whole.length * 6 / 10),
                Arrays.copyOfRange(whole, whole.length * 4 / 10, whole.length))) {
            Files.write(volume, cut);
            byte[] damaged = content.clone();
            damaged[7 * SIZE] ^= 1;
            Files.write(data, damaged);
            assertInstanceOf(RepairResult.Repaired.class, repair());
            assertArrayEquals(content, Files.readAllBytes(data));
        }
    }

    @Test
    void packetsMayComeInAnyOrderAndOftenAndWithGarbageBetween() throws Exception {
        byte[] content = random(2, 30 * SIZE);
        Path data = Files.write(folder.resolve("data"), content);
        create(data, "made.par2", 0, 6);
        Par2Archive made = Par2Archive.open(folder.resolve("made.par2"));
        List<byte[]> packets = new ArrayList<>(made.set().criticalPackets());
        packets.addAll(made.set().criticalPackets());
        for (int e : made.exponents()) {
            byte[] slice = new byte[SIZE];
            made.recovery().get(e).read(0, slice, 0, SIZE);
            packets.add(PacketWriter.recovery(made.set().id(), e, slice));
            packets.add(random(e, 7 + e));
            byte[] bad = PacketWriter.recovery(made.set().id(), e, slice);
            bad[100] ^= 1;
            packets.add(bad);
        }
        Collections.shuffle(packets, new Random(5));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packets.forEach(all::writeBytes);
        Files.write(index, all.toByteArray());
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(made.set(), archive.set());
        assertEquals(made.exponents(), archive.exponents());
        assertEquals(6, archive.problems().size(), "the damaged ones are named");
        Files.write(data, Arrays.copyOf(content, 25 * SIZE));
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(content, Files.readAllBytes(data));
    }

    private record Member(byte[] rawName, byte[] content, FileHashes hashes) {
        static Member of(byte[] rawName, byte[] content) {
            FileHasher hasher = new FileHasher(SIZE);
            hasher.update(content, 0, content.length);
            return new Member(rawName, content, hasher.finish());
        }

        Hash16 id() {
            return PacketWriter.fileId(hashes.md5of16k(), content.length, rawName);
        }

        Par2Packet description(Hash16 set, boolean utf8) {
            return new Par2Packet.FileDesc(set, id(), hashes.md5(), hashes.md5of16k(),
                    content.length, new String(rawName, utf8
                            ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1), utf8);
        }
    }

    /** Writes a set of these files in this order, with recovery slices 0 and 1. */
    private void write(List<Member> files, boolean utf8, List<String> unicodeNames)
            throws IOException {
        List<Hash16> ids = files.stream().map(Member::id).toList();
        Hash16 set = PacketWriter.setId(SIZE, ids, List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PacketWriter.bytes(new Par2Packet.Main(set, SIZE, ids, List.of())));
        try (ParityEncoder encoder = ParityEncoder.builder(SIZE).recovery(0, 2).build()) {
            int slice = 0;
            for (Member file : files) {
                out.writeBytes(PacketWriter.bytes(file.description(set, utf8)));
                out.writeBytes(PacketWriter.bytes(
                        new Par2Packet.SliceChecksums(set, file.id(), file.hashes().slices())));
                for (int at = 0; at < file.content().length; at += SIZE) {
                    encoder.add(slice++, file.content(), at,
                            Math.min(SIZE, file.content().length - at));
                }
            }
            for (int i = 0; i < unicodeNames.size(); i++) {
                out.writeBytes(PacketWriter.bytes(new Par2Packet.UnicodeName(
                        set, files.get(i).id(), unicodeNames.get(i))));
            }
            out.writeBytes(PacketWriter.recovery(set, 0, encoder.recovery(0)));
            out.writeBytes(PacketWriter.recovery(set, 1, encoder.recovery(1)));
        }
        Files.write(index, out.toByteArray());
    }

    /** The specification wants them sorted; what counts is the order that the Main packet has. */
    @Test
    void filesMayBeListedInAnyOrder() throws Exception {
        List<Member> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            files.add(Member.of(("file " + i).getBytes(StandardCharsets.UTF_8),
                    random(i, 700 * i + 5)));
        }
        for (int order = 0; order < 6; order++) {
            Collections.shuffle(files, new Random(order));
            write(files, true, List.of());
            for (Member file : files.subList(1, 4)) {
                Files.write(folder.resolve(new String(file.rawName(), StandardCharsets.UTF_8)),
                        file.content());
            }
            Path lost = folder.resolve(new String(files.getFirst().rawName(),
                    StandardCharsets.UTF_8));
            byte[] content = files.getFirst().content();
            int keep = content.length <= 2 * SIZE ? 0 : content.length - 2 * SIZE;
            Files.write(lost, Arrays.copyOf(content, keep / SIZE * SIZE + SIZE));
            Par2Archive archive = Par2Archive.open(index);
            if (archive.set().files().getFirst().sliceCount() > 1) {
                assertInstanceOf(RepairResult.Repaired.class, repair(), "order " + order);
                assertArrayEquals(content, Files.readAllBytes(lost));
            }
        }
    }

    @Test
    void unicodeNameCountsWhereTheOtherNameIsNoUtf8() throws Exception {
        byte[] kanji = {(byte) 0x93, (byte) 0xfa, (byte) 0x96, '{'}; // Shift JIS.
        Member file = Member.of(kanji, random(3, 500));
        write(List.of(file), false, List.of("日本"));
        assertEquals("日本", Par2Archive.open(index).set().files().getFirst().name());
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(file.content(), Files.readAllBytes(folder.resolve("日本")));
        write(List.of(file), false, List.of());
        assertEquals("\u0093ú\u0096{", Par2Archive.open(index).set().files().getFirst().name());
        Member plain = Member.of("plain".getBytes(StandardCharsets.UTF_8), random(3, 500));
        write(List.of(plain), true, List.of("other"));
        assertEquals("plain", Par2Archive.open(index).set().files().getFirst().name());
    }

    @Test
    void unicodeNameIsTrustedNoMoreThanAnother() throws Exception {
        Member file = Member.of(new byte[] {(byte) 0xff, 'a'}, random(3, 500));
        for (String name : List.of("../evil", outer + "/evil", "a\\b", "", "x\0y")) {
            write(List.of(file), false, List.of(name.isEmpty() ? "\0" : name));
            List<String> before = tree(outer);
            var e = assertThrows(Par2Exception.class, this::repair, name);
            assertEquals(Par2Exception.Kind.UNSAFE_NAME, e.kind());
            assertEquals(before, tree(outer));
        }
    }

    @Test
    void unicodeNameIsWrittenForNamesBeyondAscii() throws Exception {
        List<String> names = new ArrayList<>();
        for (String name : List.of("ascii", "größe", "日本")) {
            Path data = Files.write(folder.resolve(name), random(1, 10));
            create(data, "n.par2", 0, 1);
            PacketScanner.scan(folder.resolve("n.par2"),
                    new PacketVisitor() {
                        @Override
                        public void packet(Par2Packet packet, Hash16 md5, long offset) {
                            if (packet instanceof Par2Packet.UnicodeName unicode) {
                                names.add(unicode.name());
                            }
                        }

                        @Override
                        public void problem(PacketProblem problem) {
                            throw new AssertionError(problem.toString());
                        }
                    });
        }
        assertEquals(List.of("größe", "日本"), names);
    }
}
