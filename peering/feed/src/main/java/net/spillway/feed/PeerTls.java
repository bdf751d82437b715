package net.spillway.feed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** What a peer's certificate is checked with. */
final class PeerTls {
    private PeerTls() {
    }

    /**
     * Trusts the authorities in a PEM file, or those of the JDK.
     *
     * @throws IOException if the file cannot be read or holds no certificate; names it
     */
    static X509ExtendedTrustManager trust(Optional<Path> authorities) throws IOException {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isPresent() ? keyStore(authorities.get()) : null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst().orElseThrow(() -> new IOException("this JDK checks no names"));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS"
                    + authorities.map(f -> " with " + f).orElse("") + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("authority" + number++, certificate);
        }
        return store;
    }
}
