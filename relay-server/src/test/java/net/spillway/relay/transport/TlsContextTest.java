package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.spillway.conf.TlsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextTest {
    @TempDir
    Path dir;

    @Test
    void anRsaKeyIsReadToo() throws Exception {
        assertEquals("TLS",
                TlsContext.load(TestCertificate.make(dir, "RSA").files()).getProtocol());
    }

    @Test
    void whatIsWrongIsSaidWithTheFilesName() throws Exception {
        TlsConfig good = TestCertificate.make(dir, "EC").files();
        assertEquals("TLS", TlsContext.load(good).getProtocol());
        Path missing = dir.resolve("missing.pem");
        Path odd = Files.writeString(dir.resolve("odd.pem"), "no PEM at all");
        Path damaged = Files.writeString(dir.resolve("damaged.pem"),
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertNames(missing, new TlsConfig(missing, good.key()));
        assertNames(odd, new TlsConfig(odd, good.key()));
        assertNames(missing, new TlsConfig(good.certificate(), missing));
        assertNames(odd, new TlsConfig(good.certificate(), odd));
        assertNames(damaged, new TlsConfig(good.certificate(), damaged));
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        TlsConfig good = TestCertificate.make(Files.createDirectory(dir.resolve("a")), "EC").files();
        for (String algorithm : List.of("EC", "RSA")) {
            TlsConfig other = TestCertificate.make(
                    Files.createDirectory(dir.resolve(algorithm)), algorithm).files();
            assertNames(other.key(), new TlsConfig(good.certificate(), other.key()));
        }
    }

    private static void assertNames(Path file, TlsConfig config) {
        IOException e = assertThrows(IOException.class, () -> TlsContext.load(config));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
}
