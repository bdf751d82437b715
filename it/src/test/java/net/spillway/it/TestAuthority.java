package net.spillway.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate authority of our own, and one certificate for this machine that it has signed. All
 * of it is made with the JDK's keytool, anew each time.
 */
final class TestAuthority {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    private TestAuthority(Path folder) {
        this.folder = folder;
    }

    /** Makes the files in a folder that is not there yet. */
    static TestAuthority in(Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(Files.createDirectories(folder));
        authority.keytool("ca", "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname",
                "CN=Authority for tests", "-ext", "BC:critical=ca:true", "-validity", "2");
        authority.keytool("ca", "-exportcert", "-alias", "ca", "-rfc", "-file", "ca.pem");
        authority.keytool("server", "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname",
                "CN=localhost", "-validity", "2");
        authority.keytool("server", "-certreq", "-alias", "server", "-file", "server.csr");
        authority.keytool("ca", "-gencert", "-alias", "ca", "-infile", "server.csr", "-outfile",
                "server.pem", "-rfc", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-validity", "2");
        authority.writeKey();
        return authority;
    }

    /** What whoever trusts this authority is given: PEM. */
    Path certificate() {
        return folder.resolve("ca.pem");
    }

    /** A TLS listener on a free port, and the certificate it shows. */
    String listener() {
        return "[[listen]]\naddress = \"nntps://127.0.0.1:0\"\n\n" + tls();
    }

    /** What a server's certificate is called: {@code sha256:HEX}. */
    String fingerprint() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(folder.resolve("server.pem"))) {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(
                    CertificateFactory.getInstance("X.509").generateCertificate(in).getEncoded()));
        }
    }

    /** The certificate that a relay shows, on plain ports after STARTTLS. */
    String tls() {
        return """
                [tls]
                certificate = "%s"
                key = "%s"
                """.formatted(folder.resolve("server.pem"), folder.resolve("server.key"));
    }

    private void keytool(String store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store + ".p12",
                "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    /** keytool gives no private keys away. */
    private void writeKey() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("server.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] key = store.getKey("server", PASSWORD.toCharArray()).getEncoded();
        Path file = Files.writeString(folder.resolve("server.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
