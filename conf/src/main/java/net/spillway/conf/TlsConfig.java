package net.spillway.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the relay shows under TLS, and whose word it takes for clients' names.
 *
 * @param certificate PEM: our certificate first, then those above it
 * @param key PEM: its private key as unencrypted PKCS#8
 * @param clientCa PEM: the authorities that vouch for the names in clients' certificates; empty:
 *     clients are known by fingerprints only
 */
public record TlsConfig(Path certificate, Path key, Optional<Path> clientCa) {

    /** Clients are known by fingerprints only. */
    public TlsConfig(Path certificate, Path key) {
        this(certificate, key, Optional.empty());
    }
}
