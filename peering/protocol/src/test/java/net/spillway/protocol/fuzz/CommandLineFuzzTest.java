package net.spillway.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Jazzer's way to {@link Targets#commandLine}. */
@Tag("fuzz")
class CommandLineFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void commandLine(byte[] data) {
        Targets.commandLine(data);
    }
}
