package net.spillway.relay.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients' certificates are called. A fingerprint says all that is needed about a certificate
 * that somebody has written into the configuration, whoever has signed it; a name is worth
 * something only if an authority vouches for it. That the client has the key, TLS has proved.
 */
public final class ClientCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);
    /** Kind of a subject alternative name that is a host name (RFC 5280, section 4.2.1.6). */
    private static final int DNS_NAME = 2;

    private final Optional<X509TrustManager> authorities;

    /** @param authorities vouch for names; empty: nobody does */
    ClientCertificates(Optional<X509TrustManager> authorities) {
        this.authorities = authorities;
    }

    /** Names count if these authorities vouch for them. */
    static ClientCertificates trusting(Path pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] all = TlsContext.certificates(pem);
            for (int i = 0; i < all.length; i++) {
                store.setCertificateEntry("authority" + i, all[i]);
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return new ClientCertificates(Optional.of(x509));
                }
            }
            throw new IOException("this JDK cannot check certificates");
        } catch (GeneralSecurityException e) {
            throw new IOException(pem + " cannot be used for client_ca: " + e.getMessage(), e);
        }
    }

    /** What the client's certificate is called; empty if it has shown none that is valid now. */
    Set<String> names(SSLSession session) {
        try {
            if (!(session.getPeerCertificates()[0] instanceof X509Certificate certificate)) {
                return Set.of();
            }
            certificate.checkValidity();
            Set<String> names = new HashSet<>();
            names.add("sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getEncoded())));
            if (isVouchedFor(session.getPeerCertificates())) {
                addHostNames(certificate, names);
            }
            return names;
        } catch (SSLPeerUnverifiedException e) {
            return Set.of(); // It has shown none.
        } catch (GeneralSecurityException e) {
            LOG.info("a client's certificate counts for nothing: {}", e.getMessage());
            return Set.of();
        }
    }

    private boolean isVouchedFor(Certificate[] chain) {
        if (authorities.isEmpty()) {
            return false;
        }
        try {
            X509Certificate[] x509 = List.of(chain).toArray(X509Certificate[]::new);
            authorities.get().checkClientTrusted(x509, x509[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException | ArrayStoreException e) {
            LOG.debug("nobody vouches for a client's certificate: {}", e.getMessage());
            return false;
        }
    }

    private static void addHostNames(X509Certificate certificate, Set<String> names)
            throws CertificateException {
        if (certificate.getSubjectAlternativeNames() == null) {
            return;
        }
        for (List<?> name : certificate.getSubjectAlternativeNames()) {
            if (name.get(0).equals(DNS_NAME)) {
                names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
            }
        }
    }
}
