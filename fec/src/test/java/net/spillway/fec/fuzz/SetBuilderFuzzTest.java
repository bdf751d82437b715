package net.spillway.fec.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Jazzer's way to {@link Targets#setBuilder}. */
@Tag("fuzz")
class SetBuilderFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void setBuilder(byte[] data) throws Exception {
        Targets.setBuilder(data);
    }
}
