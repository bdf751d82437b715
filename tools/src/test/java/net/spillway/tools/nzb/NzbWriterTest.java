package net.spillway.tools.nzb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NzbWriterTest {
    private static final NzbFile NZB = new NzbFile(
            List.of(new NzbFile.Meta("title", "A & <B> \"C\" größe 日本"),
                    new NzbFile.Meta("x-spillway-slice-size", "716800")),
            List.of(new NzbFile.Entry("\"a&b<c>.bin\" yEnc (1/2)", "Joe <joe@example.org>",
                    1_700_000_000, List.of("spill.test"),
                    List.of(new NzbFile.Segment(1, 10, MessageId.ofBare("a&b'c@x")),
                            new NzbFile.Segment(2, 20, MessageId.ofBare("d@x"))))));

    @TempDir Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("a.nzb");
        NzbWriter.write(NZB, file);
        assertEquals(NZB, NzbReader.read(file));
        assertEquals(List.of("a.nzb"), names());
    }

    @Test
    void messageIdsStandWithoutBracketsAndEscaped() throws IOException {
        StringBuilder text = new StringBuilder();
        NzbWriter.write(NZB, text);
        assertTrue(text.toString().contains(
                "<segment bytes=\"10\" number=\"1\">a&amp;b'c@x</segment>"), text.toString());
    }

    @Test
    void charactersXmlHasNoWayToWriteAreReplaced() throws IOException {
        StringBuilder text = new StringBuilder();
        NzbWriter.write(new NzbFile(List.of(new NzbFile.Meta("title", "a\u0000b\ud800")),
                List.of()), text);
        assertTrue(text.toString().contains(">a?b?<"), text.toString());
    }

    @Test
    void filesThatAreThereAreNotReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("a.nzb"), "mine");
        assertThrows(FileAlreadyExistsException.class, () -> NzbWriter.write(NZB, file));
        assertEquals("mine", Files.readString(file));
        assertEquals(List.of("a.nzb"), names());
    }

    @Test
    void notesOnFilesAreReadAgain() {
        String md5 = "0123456789abcdef0123456789abcdef";
        FileNote note = new FileNote(
                7, md5, Optional.of(MessageId.ofBare("a@b")), "folder/with blanks/x y");
        assertEquals(Optional.of(note), FileNote.parse(note.toMeta()));
        assertFalse(note.isCrc());
        FileNote bare = new FileNote(7, "00c0ffee", note.firstArticle(), "x");
        assertEquals(Optional.of(bare), FileNote.parse(bare.toMeta()));
        assertTrue(bare.isCrc());
        FileNote empty = new FileNote(0, md5, Optional.empty(), "e");
        assertEquals(Optional.of(empty), FileNote.parse(empty.toMeta()));
        Stream.of("", "1 2 3", "7 0c0ffee a@b x", "-1 " + md5 + " a@b x", "7 xyz a@b x", "7 " + md5 + " - x",
                "9999999999999999999 " + md5 + " a@b x", "7 " + md5 + " a>b x").forEach(
                text -> assertEquals(Optional.empty(), FileNote.parse(text), text));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).toList();
        }
    }
}
