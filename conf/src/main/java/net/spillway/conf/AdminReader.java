package net.spillway.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code [admin]}. */
final class AdminReader {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    private AdminReader() {
    }

    static Optional<AdminConfig> read(Section root, FileChecks files, Path data,
            Optional<TlsConfig> tls, List<ListenConfig> taken) {
        return root.table("admin").map(section -> {
            AdminConfig admin = admin(section, files, data, tls);
            taken.stream().map(ListenConfig::address).filter(a -> clash(a, admin.listen()))
                    .findFirst().ifPresent(a -> section.problem("listen", a.hostAndPort()
                            + " is where clients are listened for already",
                            "take another port for the page"));
            return admin;
        });
    }

    private static boolean clash(HostPort one, HostPort other) {
        return one.port() != 0 && one.port() == other.port() && (one.host().equals(other.host())
                || EVERYWHERE.contains(one.host()) || EVERYWHERE.contains(other.host()));
    }

    private static AdminConfig admin(Section section, FileChecks files, Path data,
            Optional<TlsConfig> tls) {
        HostPort listen = section.parsed("listen", AdminReader::address)
                .orElse(AdminConfig.DEFAULT_LISTEN);
        Path tokenFile = files.path(section, "token_file")
                .orElseGet(() -> data.resolve(AdminConfig.TOKEN_FILE));
        files.folder(section, "token_file", tokenFile.toAbsolutePath().getParent(),
                Optional.of(data));
        List<Cidr> metricsFrom = section.parsedList("metrics_from", Cidr::parse);
        section.done();
        AdminConfig admin = new AdminConfig(listen, tokenFile, metricsFrom);
        if (!admin.isLoopback() && tls.isEmpty()) {
            section.problem("listen", "is not on this machine, and there is no certificate to"
                    + " keep others from listening in",
                    "set [tls], or listen on 127.0.0.1 and come by way of ssh -L");
        }
        return admin;
    }

    private static HostPort address(String text) {
        HostPort address = HostPort.parse(text);
        if (address.tls() || text.contains("://")) {
            throw new IllegalArgumentException("\"" + text + "\" is no plain address; write"
                    + " HOST:PORT, and it is HTTPS anywhere but on this machine");
        }
        return address;
    }
}
