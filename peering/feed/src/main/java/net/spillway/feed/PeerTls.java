package net.spillway.feed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import net.spillway.conf.PeerConfig;

/**
 * How a connection to a peer is encrypted.
 *
 * @param trust what the peer's certificate is checked with
 * @param shows what we show if the peer asks; no keys: nothing
 * @param starttls whether TLS is begun with STARTTLS, not at once
 */
public record PeerTls(X509ExtendedTrustManager trust, Supplier<KeyManager[]> shows,
        boolean starttls) {

    /**
     * What a peer's configuration asks for; empty if it is fed without TLS.
     *
     * @throws IOException if the file with its authorities cannot be read or holds no certificate;
     *     names it
     */
    static Optional<PeerTls> of(PeerConfig peer, Supplier<KeyManager[]> shows)
            throws IOException {
        if (!peer.isFedUnderTls()) {
            return Optional.empty();
        }
        X509ExtendedTrustManager trust = peer.certificates().isEmpty()
                ? authorities(peer.link().tlsCa()) : new PinnedTrust(peer.certificates());
        return Optional.of(new PeerTls(trust, shows, peer.link().starttls()));
    }

    /** Trusts the authorities in a PEM file, or those of the JDK. */
    private static X509ExtendedTrustManager authorities(Optional<Path> file) throws IOException {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(file.isPresent() ? keyStore(file.get()) : null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst().orElseThrow(() -> new IOException("this JDK checks no names"));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS"
                    + file.map(f -> " with " + f).orElse("") + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate that can be read: "
                    + e.getMessage(), e);
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
