package net.spillway.fec.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketScannerTest {
    private static final Hash16 SET = Hash16.md5(new byte[] {1});

    @TempDir Path folder;

    private final List<Par2Packet> packets = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<PacketProblem> problems = new ArrayList<>();

    private final PacketVisitor visitor =
            new PacketVisitor() {
                @Override
                public void packet(Par2Packet packet, Hash16 md5, long offset) {
                    packets.add(packet);
                    offsets.add(offset);
                }

                @Override
                public void problem(PacketProblem problem) {
                    problems.add(problem);
                }
            };

    /** A packet around any body, with a right MD5. */
    static byte[] raw(Hash16 set, String type, byte[] body) {
        ByteBuffer packet =
                ByteBuffer.allocate(64 + body.length).order(ByteOrder.LITTLE_ENDIAN);
        packet.put(PacketFormat.MAGIC).putLong(packet.capacity());
        packet.position(32);
        set.put(packet);
        packet.put(PacketFormat.ascii(type)).put(body);
        byte[] bytes = packet.array();
        Hash16.md5(bytes, 32, bytes.length - 32).put(packet.position(16));
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] garbage(int n) {
        byte[] bytes = new byte[n];
        new Random(n).nextBytes(bytes);
        return bytes;
    }

    private String onlyProblem() {
        assertEquals(1, problems.size(), problems.toString());
        return problems.getFirst().toString();
    }

    private void scan(byte[]... parts) {
        PacketScanner.scan("x.par2", concat(parts), visitor);
    }

    @Test
    void everyPacketIsReadAsItWasWritten() throws Exception {
        Hash16 a = Hash16.md5(new byte[] {2});
        byte[] mainBody = PacketWriter.mainBody(400, List.of(a), List.of(SET));
        Hash16 set = Hash16.md5(mainBody);
        Hash16 id = PacketWriter.fileId(a, 77, "dür".getBytes(StandardCharsets.UTF_8));
        List<Par2Packet> written =
                List.of(
                        new Par2Packet.Main(set, 400, List.of(a), List.of(SET)),
                        new Par2Packet.FileDesc(set, id, SET, a, 77, "dür", true),
                        new Par2Packet.SliceChecksums(
                                set, id, List.of(new SliceChecksum(a, -5))),
                        new Par2Packet.Creator(set, "me"),
                        new Par2Packet.UnicodeName(set, id, "dür"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Par2Packet packet : written) {
            bytes.writeBytes(PacketWriter.bytes(packet));
        }
        scan(bytes.toByteArray());
        assertEquals(written, packets);
        assertEquals(List.of(), problems);
    }

    @Test
    void recoverySliceIsReadWhereItLies() throws Exception {
        byte[] slice = garbage(400);
        Path file = folder.resolve("r.par2");
        Files.write(file, concat(garbage(33), PacketWriter.recovery(SET, 9, slice)));
        PacketScanner.scan(file, visitor);
        var found = assertInstanceOf(Par2Packet.RecoverySlice.class, packets.getFirst());
        assertEquals(9, found.exponent());
        byte[] read = new byte[400];
        found.data().read(0, read, 0, 400);
        assertArrayEquals(slice, read);
        assertEquals(468, PacketWriter.recovery(SET, 9, slice).length);
    }

    @Test
    void garbageBetweenPacketsIsSkipped() {
        byte[] packet = raw(SET, PacketFormat.CREATOR, new byte[] {'a', 'b', 0, 0});
        byte[] almost = {'P', 'A', 'R', '2', 0};
        scan(garbage(70_001), packet, garbage(3), packet, almost, packet);
        assertEquals(3, packets.size());
        assertEquals(List.of(70_001L, 70_072L, 70_145L), offsets);
        assertEquals(new Par2Packet.Creator(SET, "ab"), packets.getFirst());
    }

    @Test
    void magicAcrossTheEdgeOfTheBufferIsFound() {
        byte[] packet = raw(SET, PacketFormat.CREATOR, new byte[4]);
        for (int before = 65536 - 9; before <= 65536 + 1; before++) {
            packets.clear();
            scan(new byte[before], packet);
            assertEquals(1, packets.size(), "with " + before + " bytes before it");
        }
    }

    @Test
    void damagedPacketIsNamedAndTheOneBehindItIsFound() {
        byte[] damaged = raw(SET, PacketFormat.CREATOR, new byte[400]);
        damaged[200]++;
        scan(damaged, raw(SET, PacketFormat.CREATOR, new byte[4]));
        assertEquals(1, packets.size());
        assertTrue(onlyProblem().startsWith("x.par2, offset 0: the packet is damaged"));
    }

    @Test
    void packetWithTheLengthOfAnotherHidesNothing() {
        byte[] first = raw(SET, PacketFormat.CREATOR, new byte[8]);
        byte[] second = raw(SET, PacketFormat.CREATOR, new byte[4]);
        ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).putLong(8, 140);
        scan(first, second);
        assertEquals(1, packets.size());
        assertEquals(72L, offsets.getFirst());
    }

    @Test
    void impossibleLengthsAreNamedAndHarmless() {
        for (long length : new long[] {0, 4, 60, 63, 65, -4, Long.MIN_VALUE, Long.MAX_VALUE}) {
            byte[] packet = raw(SET, PacketFormat.CREATOR, new byte[4]);
            ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).putLong(8, length);
            problems.clear();
            scan(packet);
            assertTrue(onlyProblem().startsWith("x.par2, offset 0: "), "length " + length);
        }
        assertEquals(List.of(), packets);
    }

    @Test
    void packetLongerThanTheFileIsNamed() {
        byte[] packet = raw(SET, PacketFormat.CREATOR, new byte[100]);
        scan(Arrays.copyOf(packet, 120));
        assertTrue(onlyProblem().contains("claims 164 bytes, 120 are left"), onlyProblem());
        problems.clear();
        scan(Arrays.copyOf(packet, 40));
        assertTrue(onlyProblem().contains("cut off"), onlyProblem());
    }

    @Test
    void fileFullOfOverlappingPacketsCostsBoundedWork() {
        // Each packet claims all the rest of the file, so hashing each would be quadratic.
        int n = 200_000;
        ByteBuffer all = ByteBuffer.allocate(n * 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; i++) {
            all.put(PacketFormat.MAGIC).putLong((long) (n - i) * 16);
        }
        scan(all.array());
        assertEquals(List.of(), packets);
        assertTrue(problems.getLast().message().contains("overlap"));
        assertTrue(problems.size() < 20, "gave up early");
    }

    @Test
    void unknownPacketTypesAreReportedAsSuch() {
        scan(raw(SET, "PAR 2.0\0Whatever", new byte[40]));
        assertEquals(new Par2Packet.Unknown(SET, "PAR 2.0Whatever"), packets.getFirst());
    }

    @Test
    void packedMainPacketIsRefusedByName() {
        refused("PkdMain", PacketFormat.PACKED_MAIN, new byte[40]);
    }

    private void refused(String part, String type, byte[] body) {
        refused(part, SET, type, body);
    }

    private void refused(String part, Hash16 set, String type, byte[] body) {
        problems.clear();
        packets.clear();
        scan(raw(set, type, body));
        assertEquals(List.of(), packets);
        assertTrue(onlyProblem().contains(part), onlyProblem());
    }

    @Test
    void impossibleMainPacketsAreRefused() {
        for (long size : new long[] {0, 2, 3, -4, Long.MIN_VALUE, (1L << 30) + 4, 1L << 62}) {
            refusedMain("slice size", PacketWriter.mainBody(size, List.of(), List.of()));
        }
        byte[] counts = PacketWriter.mainBody(4, List.of(SET), List.of());
        ByteBuffer.wrap(counts).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2);
        refusedMain("counts 2 files but lists 1", counts);
        ByteBuffer.wrap(counts).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        refusedMain("counts 4294967295 files", counts);
        refusedMain("twice", PacketWriter.mainBody(4, List.of(SET), List.of(SET)));
        refusedMain("can't have a body of", new byte[8]);
        byte[] ofAnotherSet = PacketWriter.mainBody(4, List.of(), List.of());
        refused("does not belong", PacketFormat.MAIN, ofAnotherSet);
    }

    private void refusedMain(String part, byte[] body) {
        refused(part, Hash16.md5(body), PacketFormat.MAIN, body);
    }

    @Test
    void impossibleDescriptionsAndChecksumsAreRefused() {
        refused("can't have 56 bytes", PacketFormat.FILE_DESC, new byte[56]);
        refused("has no name", PacketFormat.FILE_DESC, new byte[60]);
        byte[] named = new byte[60];
        named[56] = 'a';
        refused("does not fit its file ID", PacketFormat.FILE_DESC, named);
        byte[] negative = new byte[60];
        negative[55] = (byte) 0x80;
        refused("can't be 9223372036854775808 bytes", PacketFormat.FILE_DESC, negative);
        refused("can't have 40", PacketFormat.FILE_DESC, new byte[40_000]);
        refused("can't have", PacketFormat.IFSC, new byte[12]);
        refused("can't have", PacketFormat.IFSC, new byte[32]);
        refused("can't have", PacketFormat.IFSC, new byte[16 + 20 * 32769 + 20 * 3]);
        refused("larger than any", PacketFormat.IFSC, new byte[2 << 20]);
        refused("can't have", PacketFormat.UNICODE_NAME, new byte[16]);
    }

    @Test
    void impossibleRecoverySlicesAreRefused() {
        refused("can't have 0 bytes", PacketFormat.RECOVERY, new byte[4]);
        byte[] exponent = new byte[8];
        exponent[0] = -1;
        exponent[1] = -1;
        refused("exponent is 65535", PacketFormat.RECOVERY, exponent);
        exponent[3] = -1;
        refused("exponent is 4278255615", PacketFormat.RECOVERY, exponent);
    }

    @Test
    void nameThatIsNoUtf8IsTakenForLatin1() {
        byte[] name = {'d', (byte) 0xfc, 'r', '1'};
        Hash16 id = PacketWriter.fileId(SET, 0, name);
        byte[] body = concat(id.bytes(), SET.bytes(), SET.bytes(), new byte[8], name);
        scan(raw(SET, PacketFormat.FILE_DESC, body));
        var desc = assertInstanceOf(Par2Packet.FileDesc.class, packets.getFirst());
        assertEquals("dür1", desc.name());
        assertEquals(false, desc.utf8());
    }
}
