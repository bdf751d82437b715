package net.spillway.relay.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import net.spillway.relay.access.PrivateFile;

/** What opens the admin page. It is never printed nor logged. */
final class AdminToken {
    private static final int OCTETS = 24;
    private static final int MIN_LENGTH = 16;
    private static final int MAX_FILE = 4096;

    private final byte[] token;
    private final byte[] cookie;

    private AdminToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.cookie = Base64.getUrlEncoder().withoutPadding().encode(
                sha256("spillway admin cookie " + token));
    }

    /**
     * The first line of that file, which is made if it is not there, readable for us alone.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    static AdminToken load(Path file) throws IOException {
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        PrivateFile.makeIfMissing(file, fresh.getBytes(StandardCharsets.US_ASCII));
        if (PrivateFile.isOpenToOthers(file)) {
            throw new IOException(file + " opens the admin page, and every user of this machine"
                    + " may read it: chmod o-rw " + file);
        }
        String text = Files.size(file) > MAX_FILE ? ""
                : Files.readString(file, StandardCharsets.UTF_8);
        String token = text.lines().findFirst().orElse("").strip();
        if (token.length() < MIN_LENGTH || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException(file + " holds no token: its first line has to be "
                    + MIN_LENGTH + " characters or more, without blanks; delete it, and a good"
                    + " one is made");
        }
        return new AdminToken(token);
    }

    boolean isToken(String given) {
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }

    boolean isCookie(String given) {
        return MessageDigest.isEqual(cookie, given.getBytes(StandardCharsets.UTF_8));
    }

    /** What a browser keeps instead of the token. */
    String cookie() {
        return new String(cookie, StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Not the token itself. */
    @Override
    public String toString() {
        return "a token";
    }
}
