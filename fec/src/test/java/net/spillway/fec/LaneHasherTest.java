package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.PacketScanner;
import net.spillway.fec.packet.PacketVisitor;
import net.spillway.fec.packet.Par2Packet;
import net.spillway.fec.packet.RunHasher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether packets are hashed side by side or one by one, the same ones are found. */
class LaneHasherTest {
    private static final Hash16 SET = new Hash16(1, 2);

    @TempDir Path folder;

    private static List<String> scan(Path file, RunHasher hasher) throws Exception {
        List<String> seen = new ArrayList<>();
        PacketScanner.scan(
                file,
                new PacketVisitor() {
                    @Override
                    public void packet(Par2Packet packet, Hash16 md5, long offset) {
                        seen.add(offset + " " + packet.getClass() + " " + md5);
                    }

                    @Override
                    public void problem(PacketProblem problem) {
                        seen.add(problem.toString());
                    }
                },
                hasher);
        return seen;
    }

    private void check(int packets, int... slices) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int slice : slices) {
            for (int e = 0; e < packets; e++) {
                byte[] packet = RecoveryPacket.bytes(SET, e, TestFiles.random(e, slice));
                if (e % 7 == 3) {
                    packet[packet.length - 5]++;
                }
                bytes.write(packet);
                if (e % 20 == 19) {
                    bytes.write(TestFiles.random(e, 100));
                }
            }
        }
        Path file = Files.write(folder.resolve("volume.par2"), bytes.toByteArray());
        List<String> expected = scan(file, RunHasher.NONE);
        assertTrue(expected.size() >= packets);
        for (int threads = 1; threads <= 2; threads++) {
            try (Crew crew = new Crew(threads);
                    LaneHasher hasher = new LaneHasher(Engines.best(), crew, true)) {
                assertEquals(expected, scan(file, hasher));
            }
        }
    }

    @Test
    void packetsAreFoundAmongDamagedOnesAndGarbage() throws Exception {
        check(50, 40_000);
        check(5, 100_000, 100_004, 200_000);
        check(1, 70_000);
        check(3, 8);
    }
}
