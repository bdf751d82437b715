package net.spillway.fec.par1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of volumes, {@code .par}, {@code .p01} to {@code .p99}, {@code .q00}..., and in them. */
public final class Par1Names {
    private static final Pattern VOLUME =
            Pattern.compile("(.+)\\.(par|[p-r]\\d\\d)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Archives of another sort are called .r00 and so on much more often than volumes. */
    private static final Pattern AMBIGUOUS =
            Pattern.compile(".+\\.r\\d\\d", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private Par1Names() {}

    /** True if a file is called like a volume. */
    public static boolean isVolumeName(String name) {
        return VOLUME.matcher(name).matches() && !AMBIGUOUS.matcher(name).matches();
    }

    /** True if a file is a volume by its first bytes, or at least is called like one. */
    public static boolean isVolume(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(Par1Format.MAGIC.length);
            boolean par2 = Arrays.equals(head, "PAR2\0PKT".getBytes(StandardCharsets.US_ASCII));
            return Arrays.equals(head, Par1Format.MAGIC)
                    || !par2 && isVolumeName(file.getFileName().toString());
        }
    }

    /** A name without the ending of a volume. */
    public static String stem(String name) {
        Matcher m = VOLUME.matcher(name);
        return m.matches() ? m.group(1) : name;
    }

    /** The name of volume {@code number}, 1..255; 0 is the index. */
    static String volume(String stem, int number) {
        if (number == 0) {
            return stem + ".par";
        }
        return stem + "." + (char) ('p' + number / 100) + number / 10 % 10 + number % 10;
    }

    /**
     * The name that an entry means: UTF-16, but programs that knew no Unicode wrote each byte of
     * the name as a character, so what makes sense as UTF-8 that way is taken for it.
     */
    static String decode(byte[] bytes, int from, int to) {
        String name = new String(bytes, from, to - from, StandardCharsets.UTF_16LE);
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == 0) {
            end--;
        }
        name = name.substring(0, end);
        if (name.chars().allMatch(c -> c < 256) && name.chars().anyMatch(c -> c > 127)) {
            try {
                byte[] narrow = name.getBytes(StandardCharsets.ISO_8859_1);
                return StandardCharsets.UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(narrow)).toString();
            } catch (CharacterCodingException e) {
                return name;
            }
        }
        return name;
    }
}
