package net.spillway.tools.nzb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import net.spillway.tools.BoundedInput;

/**
 * A manifest's octets, to be read as often as need be. What comes out of a pipe is read when this is
 * made, and kept; "-" is standard input.
 */
public final class NzbSource {
    /** More than this no manifest has, packed or unpacked. */
    static final int MOST_OCTETS = 128 << 20;
    private static final Path STANDARD_INPUT = Path.of("-");

    private final String name;
    private final NzbText.Opener opener;

    private NzbSource(String name, NzbText.Opener opener) {
        this.name = name;
        this.opener = opener;
    }

    /**
     * A manifest as its user names it.
     *
     * @throws NzbException if there is no such file, or more than 128 MiB come out of a pipe
     * @throws IOException if it cannot be opened
     */
    public static NzbSource of(Path file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return kept(System.in, "standard input");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Files.isRegularFile(file) || Files.isDirectory(file)
                    ? new NzbSource(file.toString(), () -> Files.newInputStream(file))
                    : kept(in, file.toString());
        } catch (NoSuchFileException e) {
            throw new NzbException(file.toString(), 0, "there is no such file");
        }
    }

    private static NzbSource kept(InputStream pipe, String name) throws IOException {
        byte[] octets =
                new BoundedInput(pipe, MOST_OCTETS, () -> tooLarge(name, "")).readAllBytes();
        return new NzbSource(name, () -> new ByteArrayInputStream(octets));
    }

    static NzbException tooLarge(String name, String when) {
        return new NzbException(name, 0, "larger than " + (MOST_OCTETS >> 20) + " MiB" + when
                + ", which no sensible NZB is");
    }

    /** The octets as they are, packed or not; to be closed. */
    public InputStream open() throws IOException {
        return opener.open();
    }

    NzbText text() {
        return new NzbText(opener, name);
    }

    /** What to call it in messages. */
    @Override
    public String toString() {
        return name;
    }
}
