package net.spillway.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Where a password lies: the first line of a small file. It is read when it is needed and never
 * kept, so that no configuration that is printed or logged can show it, and a changed password
 * holds at once.
 *
 * @param path the file; only its owner and group should be able to read it
 */
public record PasswordFile(Path path) {
    private static final int MAX_OCTETS = 1024;

    /**
     * Reads the password: the first line in UTF-8, without its line end.
     *
     * @throws IOException if the file cannot be read, its first line is empty, or it is longer
     *     than 1024 octets
     */
    public String read() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_OCTETS + 1);
        }
        if (bytes.length > MAX_OCTETS) {
            throw new IOException(path + " is too large for a password file (1024 octets at most)");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new IOException(path + " has no password in its first line");
        }
        return line;
    }

    /**
     * Tells whether this is the password, in a time that does not depend on where the two differ.
     *
     * @throws IOException as {@link #read}
     */
    public boolean matches(String offered) throws IOException {
        return MessageDigest.isEqual(
                read().getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }
}
