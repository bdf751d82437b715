package net.spillway.tools;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a client believes to be the server it asked for: the system's authorities, those of one
 * file, or, only when asked for, anybody.
 */
public final class TlsTrust {
    private final SSLContext context;
    private final boolean checksNames;

    private TlsTrust(SSLContext context, boolean checksNames) {
        this.context = context;
        this.checksNames = checksNames;
    }

    /** Trusts the authorities that come with the JDK. */
    public static TlsTrust system() {
        try {
            return new TlsTrust(SSLContext.getDefault(), true);
        } catch (GeneralSecurityException e) {
            throw new CommandFailure(ExitCode.FAILED, "TLS is not available: " + e.getMessage(), e);
        }
    }

    /** Trusts only the certificates in a PEM file; names are still checked. */
    public static TlsTrust authority(Path pem) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(pem))) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CommandFailure(ExitCode.USAGE,
                        "--tls-ca " + pem + " holds no PEM certificate.");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + n++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(
                    TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            X509ExtendedTrustManager trust = Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst().orElseThrow(() -> new IOException("this JDK checks no names"));
            return new TlsTrust(contextOf(new TrustManager[] {new DatedTrust(trust)}), true);
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "--tls-ca " + Explanation.of(e), e);
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(ExitCode.USAGE,
                    "--tls-ca " + pem + " cannot be read as PEM certificates: " + e.getMessage(),
                    e);
        }
    }

    /** Trusts anybody: encrypted, but against no active attacker. */
    public static TlsTrust anybody() {
        try {
            return new TlsTrust(contextOf(new TrustManager[] {new Credulous()}), false);
        } catch (GeneralSecurityException e) {
            throw new CommandFailure(ExitCode.FAILED, "TLS is not available: " + e.getMessage(), e);
        }
    }

    /** The context, for transports of their own; {@link #parameters} belongs to it. */
    public SSLContext context() {
        return context;
    }

    /** The parameters every client connection needs: above all, that the name is checked. */
    public SSLParameters parameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        if (checksNames) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }

    /** Lays TLS over a connected socket, as the client; the handshake is still to come. */
    public SSLSocket over(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(connected, host, port, true);
        socket.setUseClientMode(true);
        socket.setSSLParameters(parameters());
        return socket;
    }

    /** An engine for a client that does its own input and output. */
    public SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters());
        return engine;
    }

    private static SSLContext contextOf(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }

    /** What {@code --insecure} asks for. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
