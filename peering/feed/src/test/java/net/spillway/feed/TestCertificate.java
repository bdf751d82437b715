package net.spillway.feed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A fresh certificate that signs itself, made by the JDK's keytool.
 *
 * @param server what a server shows it with
 * @param pem the certificate alone, for those who shall trust it
 * @param fingerprint {@code sha256:HEX}
 */
record TestCertificate(SSLContext server, Path pem, String fingerprint) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    static TestCertificate create(Path folder, String host)
            throws IOException, GeneralSecurityException, InterruptedException {
        return create(folder, host, "-validity", "2");
    }

    /** One that was good yesterday. */
    static TestCertificate expired(Path folder, String host)
            throws IOException, GeneralSecurityException, InterruptedException {
        return create(folder, host, "-startdate", "-3d", "-validity", "2");
    }

    private static TestCertificate create(Path folder, String host, String... when)
            throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        Path keys = folder.resolve("keys.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass",
                new String(PASSWORD), "-alias", "test", "-keyalg", "EC", "-dname", "CN=" + host,
                "-ext", "san=dns:" + host));
        command.addAll(List.of(when));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        Path pem = Files.writeString(folder.resolve("certificate.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(store.getCertificate("test").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
        return new TestCertificate(context, pem, "sha256:" + HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256")
                        .digest(store.getCertificate("test").getEncoded())));
    }
}
