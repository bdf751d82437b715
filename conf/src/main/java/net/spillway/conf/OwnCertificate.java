package net.spillway.conf;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The certificate of a relay that was given none, made when it first joins another: it is signed by
 * itself, and peers know it by its fingerprint. It lies in the folder {@code tls} of the data
 * folder, as {@code certificate.pem}, with {@code key.pem} beside it, closed to others.
 */
public final class OwnCertificate {
    private OwnCertificate() {
    }

    /** Where certificate and key are, or would be. */
    public static TlsConfig files(Path data) {
        Path folder = data.resolve("tls");
        return new TlsConfig(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    }

    /** Whether there is a key, and the certificate that peers know has gone. */
    static boolean isLost(RelayConfig config) {
        TlsConfig own = files(config.data());
        return config.tls().isEmpty() && Files.exists(own.key())
                && !Files.exists(own.certificate());
    }

    /** The configuration with that certificate, if it is there and no other is configured. */
    static RelayConfig addTo(RelayConfig config) {
        TlsConfig own = files(config.data());
        return config.tls().isPresent() || !Files.exists(own.certificate())
                ? config : config.with(own);
    }
}
