package net.spillway.relay.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * One entry of Cancel-Lock or Cancel-Key (RFC 8315): a scheme and a text. A lock is the hash of
 * its key, so whoever shows the key is who made the lock.
 *
 * @param scheme in lower case
 * @param text base64 of the hash in a lock; in a key anything without blanks
 */
record CancelLock(String scheme, String text) {
    /** What we make; sha1 is read too, since others made it for long. */
    private static final String OURS = "sha256";
    /** More locks than anybody needs. */
    private static final int MAX_ENTRIES = 32;

    /** Reads a field. What cannot be read is passed over, as section 2 asks. */
    static List<CancelLock> parse(String value) {
        List<CancelLock> entries = new ArrayList<>();
        for (String word : value.strip().split("[ \t]+")) {
            int colon = word.indexOf(':');
            if (colon > 0 && colon + 1 < word.length() && entries.size() < MAX_ENTRIES) {
                entries.add(new CancelLock(word.substring(0, colon).toLowerCase(Locale.ROOT),
                        word.substring(colon + 1)));
            }
        }
        return entries;
    }

    /** The lock that this key opens; empty if its scheme is not known. */
    Optional<CancelLock> lock() {
        String algorithm = switch (scheme) {
            case "sha256" -> "SHA-256";
            case "sha1" -> "SHA-1";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] hash = MessageDigest.getInstance(algorithm)
                    .digest(text.getBytes(StandardCharsets.UTF_8));
            return Optional.of(new CancelLock(scheme, Base64.getEncoder().encodeToString(hash)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    /** Whether one of the keys opens one of the locks. */
    static boolean opens(List<CancelLock> keys, List<CancelLock> locks) {
        return keys.stream().flatMap(key -> key.lock().stream()).anyMatch(locks::contains);
    }

    /** The key with which that user can take that article back (section 4). */
    static CancelLock key(CancelSecret secret, String user, MessageId id) {
        return new CancelLock(OURS, Base64.getEncoder().encodeToString(
                secret.code(user + id.value())));
    }

    /** As it stands in the field. */
    @Override
    public String toString() {
        return scheme + ":" + text;
    }
}
