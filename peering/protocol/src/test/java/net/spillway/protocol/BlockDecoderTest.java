package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDecoderTest {
    @Test
    void blockEndsAtTheDotAndTheNextCommandStaysInTheBuffer() {
        ByteBuffer in = ByteBuffer.wrap(Seeded.bytes("a\r\n..b\r\n.\r\nDATE\r\n"));
        BlockDecoder decoder = new BlockDecoder(1000);
        assertTrue(decoder.feed(in));
        var block = assertInstanceOf(BlockDecoder.Complete.class, decoder.block());
        assertEquals("a\r\n..b\r\n.\r\n", Seeded.text(block.bytes()));
        assertTrue(block.clean());
        assertEquals(6, in.remaining());
    }

    @Test
    void emptyBlockIsOneLineWithADot() {
        assertEquals(List.of("clean .\r\n", "clean .\r\n"), blocks(100, ".\r\n.\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n.\n", "a\n.\r\n", "a\r\n.\n", "a\r.\r\n", "a\r\n.\rb\r\n", ".\n",
        ".\r", "a\r\n.", "a\r\n.\r", "a\r\n..\r\n", "a\r\n.x\r\n", "a.\r\n", "\r.\r\n", "\n.\r\n"})
    void onlyADotBetweenCrlfsEndsABlock(String text) {
        BlockDecoder decoder = new BlockDecoder(1000);
        assertFalse(decoder.feed(ByteBuffer.wrap(Seeded.bytes(text))));
        assertThrows(IllegalStateException.class, decoder::block);
        assertEquals(text.length(), decoder.pending());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "a\0b\r\n", "\r\r\n", "\n.\r\n",
        "a\r\n.\rb\r\n"})
    void bareCrBareLfAndNulAreFlagged(String text) {
        assertEquals(List.of("dirty " + text + ".\r\n", "clean x\r\n.\r\n"),
                blocks(1000, text + ".\r\nx\r\n.\r\n"));
    }

    @Test
    void blockOfJustTheLimitIsTaken() {
        String block = "x".repeat(5000) + "\r\n.\r\n";
        assertEquals(List.of("clean " + block), blocks(block.length(), block));
        assertEquals(List.of("too long " + block.length()), blocks(block.length() - 1, block));
    }

    @Test
    void tooLongBlockIsSwallowedAndTheNextOneIsRead() {
        String big = ("y".repeat(61) + "\r\n").repeat(10_000);
        assertEquals(List.of("too long " + (big.length() + 3), "clean ok\r\n.\r\n"),
                blocks(1000, big + ".\r\nok\r\n.\r\n"));
    }

    @Test
    void cutsBetweenBuffersMakeNoDifference() {
        Random random = Seeded.random("BlockDecoderTest");
        for (int round = 0; round < 20_000; round++) {
            byte[] stream = Seeded.drawn(random, round % 2 == 0 ? "..\r\n" : "..\r\na\0",
                    random.nextInt(80));
            int limit = 3 + random.nextInt(30);
            List<String> expected = expected(stream, limit);
            assertEquals(expected, blocks(limit, Seeded.text(stream)));
            assertEquals(expected, blocksInPieces(limit, stream, random, 1));
            assertEquals(expected, blocksInPieces(limit, stream, random, 7));
        }
    }

    @Test
    void largeBlocksInLargeAndSmallPiecesComeOutWhole() {
        Random random = Seeded.random("BlockDecoderTest large");
        for (int round = 0; round < 60; round++) {
            byte[] stream = Seeded.drawn(random, "abcdefghijklmnopqrstuvwxyz.\r\n",
                    random.nextInt(200_000));
            byte[] all = Seeded.bytes(Seeded.text(stream) + "\r\n.\r\n");
            int limit = 1 + all.length - random.nextInt(2) * random.nextInt(1 + all.length);
            limit = Math.max(3, limit);
            assertEquals(expected(all, limit), blocksInPieces(limit, all, random, 40_000));
        }
    }

    /** As yEnc's are; here and there one is not, or only looks like it. */
    @Test
    void linesAlikeAreCountedAsAllOthers() {
        Random random = Seeded.random("BlockDecoderTest alike");
        for (int round = 0; round < 300; round++) {
            int octets = random.nextInt(round % 3 == 0 ? 3 * ControlMarks.PIECE : 200);
            StringBuilder text = new StringBuilder();
            for (int line = random.nextInt(100); line >= 0; line--) {
                int length = random.nextInt(8) > 0 ? octets : random.nextInt(octets + 1);
                char[] chars = new char[length];
                for (int i = 0; i < length; i++) {
                    chars[i] = (char) ('a' + random.nextInt(26));
                }
                if (length > 1 && random.nextInt(8) == 0) {
                    chars[random.nextInt(length)] = "\0\r\n.".charAt(random.nextInt(4));
                }
                text.append(chars).append("\r\n");
            }
            byte[] all = Seeded.bytes(text + ".\r\n");
            assertEquals(expected(all, all.length),
                    blocksInPieces(all.length, all, random, 1 + random.nextInt(5000)));
            BlockDecoder decoder = new BlockDecoder(all.length);
            if (decoder.feed(ByteBuffer.wrap(all))) {
                var block = assertInstanceOf(BlockDecoder.Complete.class, decoder.block());
                assertEquals(shape(Seeded.text(block.bytes())), block.shape());
            }
        }
    }

    private static BlockDecoder.Shape shape(String block) {
        List<String> lines = List.of(block.substring(0, block.length() - 3).split("\r\n", -1));
        lines = lines.subList(0, lines.size() - 1);
        int blank = lines.indexOf("");
        return new BlockDecoder.Shape(
                blank < 0 ? -1 : lines.subList(0, blank).stream().mapToInt(l -> l.length() + 2).sum(),
                Math.max(0, blank), lines.size(),
                (int) lines.stream().filter(line -> line.startsWith(".")).count(),
                lines.stream().mapToInt(String::length).max().orElse(0));
    }

    @Test
    void directBuffersAreReadAsWell() {
        byte[] bytes = Seeded.bytes("abc\r\n.\r\nX");
        ByteBuffer in = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        BlockDecoder decoder = new BlockDecoder(100);
        assertTrue(decoder.feed(in));
        var block = assertInstanceOf(BlockDecoder.Complete.class, decoder.block());
        assertArrayEquals(Seeded.bytes("abc\r\n.\r\n"), block.bytes());
        assertEquals('X', in.get());
    }

    @Test
    void articleInPiecesComesOutAsTheFileThatWentIn() throws MalformedArticle {
        Random random = Seeded.random("BlockDecoderTest article");
        byte[] file = new byte[150_000];
        random.nextBytes(file);
        byte[] wire = WireArticle.build(List.of(new HeaderField("Subject", "x")),
                YencEncoder.encodePart(new YencPart("f", file.length, 1, 1, 0), file, 0,
                        file.length)).bytes();
        BlockDecoder decoder = new BlockDecoder(wire.length);
        ByteBuffer in = ByteBuffer.wrap(wire);
        boolean whole = false;
        while (!whole) {
            in.limit(Math.min(wire.length, in.position() + 1 + random.nextInt(5000)));
            whole = decoder.feed(in);
        }
        var block = assertInstanceOf(BlockDecoder.Complete.class, decoder.block());
        WireArticle article = WireArticle.parse(block.bytes());
        YencDecoded decoded = YencDecoder.decode(article.bytes(), article.bodyStart(),
                article.bodyEnd());
        assertEquals(List.of(), decoded.problems());
        assertArrayEquals(file, decoded.data());
    }

    /** The same by looking at the whole stream at once, which no decoder can. */
    private static List<String> expected(byte[] stream, int limit) {
        List<String> blocks = new ArrayList<>();
        String rest = Seeded.text(stream);
        while (true) {
            int end = rest.startsWith(".\r\n") ? 3 : rest.indexOf("\r\n.\r\n") + 5;
            if (end < 5 && !rest.startsWith(".\r\n")) {
                return blocks;
            }
            String block = rest.substring(0, end);
            String bare = block.replace("\r\n", "");
            boolean clean = !Text.breaksLine(bare);
            blocks.add(end > limit ? "too long " + end : (clean ? "clean " : "dirty ") + block);
            rest = rest.substring(end);
        }
    }

    private static List<String> blocks(int limit, String stream) {
        List<String> blocks = new ArrayList<>();
        BlockDecoder decoder = new BlockDecoder(limit);
        ByteBuffer in = ByteBuffer.wrap(Seeded.bytes(stream));
        while (decoder.feed(in)) {
            blocks.add(shown(decoder.block()));
        }
        return blocks;
    }

    private static List<String> blocksInPieces(int limit, byte[] stream, Random random, int max) {
        List<String> blocks = new ArrayList<>();
        BlockDecoder decoder = new BlockDecoder(limit);
        for (int at = 0; at < stream.length; ) {
            int n = Math.min(stream.length - at, 1 + random.nextInt(max));
            ByteBuffer in = ByteBuffer.wrap(stream, at, n);
            while (decoder.feed(in)) {
                blocks.add(shown(decoder.block()));
            }
            at += n;
        }
        return blocks;
    }

    private static String shown(BlockDecoder.Block block) {
        return switch (block) {
            case BlockDecoder.Complete whole ->
                    (whole.clean() ? "clean " : "dirty ") + Seeded.text(whole.bytes());
            case BlockDecoder.TooLong tooLong -> "too long " + tooLong.octets();
        };
    }
}
