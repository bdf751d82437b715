package net.spillway.tools.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import net.spillway.conf.TlsConfig;
import net.spillway.relay.access.SelfSigned;
import net.spillway.relay.transport.TlsContext;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.TlsTrust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PASSWORD = "changeit";

    @TempDir Path folder;

    @Test
    void onlyCertificatesOfTheGivenAuthorityAreBelieved() throws Exception {
        KeyStore store = certificate();
        Path pem = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(store.getCertificate("k").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
        try (ScriptedServer server = new ScriptedServer(
                new ConcurrentHashMap<>(), context(store).getServerSocketFactory())) {
            byte[] wire = "Message-ID: <a@b>\r\nSubject: x\r\n\r\nhello\r\n.\r\n".getBytes();
            try (PipelinedClient client = open(server, TlsTrust.authority(pem))) {
                assertEquals(240, client.post(wire, wire.length).code());
                assertEquals(222, client.ask("BODY <a@b>").code());
                assertEquals(7, client.block().orElseThrow().length());
            }
            open(server, TlsTrust.anybody()).close();
            NntpException.Untrusted e = assertThrows(NntpException.Untrusted.class,
                    () -> open(server, TlsTrust.system()));
            assertTrue(e.getMessage().contains("nntps://127.0.0.1"), e.getMessage());
            assertTrue(e.getMessage().contains("--tls-ca"), e.getMessage());
            assertTrue(e.isFinal());
        }
    }

    @Test
    void aCertificateOfAnotherHostOrAnExpiredOneIsNotBelieved() throws Exception {
        SelfSigned good = SelfSigned.make("localhost", Instant.now());
        try (ScriptedServer server = server(good)) {
            openByName(server, trusting(good)).close();
        }
        SelfSigned other = SelfSigned.make("other.example", Instant.now());
        try (ScriptedServer server = server(other)) {
            NntpException.Untrusted e = assertThrows(NntpException.Untrusted.class,
                    () -> openByName(server, trusting(other)));
            assertTrue(e.getMessage().contains("localhost"), e.getMessage());
        }
        SelfSigned old = SelfSigned.make("localhost", Instant.now().minus(Duration.ofDays(4000)));
        try (ScriptedServer server = server(old)) {
            NntpException.Untrusted e = assertThrows(NntpException.Untrusted.class,
                    () -> openByName(server, trusting(old)));
            assertTrue(e.getMessage().contains("it expired on 20"), e.getMessage());
        }
    }

    private ScriptedServer server(SelfSigned certificate) throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), certificate.key());
        Path pem = Files.writeString(folder.resolve("cert.pem"), certificate.certificate());
        return new ScriptedServer(new ConcurrentHashMap<>(),
                TlsContext.load(new TlsConfig(pem, key)).getServerSocketFactory());
    }

    private TlsTrust trusting(SelfSigned certificate) throws Exception {
        return TlsTrust.authority(
                Files.writeString(folder.resolve("ca.pem"), certificate.certificate()));
    }

    private static PipelinedClient openByName(ScriptedServer server, TlsTrust trust)
            throws NntpException {
        return PipelinedClient.open(new ServerAddress("localhost", server.address().port(),
                Optional.of(trust), Optional.empty()), LONG, LONG);
    }

    private static PipelinedClient open(ScriptedServer server, TlsTrust trust)
            throws NntpException {
        ServerAddress plain = server.address();
        return PipelinedClient.open(new ServerAddress(plain.host(), plain.port(),
                Optional.of(trust), Optional.empty()), LONG, LONG);
    }

    private KeyStore certificate() throws Exception {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "k", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
                "SAN=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static SSLContext context(KeyStore store) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
