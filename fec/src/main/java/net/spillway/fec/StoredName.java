package net.spillway.fec;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.spillway.fec.packet.Par2Exception;

/**
 * A file's name as a set has it: bytes. On Unix names on disk are bytes too, in UTF-8 or in whatever
 * character set they were once typed. Java has no paths of bytes, and what is no text in the
 * system's character set is lost when a path is made into text; but {@code file:} URIs have them
 * percent-encoded, and both ways keep them.
 *
 * @param text the name, relative, with {@code /}
 * @param latin1 true if its bytes are no UTF-8: {@code text} is them, taken for ISO 8859-1
 */
record StoredName(String text, boolean latin1) {
    /** macOS and Windows have names of Unicode only. */
    private static final boolean NAMES_ARE_BYTES = !SafeNames.ON_WINDOWS
            && !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");

    private static final HexFormat HEX = HexFormat.of();

    /** The name of such bytes. */
    static StoredName of(byte[] bytes) {
        try {
            return new StoredName(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
                    false);
        } catch (CharacterCodingException e) {
            return new StoredName(new String(bytes, StandardCharsets.ISO_8859_1), true);
        }
    }

    /**
     * The name of a file below a folder.
     *
     * @param root absolute, as is the file
     * @throws Par2Exception if the system's names are no bytes, and this one is no text
     */
    static StoredName of(Path root, Path file) throws Par2Exception {
        Path relative = root.relativize(file);
        if (SafeNames.isText(relative) || !hasBytes(file)) {
            SafeNames.checkIsText(relative);
            StringBuilder name = new StringBuilder();
            for (Path part : relative) {
                name.append(name.isEmpty() ? "" : "/").append(part);
            }
            return new StoredName(name.toString(), false);
        }
        return of(behind(root, file));
    }

    byte[] bytes() {
        return text.getBytes(charset());
    }

    private Charset charset() {
        return latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    /** What its characters are written in where a file has it; UTF-8 if names are no bytes. */
    Charset charsetOnDisk() {
        return NAMES_ARE_BYTES ? charset() : StandardCharsets.UTF_8;
    }

    /** The path in a folder of just these bytes; nothing where the system has no such paths. */
    Optional<Path> in(Path folder) {
        if (!hasBytes(folder)) {
            return Optional.empty();
        }
        Path whole = folder.toAbsolutePath();
        StringBuilder uri = new StringBuilder("file://").append(whole.toUri().getRawPath());
        if (uri.charAt(uri.length() - 1) != '/') {
            uri.append('/');
        }
        for (byte b : bytes()) {
            if (b == '/') {
                uri.append('/');
            } else {
                HEX.toHexDigits(uri.append('%'), b);
            }
        }
        Path path = Path.of(URI.create(uri.toString()));
        return Optional.of(folder.resolve(
                path.subpath(whole.getNameCount(), path.getNameCount())));
    }

    private static boolean hasBytes(Path path) {
        return NAMES_ARE_BYTES && path.getFileSystem() == FileSystems.getDefault();
    }

    /** What a path has behind that of a folder; both are absolute. */
    private static byte[] behind(Path folder, Path path) {
        byte[] before = bytes(folder);
        byte[] all = bytes(path);
        int from = before.length + (before[before.length - 1] == '/' ? 0 : 1);
        return Arrays.copyOfRange(all, from, all.length);
    }

    /** Of an absolute path; one of a folder may end in a slash. */
    private static byte[] bytes(Path path) {
        String raw = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(raw.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** The path beside a file whose name is that of the file, changed. */
    static Path beside(Path file, UnaryOperator<String> change) {
        Path name = file.getFileName();
        if (SafeNames.isText(name) || !hasBytes(file)) {
            return file.resolveSibling(change.apply(name.toString()));
        }
        Path parent = file.toAbsolutePath().getParent();
        String text = new String(
                behind(parent, file.toAbsolutePath()), StandardCharsets.ISO_8859_1);
        return file.resolveSibling(new StoredName(change.apply(text), true).in(parent)
                .orElseThrow().getFileName());
    }
}
