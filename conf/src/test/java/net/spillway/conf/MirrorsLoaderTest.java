package net.spillway.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorsLoaderTest {
    @TempDir
    Path dir;

    private Path file(String text) throws Exception {
        return Files.writeString(dir.resolve("mirrors.toml"), text);
    }

    @Test
    void theSampleSaysWhatItSays() throws Exception {
        Path file = dir.resolve("sample.toml");
        try (InputStream in = MirrorConfig.class.getResourceAsStream("samples/mirrors.toml")) {
            Files.copy(in, file);
        }
        assertEquals(List.of(
                new MirrorConfig(HostPort.parse("nntps://news.example.org:563"), 0, false,
                        Optional.empty(), 8),
                new MirrorConfig(HostPort.parse("block.example.net:119"), 1, true,
                        Optional.of(Duration.ofDays(3000)), 0)), MirrorsLoader.load(file));
    }

    @Test
    void mistakesAreAllNamedWithTheirPlaces() throws Exception {
        Path file = file("""
                [[mirror]]
                adress = "a:119"
                level = "full"
                [[mirror]]
                address = "b:1190000"
                connections = 65
                """);
        ConfigException e = assertThrows(ConfigException.class, () -> MirrorsLoader.load(file));
        String text = e.getMessage();
        for (String part : List.of("address", "adress", "full", "1190000", "connections")) {
            assertTrue(text.contains(part), text);
        }
        assertTrue(assertThrows(ConfigException.class, () -> MirrorsLoader.load(file("\n")))
                .getMessage().contains("[[mirror]]"));
    }
}
