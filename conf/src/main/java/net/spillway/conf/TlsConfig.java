package net.spillway.conf;

import java.nio.file.Path;

/**
 * What the relay shows on its TLS listeners.
 *
 * @param certificate PEM: our certificate first, then those above it
 * @param key PEM: its private key as unencrypted PKCS#8
 */
public record TlsConfig(Path certificate, Path key) {
}
