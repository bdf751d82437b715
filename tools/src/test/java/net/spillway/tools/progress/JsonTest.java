package net.spillway.tools.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private record Point(int x, Optional<String> name, Duration at, Path path) {}

    @Test
    void recordsBecomeObjects() {
        assertEquals("{\"x\": 3, \"name\": null, \"at\": 1.5, \"path\": \"a/b\"}",
                Json.write(new Point(3, Optional.empty(), Duration.ofMillis(1500),
                        Path.of("a/b"))));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "\"quoted\" \\ \n\r\t\u0001 文 \uD83D\uDE00");
        value.put("list", Arrays.asList(1L, -2.5, true, false, null, List.of(), Map.of()));
        assertEquals(value, Json.read(Json.write(value)));
    }

    @Test
    void loneSurrogatesStayValidJson() {
        assertEquals("\"a\\ud83d\"", Json.write("a\uD83D"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{", "{\"a\"}", "[1,]", "[1 2]", "\"a", "\"\\x\"", "\"\\u12\"", "nul", "1.2.3", "{} x",
        "{a: 1}", "-", "99999999999999999999"
    })
    void otherThingsAreRefusedWithAColumn(String text) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Json.read(text));
        assertEquals("column", e.getMessage().substring(0, 6));
    }

    @Test
    void deepNestingIsRefusedInsteadOfOverflowingTheStack() {
        assertThrows(IllegalArgumentException.class, () -> Json.read("[".repeat(100_000)));
    }
}
