package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.conf.HostPort;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.CredentialStore;
import net.spillway.tools.Credentials;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.TlsTrust;
import net.spillway.tools.progress.Progress;
import picocli.CommandLine.Option;

/** Mixin: how to reach servers. Logins come from a file or the environment, never an argument. */
public final class ConnectionOptions {
    @Option(names = "--credentials", paramLabel = "FILE", description = {
        "Logins: lines of HOST[:PORT] USER PASSWORD. The file must not be open to everybody.",
        "Without it SPILLWAY_USER and SPILLWAY_PASSWORD are the login for every host."})
    private Path credentials;

    @Option(names = "--tls-ca", paramLabel = "FILE", description =
            "Trust only the certificates in this PEM file, where TLS is spoken.")
    private Path tlsCa;

    @Option(names = "--insecure", description =
            "Do not check certificates or names where TLS is spoken. For experiments only.")
    private boolean insecure;

    /**
     * Makes addresses ready to be connected to, in the order given and without repetitions, and
     * warns where TLS is asked for without being checked.
     */
    public List<ServerAddress> resolve(List<HostPort> addresses, Progress progress) {
        return resolve(addresses, progress, System.getenv());
    }

    List<ServerAddress> resolve(
            List<HostPort> addresses, Progress progress, Map<String, String> environment) {
        if (insecure && tlsCa != null) {
            throw new CommandFailure(ExitCode.USAGE,
                    "--insecure and --tls-ca contradict each other; give one of them.");
        }
        CredentialStore logins = credentials != null
                ? CredentialStore.load(credentials) : CredentialStore.fromEnvironment(environment);
        boolean anyTls = addresses.stream().anyMatch(HostPort::tls);
        Optional<TlsTrust> trust = anyTls ? Optional.of(trust()) : Optional.empty();
        if (insecure && anyTls) {
            progress.warn("--insecure: nobody checks who is at the other end of the TLS connection;"
                    + " logins and articles may be read and changed on the way");
        } else if (!anyTls && (insecure || tlsCa != null)) {
            progress.warn((insecure ? "--insecure" : "--tls-ca") + " has no effect: no address is"
                    + " nntps://");
        }
        List<ServerAddress> servers = new ArrayList<>();
        for (HostPort address : new LinkedHashSet<>(addresses)) {
            if (address.port() == 0) {
                throw new CommandFailure(
                        ExitCode.USAGE, address + ": port 0 cannot be connected to");
            }
            Optional<Credentials> login = logins.forHost(address.host(), address.port());
            if (credentials != null && login.isEmpty()) {
                progress.warn("--credentials: " + credentials + " has no login for "
                        + address.host() + ":" + address.port() + ", so none is used there");
            }
            servers.add(new ServerAddress(address.host(), address.port(),
                    address.tls() ? trust : Optional.empty(), login));
        }
        return servers;
    }

    private TlsTrust trust() {
        if (insecure) {
            return TlsTrust.anybody();
        }
        return tlsCa != null ? TlsTrust.authority(tlsCa) : TlsTrust.system();
    }
}
