package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YencTest {
    /** "Hello" with 42 added to each octet. */
    private static final String HELLO = "r\u008f\u0096\u0096\u0099";
    private static final String HELLO_CRC = "f7d18982";

    @Test
    void partIsWrittenWithAllThatReadersLookFor() {
        byte[] file = Seeded.bytes("....Hello");
        String text = Seeded.text(YencEncoder.encodePart(
                new YencPart("a b.bin", 9, 2, 3, 4).withFileCrc(0xabc), file, 4, 5));
        assertEquals("=ybegin part=2 total=3 line=128 size=9 name=a b.bin\r\n"
                + "=ypart begin=5 end=9\r\n" + HELLO + "\r\n"
                + "=yend size=5 part=2 pcrc32=" + HELLO_CRC + " crc32=00000abc\r\n", text);
    }

    @Test
    void partThatIsTheWholeFileGivesTheCrcOfTheFile() {
        String text = Seeded.text(YencEncoder.encodePart(new YencPart("x", 5, 1, 1, 0),
                Seeded.bytes("Hello"), 0, 5));
        assertTrue(text.endsWith(" pcrc32=" + HELLO_CRC + " crc32=" + HELLO_CRC + "\r\n"));
    }

    @Test
    void partBehindTheEndOfItsFileIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> YencEncoder.encodePart(
                new YencPart("x", 5, 1, 1, 1), new byte[5], 0, 5));
        assertThrows(IllegalArgumentException.class, () -> YencEncoder.encodePart(
                new YencPart("x", 5, 1, 1, Long.MAX_VALUE), new byte[5], 0, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
    void nameThatBreaksTheLineIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new YencPart(name, 1, 1, 1, 0));
    }

    /** Any octets between a header and a trailer, of which many mean something. */
    @Test
    void vectorsGiveWhatScalarsGive() {
        Random random = Seeded.random("vectors");
        byte[] special = Seeded.bytes("=\r\n.y =\r\n==..");
        for (int round = 0; round < 3000; round++) {
            byte[] wire = Seeded.bytes("=ybegin line=128 size=500 name=x\r\n"
                    + "?".repeat(random.nextInt(700)) + "\r\n=yend size=500\r\n");
            int odds = 1 + random.nextInt(60);
            for (int i = 34; i < wire.length - 17; i++) {
                wire[i] = random.nextInt(odds) == 0 ? special[random.nextInt(special.length)]
                        : (byte) random.nextInt();
            }
            YencDecoded plain = YencDecoder.decode(wire, 0, wire.length, false);
            YencDecoded fast = YencDecoder.decode(wire, 0, wire.length, true);
            assertArrayEquals(plain.data(), fast.data());
            assertEquals(plain.part(), fast.part());
            assertEquals(plain.problems(), fast.problems());
        }
    }

    @Test
    void piecesAreWhatTheWholePartIs() {
        Random random = Seeded.random("pieces");
        for (int length : new int[] {1, 127, 128, 129, 5000, 100_000}) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            YencPart part = new YencPart("f", length + 7, 1, 2, 7);
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            pieces.writeBytes(YencEncoder.begin(part, length));
            int piece = YencEncoder.LINE * (1 + random.nextInt(20));
            byte[] lines = new byte[YencEncoder.greatestSize(piece)];
            for (int at = 0; at < length; at += piece) {
                int n = YencEncoder.lines(data, at, Math.min(length, at + piece), lines);
                pieces.write(lines, 0, n);
            }
            pieces.writeBytes(YencEncoder.end(part, (int) crc(data), length));
            byte[] whole = YencEncoder.encodePart(part, data, 0, length);
            assertArrayEquals(whole, pieces.toByteArray());
            assertEquals(whole.length, YencEncoder.usualSize(part, length), whole.length / 100 + 3);
        }
    }

    @Test
    void everythingComesBackWhateverItsLength() {
        Random random = Seeded.random("YencTest");
        for (int length = 0; length < 600; length++) {
            roundTrip(anything(random, length), random);
        }
        for (int round = 0; round < 30; round++) {
            roundTrip(anything(random, random.nextInt(100_000)), random);
        }
    }

    @Test
    void everyOctetComesBackAtEveryPlaceOfALine() {
        Random random = Seeded.random("YencTest places");
        for (int octet = 0; octet < 256; octet++) {
            byte[] data = new byte[300];
            Arrays.fill(data, (byte) octet);
            roundTrip(data, random);
        }
    }

    @Test
    void linesNeverNeedStuffingAndHaveNoBlanksAtTheirEnds() {
        Random random = Seeded.random("YencTest lines");
        for (int round = 0; round < 300; round++) {
            byte[] data = anything(random, random.nextInt(3000));
            byte[] coded = encode(data, 7);
            assertEquals(0, DotStuffing.count(coded, 0, coded.length));
            List<String> lines = List.of(Seeded.text(coded).split("\r\n"));
            for (String line : lines.subList(2, lines.size() - 1)) {
                assertFalse(line.matches("(?s)[ \t].*|.*[ \t]"), line);
                assertFalse(Text.breaksLine(line));
                assertFalse(line.endsWith("=") && !line.endsWith("=="));
            }
        }
    }

    @Test
    void lineLengthIsCountedBeforeEscapesAndNoEscapeIsCut() {
        byte[] data = new byte[YencEncoder.LINE * 2];
        Arrays.fill(data, (byte) ('=' - 42));
        String[] lines = Seeded.text(encode(data, 0)).split("\r\n");
        assertEquals("=}".repeat(128), lines[2]);
        assertEquals("=}".repeat(128), lines[3]);
        assertEquals(5, lines.length);
    }

    @ParameterizedTest
    @CsvSource({"f7d18982, f7d18982", "F7D18982, f7d18982", "0000000000f7d18982, f7d18982",
        "ffffffffF7D18982, f7d18982"})
    void crcIsComparedAsANumberOfItsLow32Bits(String written, String computed) {
        YencDecoded decoded = decode(body(HELLO, "size=5 part=1 pcrc32=" + written));
        assertEquals(List.of(), decoded.problems());
        assertTrue(decoded.crcVerified());
        assertEquals(computed, Long.toHexString(decoded.crc32()));
    }

    @Test
    void crcWithoutItsLeadingZerosIsRight() {
        // The CRC-32 of this text is 0x00... ; the loop finds one so that no tool is needed.
        int n = 0;
        while (crc(Seeded.bytes("n" + n)) >>> 24 != 0) {
            n++;
        }
        byte[] data = Seeded.bytes("n" + n);
        String text = Seeded.text(encode(data, 0));
        String full = String.format("%08x", crc(data));
        String cut = full.replaceFirst("^0+", "");
        YencDecoded decoded = decode(text.replace(full, cut));
        assertEquals(List.of(), decoded.problems());
        assertTrue(decoded.crcVerified());
    }

    @Test
    void wrongCrcIsAProblemAndTheDataIsThereAllTheSame() {
        YencDecoded decoded = decode(body(HELLO, "size=5 part=1 pcrc32=12345678"));
        assertEquals("Hello", Seeded.text(decoded.data()));
        assertProblems(decoded, YencProblem.Kind.CRC_MISMATCH);
        assertFalse(decoded.isIntact());
        assertFalse(decoded.crcVerified());
        assertTrue(decoded.problems().getFirst().toString().contains("12345678"));
    }

    @Test
    void crcOfTheWholeFileIsNotTakenForThatOfAPart() {
        YencDecoded decoded = decode(body(HELLO, "size=5 part=1 crc32=12345678"));
        assertProblems(decoded, YencProblem.Kind.NO_CRC);
        assertTrue(decoded.isIntact());
        assertFalse(decoded.crcVerified());
        assertEquals(0x12345678L, decoded.part().fileCrc().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyz", "", "-1", "f7d18982g"})
    void crcThatIsNoNumberIsAProblem(String crc) {
        assertProblems(decode(body(HELLO, "size=5 part=1 pcrc32=" + crc)),
                YencProblem.Kind.BAD_END);
    }

    @Test
    void leadingDotMayBeEscapedOrDoubled() {
        // 4 + 42 is a dot.
        byte[] data = {4, 4, 4};
        String crc = String.format("%08x", crc(data));
        for (String line : List.of("=n..", "....", "=n=n=n", "..=n.")) {
            YencDecoded decoded = decode("=ybegin line=128 size=3 name=d\r\n" + line
                    + "\r\n=yend size=3 crc32=" + crc + "\r\n.\r\n");
            assertArrayEquals(data, decoded.data(), line);
            assertEquals(List.of(), decoded.problems());
        }
    }

    @Test
    void sizeIsTheFilesInBeginAndThePartsInEnd() {
        YencDecoded decoded = decode("=ybegin part=2 total=9 line=128 size=1000 name=f\r\n"
                + "=ypart begin=101 end=105\r\n" + HELLO
                + "\r\n=yend size=5 part=2 pcrc32=" + HELLO_CRC + "\r\n");
        assertEquals(List.of(), decoded.problems());
        assertEquals(new YencPart("f", 1000, 2, 9, 100), decoded.part());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.bin", " two  blanks  at each end  ", "size=7 name=x part=9",
        "gr\u00fc\u00dfe \u65e5\u672c.txt", "\"quoted\"", ""})
    void nameRunsToTheEndOfTheLineWithItsBlanksAndAllCharacters(String name) {
        byte[] coded = YencEncoder.encodePart(new YencPart(name, 5, 1, 1, 0),
                Seeded.bytes("Hello"), 0, 5);
        YencDecoded decoded = YencDecoder.decode(coded, 0, coded.length);
        assertEquals(name, decoded.part().name());
        assertEquals(List.of(), decoded.problems());
    }

    @Test
    void nameInLatin1IsReadAsSuch() {
        YencDecoded decoded = decode("=ybegin line=128 size=5 name=gr\u00fcn\r\n" + HELLO
                + "\r\n=yend size=5 crc32=" + HELLO_CRC + "\r\n");
        assertEquals("gr\u00fcn", decoded.part().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"total=1 line=128 size=1 name=decoy", "line=128 size=99999999999 name=",
        "total=banana line=64 size=5 name=../../etc/passwd", "total=-4 line=0 size=5 name=x"})
    void decoysInTotalSizeAndNameHarmNothing(String decoys) {
        YencDecoded decoded = decode("=ybegin part=3 " + decoys + "\r\n=ypart begin=11 end=15\r\n"
                + HELLO + "\r\n=yend size=5 part=3 pcrc32=" + HELLO_CRC + "\r\n");
        assertTrue(decoded.isIntact(), decoded.problems().toString());
        assertTrue(decoded.crcVerified());
        assertEquals(3, decoded.part().part());
        assertEquals(10, decoded.part().begin());
    }

    @Test
    void missingEndLeavesTheDataForParity() {
        for (String rest : List.of("", "\r\n", "\r\n.\r\n")) {
            YencDecoded decoded = decode("=ybegin part=1 total=1 line=128 size=5 name=x\r\n"
                    + "=ypart begin=1 end=5\r\n" + HELLO + rest);
            assertEquals("Hello", Seeded.text(decoded.data()));
            assertProblems(decoded, YencProblem.Kind.NO_END);
            assertFalse(decoded.isIntact());
        }
    }

    @Test
    void sizesThatDisagreeWithTheDataAreProblems() {
        assertProblems(decode(body(HELLO, "size=6 part=1 pcrc32=" + HELLO_CRC)),
                YencProblem.Kind.SIZE_MISMATCH);
        assertProblems(decode(body(HELLO + HELLO, "size=10 part=1")),
                YencProblem.Kind.SIZE_MISMATCH, YencProblem.Kind.NO_CRC);
        assertProblems(decode(body(HELLO, "size=x part=1 pcrc32=" + HELLO_CRC)),
                YencProblem.Kind.BAD_END);
        assertProblems(decode(body(HELLO, "size=5 part=2 pcrc32=" + HELLO_CRC)),
                YencProblem.Kind.PART_MISMATCH);
    }

    @Test
    void hugeDeclaredSizesAllocateNothing() {
        for (long size : new long[] {Integer.MAX_VALUE, 1L << 40, 999_999_999_999_999_999L}) {
            YencDecoded decoded = decode("=ybegin part=1 line=128 size=" + size
                    + " name=x\r\n=ypart begin=1 end=" + size + "\r\n" + HELLO
                    + "\r\n=yend size=" + size + " part=1\r\n");
            assertEquals("Hello", Seeded.text(decoded.data()));
            assertTrue(decoded.has(YencProblem.Kind.SIZE_MISMATCH));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=ypart begin=0 end=5", "=ypart begin=7 end=5", "=ypart begin=1",
        "=ypart end=5", "=ypart begin=-1 end=5", "=ypart begin=1 end=99999999999999999999999"})
    void impossiblePartLinesAreProblems(String line) {
        YencDecoded decoded = decode("=ybegin part=1 line=128 size=5 name=x\r\n" + line + "\r\n"
                + HELLO + "\r\n=yend size=5 pcrc32=" + HELLO_CRC + "\r\n");
        assertProblems(decoded, YencProblem.Kind.BAD_HEADER);
        assertEquals("Hello", Seeded.text(decoded.data()));
    }

    @Test
    void partWithoutItsPlaceInTheFileIsAProblem() {
        YencDecoded decoded = decode("=ybegin part=2 line=128 size=50 name=x\r\n" + HELLO
                + "\r\n=yend size=5 part=2 pcrc32=" + HELLO_CRC + "\r\n");
        assertProblems(decoded, YencProblem.Kind.BAD_HEADER);
    }

    @Test
    void beginWithoutSizeNameOrWithBadPartIsAProblem() {
        for (String fields : List.of("line=128 name=x", "line=128 size=5",
                "part=0 line=128 size=5 name=x", "part=99999999999 line=128 size=5 name=x")) {
            YencDecoded decoded = decode("=ybegin " + fields + "\r\n=ypart begin=1 end=5\r\n"
                    + HELLO + "\r\n=yend size=5 pcrc32=" + HELLO_CRC + "\r\n");
            assertTrue(decoded.has(YencProblem.Kind.BAD_HEADER), fields);
            assertEquals("Hello", Seeded.text(decoded.data()));
        }
    }

    @Test
    void bodyWithoutYencHasNoDataAndSaysSo() {
        YencDecoded decoded = decode("just\r\ntext\r\n=ybeginners\r\n.\r\n");
        assertProblems(decoded, YencProblem.Kind.NO_BEGIN);
        assertEquals(0, decoded.data().length);
    }

    @Test
    void textAroundThePartIsPassedOver() {
        YencDecoded decoded = decode("hello,\r\n\r\n..sig\r\n" + body(HELLO,
                "size=5 part=1 pcrc32=" + HELLO_CRC) + "bye\r\n" + HELLO + "\r\n.\r\n");
        assertEquals("Hello", Seeded.text(decoded.data()));
        assertEquals(List.of(), decoded.problems());
    }

    @Test
    void escapeCutFromItsOctetIsAProblem() {
        YencDecoded decoded = decode(body(HELLO + "=\r\n", "size=5 part=1 pcrc32=" + HELLO_CRC));
        assertProblems(decoded, YencProblem.Kind.CUT_ESCAPE);
    }

    @Test
    void anyEscapedOctetIsTaken() {
        String all = "";
        byte[] data = new byte[256];
        for (int i = 0; i < 256; i++) {
            data[i] = (byte) i;
            int coded = i + 42 + 64 & 0xff;
            // An octet that would come out as CR or LF, or as the y of a keyword, is left plain.
            boolean plain = coded == '\r' || coded == '\n' || coded == 'y';
            all += plain ? "" + (char) (i + 42 & 0xff) : "=" + (char) coded;
        }
        YencDecoded decoded = decode("=ybegin line=256 size=256 name=x\r\n" + all
                + "\r\n=yend size=256 crc32=" + String.format("%x", crc(data)) + "\r\n");
        assertArrayEquals(data, decoded.data());
        assertTrue(decoded.crcVerified());
    }

    @Test
    void wordsToComeAreNoData() {
        YencDecoded decoded = decode("=ybegin line=128 size=5 name=x\r\n=yfuture a=b\r\n" + HELLO
                + "\r\n=yend size=5 crc32=" + HELLO_CRC + "\r\n");
        assertEquals(List.of(), decoded.problems());
        assertEquals("Hello", Seeded.text(decoded.data()));
    }

    @Test
    void onlyTheGivenRangeIsRead() {
        byte[] coded = encode(Seeded.bytes("Hello"), 0);
        var out = new ByteArrayOutputStream();
        out.writeBytes(Seeded.bytes("=ybegin size=1 name=other\r\n"));
        int from = out.size();
        out.writeBytes(coded);
        int to = out.size();
        out.writeBytes(Seeded.bytes(HELLO));
        YencDecoded decoded = YencDecoder.decode(out.toByteArray(), from, to);
        assertEquals("Hello", Seeded.text(decoded.data()));
        assertEquals(List.of(), decoded.problems());
    }

    @Test
    void damagedBodiesNeverFailAndAreNeverVerifiedWithOtherData() {
        Random random = Seeded.random("YencTest damage");
        for (int round = 0; round < 20_000; round++) {
            byte[] data = anything(random, random.nextInt(400));
            byte[] coded = encode(data, random.nextInt(3));
            for (int n = random.nextInt(4); n >= 0; n--) {
                coded[random.nextInt(coded.length)] = (byte) random.nextInt(256);
            }
            int to = random.nextInt(4) == 0 ? random.nextInt(coded.length) : coded.length;
            YencDecoded decoded = YencDecoder.decode(coded, 0, to);
            assertTrue(decoded.data().length <= to);
            assertEquals(crc(decoded.data()), decoded.crc32());
            if (decoded.crcVerified() && decoded.isIntact()) {
                assertArrayEquals(data, decoded.data());
            }
        }
    }

    private static void roundTrip(byte[] data, Random random) {
        long begin = random.nextInt(1000);
        byte[] coded = encode(data, begin);
        byte[] wire = Arrays.copyOf(coded, coded.length + 3);
        wire[coded.length] = '.';
        wire[coded.length + 1] = '\r';
        wire[coded.length + 2] = '\n';
        YencDecoded decoded = YencDecoder.decode(wire, 0, wire.length);
        assertEquals(List.of(), decoded.problems());
        assertTrue(decoded.crcVerified());
        assertArrayEquals(data, decoded.data());
        assertEquals(begin, decoded.part().begin());
    }

    @Test
    void vectorsEncodeTheSameOctetsAsThePortableLoop() {
        Random random = Seeded.random("YencTest vectors encode");
        for (int n = 0; n < 300; n++) {
            byte[] data = anything(random, random.nextInt(900));
            YencPart part = new YencPart("f", data.length, 1, 1, 0);
            byte[] fast = new byte[YencEncoder.greatestSize(part, data.length)];
            byte[] plain = new byte[fast.length];
            int end = YencEncoder.encodePart(part, data, 0, data.length, plain, 0, plain.length,
                    false);
            assertEquals(end, YencEncoder.encodePart(part, data, 0, data.length, fast, 0,
                    fast.length, VectorYenc.Support.IS_THERE));
            assertArrayEquals(Arrays.copyOf(plain, end), Arrays.copyOf(fast, end));
        }
    }

    private static byte[] encode(byte[] data, long begin) {
        return YencEncoder.encodePart(new YencPart("f", begin + data.length + 5, 1, 2, begin),
                data, 0, data.length);
    }

    /** Half of the time all octets alike, half of the time mostly those that need escapes. */
    private static byte[] anything(Random random, int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        if (random.nextBoolean()) {
            byte[] hard = Seeded.drawn(random, "\0\r\n=.\t y.", length);
            for (int i = 0; i < length; i++) {
                data[i] = (byte) (hard[i] - 42);
            }
        }
        return data;
    }

    private static String body(String data, String end) {
        return "=ybegin part=1 total=2 line=128 size=10 name=x\r\n=ypart begin=1 end=5\r\n"
                + data + "\r\n=yend " + end + "\r\n";
    }

    private static YencDecoded decode(String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return YencDecoder.decode(bytes, 0, bytes.length);
    }

    private static long crc(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return crc.getValue();
    }

    private static void assertProblems(YencDecoded decoded, YencProblem.Kind... kinds) {
        assertEquals(List.of(kinds),
                decoded.problems().stream().map(YencProblem::kind).toList());
    }
}
