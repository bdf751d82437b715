package net.spillway.relay.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.spillway.relay.access.PrivateFile;

/**
 * What only this relay knows, and from which it makes the keys of the articles that its users post
 * (RFC 8315, section 4). If it is lost, they can't be taken back any more.
 */
public final class CancelSecret {
    private static final int OCTETS = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] octets;

    private CancelSecret(byte[] octets) {
        this.octets = octets;
    }

    /** A fresh one, kept nowhere. */
    public static CancelSecret random() {
        byte[] octets = new byte[OCTETS];
        new SecureRandom().nextBytes(octets);
        return new CancelSecret(octets);
    }

    /**
     * The one in that file, which is made if it is not there, readable for us alone.
     *
     * @throws IOException naming the file, if it cannot be read or written or is no such file
     */
    public static CancelSecret load(Path file) throws IOException {
        PrivateFile.makeIfMissing(file, random().octets);
        byte[] octets = Files.readAllBytes(file);
        if (octets.length != OCTETS) {
            throw new IOException(file + " is not the " + OCTETS + " octets that it was made with;"
                    + " bring it back from a copy, or delete it: then users cannot cancel what they"
                    + " have posted so far");
        }
        return new CancelSecret(octets);
    }

    /** A code for that text that nobody else can make, 32 octets. */
    byte[] code(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(octets, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CancelSecret that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Not the secret itself. */
    @Override
    public String toString() {
        return "a secret";
    }
}
