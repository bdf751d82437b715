package net.spillway.relay.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsThereIsNotMadeAnew() throws IOException {
        Path file = folder.resolve("new folder/secret");
        PrivateFile.makeIfMissing(file, octets("first"));
        PrivateFile.makeIfMissing(file, octets("second"));
        assertEquals("first", Files.readString(file));
        assertFalse(PrivateFile.isOpenToOthers(file));
        assertEquals(List.of("secret"), names(file.getParent()), "a draft was left");
    }

    @Test
    void whatIsReplacedIsReplacedWhole() throws IOException {
        Path file = folder.resolve("secret");
        Files.writeString(file, "of a time when it was open, and longer");
        PrivateFile.replace(file, octets("second"));
        assertEquals("second", Files.readString(file));
        assertFalse(PrivateFile.isOpenToOthers(file));
        assertEquals(List.of("secret"), names(folder), "a draft was left");
    }

    @Test
    void nothingIsLeftOfWhatCannotGetItsName() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("secret/inside")).getParent();
        assertThrows(IOException.class, () -> PrivateFile.replace(taken, octets("any")));
        assertEquals(List.of("secret"), names(folder), "a draft was left");
    }

    @Test
    void onlyWhatIsThereIsDeleted() throws IOException {
        Path file = folder.resolve("secret");
        PrivateFile.makeIfMissing(file, octets("any"));
        assertTrue(PrivateFile.delete(file));
        assertFalse(PrivateFile.delete(file));
        assertFalse(PrivateFile.delete(folder.resolve("no such folder/secret")));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
