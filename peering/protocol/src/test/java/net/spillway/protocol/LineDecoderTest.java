package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineDecoderTest {
    @Test
    void commandsPipelinedInOneBufferComeOneByOne() {
        assertEquals(List.of("DATE", "STAT 1", ""),
                lines(LineDecoder.forCommands(512), "DATE\r\nSTAT 1\r\n\r\nQUI"));
    }

    @Test
    void whatFollowsALineStaysInTheBuffer() {
        ByteBuffer in = ByteBuffer.wrap(Seeded.bytes("A\r\nrest"));
        LineDecoder decoder = LineDecoder.forReplies(512);
        assertTrue(decoder.feed(in));
        assertEquals(4, in.remaining());
        assertFalse(decoder.isMidLine());
        assertFalse(decoder.feed(in));
        assertTrue(decoder.isMidLine());
        assertThrows(IllegalStateException.class, decoder::line);
    }

    @Test
    void bareLfEndsACommandButNotAReply() {
        assertEquals(List.of("DATE", "QUIT"), lines(LineDecoder.forCommands(512), "DATE\nQUIT\n"));
        assertEquals(List.of("200 a\nb"), lines(LineDecoder.forReplies(512), "200 a\nb\r\n"));
    }

    @Test
    void bareCrStaysInTheLineForTheParserToRefuse() {
        assertEquals(List.of("A\rB\r"), lines(LineDecoder.forCommands(512), "A\rB\r\r\n"));
    }

    @Test
    void tooLongLineIsReportedAndTheNextOneIsRead() {
        String ten = "12345678\r\n";
        assertEquals(List.of("12345678", "TOO LONG 10", "DATE"),
                lines(LineDecoder.forCommands(10), ten + "123456789\r\nDATE\r\n"));
        assertEquals(List.of("TOO LONG 10", "DATE"),
                lines(LineDecoder.forCommands(10), "x".repeat(100_000) + "\r\nDATE\r\n"));
    }

    @Test
    void cutsBetweenBuffersMakeNoDifference() {
        Random random = Seeded.random("LineDecoderTest");
        for (int round = 0; round < 3000; round++) {
            byte[] stream = Seeded.drawn(random, "ab\r\n", random.nextInt(60));
            boolean commands = random.nextBoolean();
            List<String> whole = lines(decoder(commands), Seeded.text(stream));
            List<String> pieces = new ArrayList<>();
            LineDecoder decoder = decoder(commands);
            for (int at = 0; at < stream.length; ) {
                int n = Math.min(stream.length - at, 1 + random.nextInt(4));
                ByteBuffer in = ByteBuffer.wrap(stream, at, n);
                while (decoder.feed(in)) {
                    pieces.add(shown(decoder.line()));
                }
                at += n;
            }
            assertEquals(whole, pieces);
        }
    }

    private static LineDecoder decoder(boolean commands) {
        return commands ? LineDecoder.forCommands(8) : LineDecoder.forReplies(8);
    }

    private static List<String> lines(LineDecoder decoder, String stream) {
        List<String> lines = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(Seeded.bytes(stream));
        while (decoder.feed(in)) {
            lines.add(shown(decoder.line()));
        }
        return lines;
    }

    private static String shown(LineDecoder.Line line) {
        return switch (line) {
            case LineDecoder.Complete complete -> Seeded.text(complete.bytes());
            case LineDecoder.TooLong tooLong -> "TOO LONG " + tooLong.limit();
        };
    }
}
