package net.spillway.relay.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import net.spillway.conf.TlsConfig;

/** A certificate for localhost, signed by itself, made with the JDK's keytool. */
public final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;
    private final TlsConfig files;

    private TestCertificate(KeyStore store, TlsConfig files) {
        this.store = store;
        this.files = files;
    }

    /** @param algorithm as keytool knows it, such as RSA or EC */
    public static TestCertificate make(Path dir, String algorithm) throws Exception {
        return make(dir, algorithm, "localhost", "-0d");
    }

    /**
     * @param name that it is for
     * @param since from when on it holds for two days, as keytool takes it
     */
    public static TestCertificate make(Path dir, String algorithm, String name, String since)
            throws Exception {
        Path file = dir.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "k", "-keyalg", algorithm, "-dname", "CN=" + name,
                "-ext", "SAN=dns:" + name + ",ip:127.0.0.1", "-validity", "2",
                "-startdate", since, "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        Path certificate = Files.writeString(dir.resolve("cert.pem"),
                pem("CERTIFICATE", store.getCertificate("k").getEncoded()));
        Path key = Files.writeString(dir.resolve("key.pem"),
                pem("PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded()));
        return new TestCertificate(store, new TlsConfig(certificate, key));
    }

    /** Certificate and key as PEM files. */
    public TlsConfig files() {
        return files;
    }

    /** What a client needs that trusts this certificate alone. */
    public SSLContext trusting() throws GeneralSecurityException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** As {@link #trusting}, for a client that shows another certificate. */
    public SSLContext trusting(TestCertificate shown) throws GeneralSecurityException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(shown.store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** How rules of access call it. */
    public String fingerprint() throws GeneralSecurityException {
        return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(store.getCertificate("k").getEncoded()));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
