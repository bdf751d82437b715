package net.spillway.fec.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Jazzer's way to {@link Targets#packetReader}. */
@Tag("fuzz")
class PacketReaderFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void packetReader(byte[] data) {
        Targets.packetReader(data);
    }
}
