package net.spillway.tools.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireReaderTest {
    private static final int MAX = 100_000;

    @Test
    void blocksAreFoundHoweverTheStreamIsCut() throws IOException {
        String stream = "222 0 <a@b>\r\nfirst\r\n..dot\r\n.\r\n430 no\r\n222 x\r\n.\r\n"
                + "222 y\r\n\r\n.\r\n";
        for (int most = 1; most < 40; most++) {
            WireReader reader = new WireReader(inPieces(stream, most), MAX);
            assertEquals("222 0 <a@b>", reader.line());
            assertEquals("first\r\n..dot\r\n", text(reader.block()));
            assertEquals("430 no", reader.line());
            assertEquals("222 x", reader.line());
            assertEquals("", text(reader.block()));
            assertEquals("222 y", reader.line());
            assertEquals("\r\n", text(reader.block()));
        }
    }

    @Test
    void onlyCrLfDotCrLfEndsABlock() throws IOException {
        String body = "a\n.\nb\r\n.\nc\n.\r\nd\r.\r\n..\r\n. \r\n";
        WireReader reader = new WireReader(inPieces("222\r\n" + body + ".\r\nnext\r\n", 7), MAX);
        reader.line();
        assertEquals(body, text(reader.block()));
        assertEquals("next", reader.line());
    }

    @Test
    void everyPlaceOfTheEndIsFound() throws IOException {
        Random random = new Random(7);
        for (int length = 0; length < 300; length++) {
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < length; i++) {
                body.append("\r\n.xy".charAt(random.nextInt(5)));
            }
            String text = body.toString().replace("\r\n.\r\n", "-----") + "z\r\n";
            if (text.startsWith(".\r\n")) {
                text = "z" + text;
            }
            WireReader reader = new WireReader(inPieces("1\r\n" + text + ".\r\nend\r\n", 64), MAX);
            reader.line();
            assertEquals(text, text(reader.block()));
            assertEquals("end", reader.line());
        }
    }

    @Test
    void blocksThatAreTooLongAreReadOver() throws IOException {
        String stream = "222\r\n" + "x".repeat(3 * MAX) + "\r\n.\r\n430 next\r\n";
        WireReader reader = new WireReader(inPieces(stream, 5000), MAX);
        reader.line();
        assertEquals(Optional.empty(), reader.block());
        assertEquals("430 next", reader.line());
    }

    @Test
    void blocksAndLinesWithoutEndAreGivenUp() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] b, int off, int len) {
                Arrays.fill(b, off, off + len, (byte) 'x');
                return len;
            }
        };
        WireReader reader = new WireReader(endless, MAX);
        assertThrows(IOException.class, reader::block);
        assertThrows(IOException.class, () -> new WireReader(endless, MAX).line());
    }

    @Test
    void endOfTheStreamIsAnError() {
        WireReader reader = new WireReader(inPieces("222 x", 3), MAX);
        assertThrows(EOFException.class, reader::line);
    }

    @Test
    void bareLfEndsALine() throws IOException {
        WireReader reader = new WireReader(inPieces("200 hi\n205\r\n\n", 3), MAX);
        assertEquals("200 hi", reader.line());
        assertEquals("205", reader.line());
        assertEquals("", reader.line());
    }

    private static String text(Optional<Block> block) {
        Block b = block.orElseThrow();
        return new String(b.bytes(), b.from(), b.length(), StandardCharsets.ISO_8859_1);
    }

    private static InputStream inPieces(String text, int most) {
        return new FilterInputStream(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return super.read(b, off, Math.min(len, most));
            }
        };
    }
}
