package net.spillway.relay.transport;

import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import net.spillway.conf.TlsConfig;

/**
 * What connections under TLS show and ask.
 *
 * @param context with our certificate and key
 * @param asks whether clients are asked for certificates; they need not have one
 * @param clients reads what they show
 */
public record ServerTls(SSLContext context, boolean asks, ClientCertificates clients) {

    /**
     * @param asks whether any rule wants to know clients' certificates
     * @throws IOException naming the file and what is wrong with it
     */
    public static ServerTls load(TlsConfig config, boolean asks) throws IOException {
        return new ServerTls(TlsContext.load(config), asks,
                config.clientCa().isEmpty() ? new ClientCertificates(Optional.empty())
                        : ClientCertificates.trusting(config.clientCa().get()));
    }
}
