package net.spillway.tools.nzb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NzbReaderTest {
    private static final String HEAD = """
            <?xml version="1.0" encoding="%s"?>
            <!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN"
              "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">
            <nzb xmlns="http://www.newzbin.com/DTD/2003/nzb">
            """;
    private static final String FILE = """
              <file poster="Joe &lt;joe@example.org&gt;" date="1700000000" subject="%s">
                <groups><group>alt.binaries.test</group><group>spill.test</group></groups>
                <segments>
                  <segment bytes="739067" number="2">part2$x&amp;y@news.example</segment>
                  <segment bytes="739000" number="1">&lt;part1@news.example&gt;</segment>
                </segments>
              </file>
            """;

    @Test
    void manifestsAsOthersWriteThemAreRead() throws IOException {
        NzbFile nzb = read(HEAD.formatted("utf-8") + """
                <head><meta type="title">A &amp; B</meta><meta type="tag">x</meta>
                <meta type="tag">y</meta><meta type="odd"/></head>
                <!-- a comment --><something><else/></something>
                """ + FILE.formatted("[1/2] - &quot;a b.rar&quot; yEnc (1/2) 1478067") + "</nzb>");
        assertEquals(List.of(new NzbFile.Meta("title", "A & B"), new NzbFile.Meta("tag", "x"),
                new NzbFile.Meta("tag", "y"), new NzbFile.Meta("odd", "")), nzb.meta());
        NzbFile.Entry entry = nzb.entries().getFirst();
        assertEquals("Joe <joe@example.org>", entry.poster());
        assertEquals(1_700_000_000, entry.date());
        assertEquals(List.of("alt.binaries.test", "spill.test"), entry.groups());
        assertEquals("<part1@news.example>", entry.segments().get(0).id().value());
        assertEquals("<part2$x&y@news.example>", entry.segments().get(1).id().value());
        assertEquals(739_067, entry.segments().get(1).bytes());
        assertEquals(Optional.of("a b.rar"), entry.subjectName());
        assertEquals(2, nzb.segmentCount());
    }

    @Test
    void documentTypesWithDefinitionsAreRefusedWithTheLine() {
        String bomb = """
                <?xml version="1.0"?>
                <!DOCTYPE nzb [
                  <!ENTITY a "aaaaaaaaaa">
                  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
                  <!ENTITY c SYSTEM "file:///etc/passwd">
                ]>
                <nzb>&b;&c;</nzb>
                """;
        String message = refusal(bomb);
        assertTrue(message.startsWith("test.nzb, line 2: "), message);
        assertTrue(message.contains("defines entities"), message);
    }

    @Test
    void documentTypesAreNeverFetched() throws IOException {
        String missing = Path.of("/nowhere/at/all.dtd").toUri().toString();
        NzbFile nzb = read("<!DOCTYPE nzb SYSTEM \"" + missing + "\"><nzb>"
                + FILE.formatted("x") + "</nzb>");
        assertEquals(1, nzb.entries().size());
    }

    @Test
    void entitiesNobodyDefinedAreRefused() {
        String message = refusal("<nzb>\n<head><meta type=\"a\">&nope;</meta></head></nzb>");
        assertTrue(message.startsWith("test.nzb, line 2: "), message);
    }

    @Test
    void whatIsNoXmlIsRefused() {
        assertEquals("test.nzb, line 1: this is no XML, so it is no NZB", refusal("hello"));
        assertEquals("test.nzb: the file is empty, so it is no NZB", refusal(" \n"));
        assertTrue(refusal("<nzb><file subject=\"x\">").contains("it ends too early"));
        assertTrue(refusal("<html><body/></html>").contains("<html>, not <nzb>"));
    }

    @Test
    void messageIdsThatAreNoneAreRefusedWithTheLine() {
        String message = refusal("<nzb>\n" + FILE.formatted("x")
                .replace("&lt;part1@news.example&gt;", "a b\r\nQUIT") + "</nzb>");
        assertTrue(message.startsWith("test.nzb, line 6: "), message);
        assertTrue(message.contains("is no message-ID"), message);
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(("<nzb>" + FILE.formatted("x") + "</nzb>").getBytes());
        }
        byte[] bytes = packed.toByteArray();
        assertEquals(2, read(bytes).segmentCount());
        byte[] cut = Arrays.copyOf(bytes, bytes.length / 2);
        String message = assertThrows(NzbException.class, () -> read(cut)).getMessage();
        assertTrue(message.contains("not readable as gzip"), message);
    }

    @Test
    void utf8DeclaredAsLatin1IsReadAsUtf8() throws IOException {
        assertEquals("größe €", subject("iso-8859-1", "größe €", StandardCharsets.UTF_8));
    }

    @Test
    void latin1IsReadAsSuchWhateverItDeclares() throws IOException {
        assertEquals("größe", subject("iso-8859-1", "größe", StandardCharsets.ISO_8859_1));
        assertEquals("größe", subject("utf-8", "größe", StandardCharsets.ISO_8859_1));
    }

    @Test
    void utf16AndByteOrderMarksAreUnderstood() throws IOException {
        assertEquals("größe", subject("utf-16", "größe", StandardCharsets.UTF_16));
        byte[] text = ("\ufeff\r\n" + HEAD.formatted("utf-8") + FILE.formatted("x") + "</nzb>")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals("x", read(text).entries().getFirst().subject());
    }

    @Test
    void controlCharactersInSubjectsAreBlanks() throws IOException {
        assertEquals("a b", subject("utf-8", "a\u0001b", StandardCharsets.UTF_8));
    }

    @Test
    void nonsenseInNumbersIsNoReasonToGiveUp() throws IOException {
        NzbFile nzb = read("<nzb>" + FILE.formatted("x").replace("number=\"2\"", "number=\"-7\"")
                .replace("number=\"1\"", "").replace("bytes=\"739067\"", "bytes=\"lots\"")
                .replace("date=\"1700000000\"", "") + "</nzb>");
        NzbFile.Entry entry = nzb.entries().getFirst();
        assertEquals(0, entry.date());
        assertEquals(List.of(1, 2),
                entry.segments().stream().map(NzbFile.Segment::number).toList());
        assertEquals(0, entry.segments().getFirst().bytes());
    }

    @Test
    void repeatedArticlesCountOnceAndEmptyFilesNotAtAll() throws IOException {
        NzbFile nzb = read("<nzb>" + FILE.formatted("x").replace("part2$x&amp;y", "part1")
                + "<file subject=\"nothing\"><segments/></file></nzb>");
        assertEquals(1, nzb.segmentCount());
        assertEquals(1, nzb.entries().size());
    }

    @Test
    void textsThatAreTooLongAreRefused() {
        assertTrue(refusal("<nzb>" + FILE.formatted("x".repeat(20_000)) + "</nzb>")
                .contains("more than 16384 characters"));
    }

    @Test
    void missingFilesAreNamed(@TempDir Path folder) {
        Path nowhere = folder.resolve("nowhere.nzb");
        assertTrue(assertThrows(NzbException.class, () -> NzbReader.read(nowhere)).getMessage()
                .contains("nowhere.nzb: there is no such file"));
    }

    @Test
    void namesAreFoundInSubjectsOfAllKinds() {
        assertEquals(Optional.of("a.bin"), name("\"a.bin\" yEnc (1/12)"));
        assertEquals(Optional.of("a (1/2).bin"), name("[03/10] - \"a (1/2).bin\" yEnc (1/9) 77"));
        assertEquals(Optional.of("x.r00"), name("some words x.r00 yEnc (01/50)"));
        assertEquals(Optional.of("x.r00"), name("(1/9) x.r00 (7/50) yEnc"));
        assertEquals(Optional.empty(), name("a17b6c2d9e"));
    }

    @Test
    void parityIsKnownByItsName() {
        NzbFile.Entry volume = entry("\"a.vol03+04.PAR2\" yEnc (1/5)");
        assertTrue(volume.isParity());
        assertEquals(Optional.of(new NzbFile.Volume(3, 4)), volume.volume());
        assertTrue(entry("\"a.par2\" yEnc (1/5)").isParity());
        assertEquals(Optional.empty(), entry("\"a.par2\" yEnc (1/5)").volume());
        assertTrue(!entry("\"a.par2.txt\" yEnc (1/5)").isParity());
    }

    private static Optional<String> name(String subject) {
        return entry(subject).subjectName();
    }

    private static NzbFile.Entry entry(String subject) {
        return new NzbFile.Entry(subject, "", 0, List.of(), List.of());
    }

    private static String subject(String declared, String subject, Charset real)
            throws IOException {
        String text = HEAD.formatted(declared) + FILE.formatted(subject) + "</nzb>";
        return read(text.getBytes(real)).entries().getFirst().subject();
    }

    private static String refusal(String text) {
        return assertThrows(NzbException.class, () -> read(text)).getMessage();
    }

    private static NzbFile read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static NzbFile read(byte[] bytes) throws IOException {
        return NzbReader.read(new ByteArrayInputStream(bytes), "test.nzb");
    }
}
