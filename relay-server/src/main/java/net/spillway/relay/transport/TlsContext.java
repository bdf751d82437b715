package net.spillway.relay.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import net.spillway.conf.TlsConfig;

/** Reads certificate and key from PEM files (RFC 7468). */
public final class TlsContext {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final char[] NO_PASSWORD = {};

    static {
        // Of TLS 1.2; no client needs it, and it costs us much more than whoever asks for it
        // (RFC 5246, section 7.4.1.1, lets us refuse). Read when Java's TLS is first used.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private TlsContext() {
    }

    /** @throws IOException naming the file and what is wrong with it */
    public static SSLContext load(TlsConfig config) throws IOException {
        return of(keys(config));
    }

    static SSLContext of(KeyManager[] keys) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new AnyClient()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK has no TLS: " + e.getMessage(), e);
        }
    }

    static KeyManager[] keys(TlsConfig config) throws IOException {
        Certificate[] chain = certificates(config.certificate());
        PrivateKey key = key(config.key());
        try {
            if (!belongs(key, chain[0].getPublicKey())) {
                throw new IOException("the key in " + config.key() + " does not belong to the"
                        + " certificate in " + config.certificate());
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("relay", key, NO_PASSWORD, chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            return keys.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot use " + config.certificate() + " with "
                    + config.key() + ": " + e.getMessage(), e);
        }
    }

    /** Whether what the one signs the other proves. */
    private static boolean belongs(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        String family = key.getAlgorithm();
        if (!family.equals(certified.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(switch (family) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> family;
        });
        byte[] message = {1};
        signature.initSign(key);
        signature.update(message);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(message);
        return signature.verify(signed);
    }

    /**
     * Until when our certificate holds.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    public static Instant end(TlsConfig config) throws IOException {
        return ((X509Certificate) certificates(config.certificate())[0]).getNotAfter().toInstant();
    }

    static Certificate[] certificates(Path file) throws IOException {
        try {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(file)));
            if (chain.isEmpty()) {
                throw new IOException(file + " holds no certificate in PEM form");
            }
            return chain.toArray(Certificate[]::new);
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate that can be read: "
                    + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        Matcher pem = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(file + " holds no unencrypted PKCS#8 key (BEGIN PRIVATE KEY);"
                    + " openssl pkcs8 -topk8 -nocrypt makes one");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return key(new PKCS8EncodedKeySpec(der), file);
        } catch (IllegalArgumentException e) {
            throw new IOException("the key in " + file + " is damaged", e);
        }
    }

    private static PrivateKey key(PKCS8EncodedKeySpec encoded, Path file) throws IOException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The key says what it is for in a way that only the right factory reads.
                continue;
            } catch (GeneralSecurityException e) {
                throw new IOException("this JDK knows no " + algorithm + " keys", e);
            }
        }
        throw new IOException("the key in " + file + " is neither RSA, EC nor EdDSA");
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
