package net.spillway.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code [admin]}. */
final class AdminReader {
    private AdminReader() {
    }

    static Optional<AdminConfig> read(Section root, FileChecks files, Path data,
            Optional<TlsConfig> tls) {
        return root.table("admin").map(section -> admin(section, files, data, tls));
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
