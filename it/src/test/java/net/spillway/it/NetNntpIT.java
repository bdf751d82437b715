package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Perl's Net::NNTP begins TLS, logs in, posts, reads and searches. */
class NetNntpIT {
    private static final String PERL = "/usr/bin/perl";
    private static final String GROUP = "it.perl";
    private static final String PASSWORD = "open sesame";

    @TempDir
    Path temp;

    @Test
    void netNntpLogsInUnderTlsAndUsesWhatItKnows() throws Exception {
        CommandLine commands = CommandLine.in(temp);
        assumeTrue(Files.isExecutable(Path.of(PERL)) && commands.runForeign(PERL, "-MNet::NNTP",
                "-MIO::Socket::SSL", "-e", "1").exitCode() == 0,
                PERL + " has no Net::NNTP or no IO::Socket::SSL");
        Path script = temp.resolve("net_nntp_check.pl");
        try (InputStream in = NetNntpIT.class.getResourceAsStream("net_nntp_check.pl")) {
            Files.copy(in, script);
        }
        TestAuthority authority = TestAuthority.in(temp.resolve("authority"));
        try (Federation federation = new Federation(temp)) {
            RelayProcess relay = federation.add("solo", GROUP);
            federation.extra("solo", authority.listener());
            federation.extra("solo", """
                    [[user]]
                    name = "ann"
                    password_file = "ann.password"

                    [[access]]
                    users = ["ann"]
                    tls_required = true
                    read = "*"
                    post = "*"
                    newnews = true

                    [lists]
                    distributions = ["local Only here"]
                    subscriptions = ["%s"]
                    """.formatted(GROUP));
            Federation.secret(relay.folder().resolve("ann.password"), PASSWORD);
            federation.start();
            CommandLine.Outcome outcome = commands.with("TZ", "UTC").runForeign(PERL,
                    script.toString(), relay.address().getHostString(),
                    Integer.toString(relay.address().getPort()),
                    authority.certificate().toString(), GROUP, "ann", PASSWORD).expect(0);
            assertEquals("as it should be", outcome.stdout().strip());
        }
    }
}
