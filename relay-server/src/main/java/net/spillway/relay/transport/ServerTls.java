package net.spillway.relay.transport;

import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import net.spillway.conf.TlsConfig;

/**
 * What connections under TLS show and ask.
 *
 * @param keys our certificate and key, which our feeds show too
 * @param context with these
 * @param asks whether clients are asked for certificates; they need not have one
 * @param clients reads what they show
 */
public record ServerTls(KeyManager[] keys, SSLContext context, boolean asks, ClientCertificates clients) {

    /**
     * @param asks whether any rule wants to know clients' certificates
     * @throws IOException naming the file and what is wrong with it
     */
    public static ServerTls load(TlsConfig config, boolean asks) throws IOException {
        KeyManager[] keys = TlsContext.keys(config);
        return new ServerTls(keys, TlsContext.of(keys), asks,
                config.clientCa().isEmpty() ? new ClientCertificates(Optional.empty())
                        : ClientCertificates.trusting(config.clientCa().get()));
    }
}
