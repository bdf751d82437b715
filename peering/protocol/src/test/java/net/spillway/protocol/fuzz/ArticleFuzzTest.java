package net.spillway.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Jazzer's way to {@link Targets#article}. */
@Tag("fuzz")
class ArticleFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void article(byte[] data) {
        Targets.article(data);
    }
}
