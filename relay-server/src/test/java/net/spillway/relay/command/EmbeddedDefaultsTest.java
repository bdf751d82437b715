package net.spillway.relay.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.OfferTable;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Allowances;
import net.spillway.relay.access.Client;
import net.spillway.relay.access.Logins;
import net.spillway.relay.intake.CancelSecret;
import net.spillway.relay.intake.Intake;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.relay.session.Company;
import net.spillway.relay.session.Compressors;
import net.spillway.relay.session.Dialogue;
import net.spillway.relay.session.HalfSent;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.trace.Decisions;
import net.spillway.spool.Spool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay without a configuration lets whom do. */
class EmbeddedDefaultsTest {
    private static final String ARTICLE = """
            Path: far.example!not-for-mail
            From: a@x.example
            Newsgroups: spill.test
            Subject: one
            Message-ID: <one@x.example>
            Date: Thu, 01 Jan 2026 12:00:00 +0000

            body
            .""";

    @TempDir
    Path dir;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private Spool spool;
    private RelayParts parts;
    private Logins logins;

    @BeforeEach
    void open() throws Exception {
        RelayConfig config = ConfigLoader.embedded(dir, HostPort.of("0.0.0.0", 0));
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T13:00:00Z"), ZoneOffset.UTC);
        spool = Spool.open(config.spool(), config.identity(), clock);
        for (GroupConfig group : config.groups()) {
            spool.createGroup(group.name(), group.status(), group.description());
        }
        AccessControl access = new AccessControl(() -> config);
        logins = new Logins(clock, access::authenticates);
        parts = new RelayParts(() -> config, spool,
                new Intake(config, spool, clock, CancelSecret.random(), timer,
                        new Decisions(clock)),
                new OfferTable(clock), access, new Allowances(clock), logins,
                new Traffic(clock.instant()),
                List::of, name -> { }, new Compressors(1), new HalfSent(), new Company(),
                new Reconciliations(spool, config.spool(), clock, timer), null, () -> false,
                List::of, clock, timer);
    }

    @AfterEach
    void close() throws Exception {
        logins.close();
        timer.shutdownNow();
        spool.close();
    }

    private Dialogue from(String address, boolean tls) throws Exception {
        return new Dialogue(new NntpCommands().table(), parts,
                new Client(InetAddress.ofLiteral(address), tls), address + "#1");
    }

    @Test
    void thisMachineReadsPostsAndSearches() throws Exception {
        for (String address : List.of("127.0.0.1", "127.9.9.9", "::1")) {
            try (Dialogue local = from(address, false)) {
                assertTrue(local.greeting().startsWith("200 "), local.greeting());
                assertEquals("215 list follows\nspill.test\tTrying out this relay\n.\n",
                        local.ask("LIST NEWSGROUPS"));
                assertTrue(local.ask("GROUP spill.test").startsWith("211 "));
                assertTrue(local.ask("NEWNEWS * 20200101 000000 GMT").startsWith("230 "));
                assertTrue(local.ask("XSPILLWAY STATUS").startsWith("215 "));
            }
        }
        try (Dialogue local = from("127.0.0.1", false)) {
            assertTrue(local.ask("POST", ARTICLE.substring(ARTICLE.indexOf('\n') + 1))
                    .endsWith("240 <one@x.example> posted\n"));
        }
    }

    @Test
    void nobodyElseMayDoAnything() throws Exception {
        for (String address : List.of("192.0.2.1", "10.0.0.1", "192.168.1.1", "2001:db8::1",
                "fe80::1")) {
            for (boolean tls : List.of(false, true)) {
                try (Dialogue stranger = from(address, tls)) {
                    requireRefused(stranger);
                }
            }
        }
        try (Dialogue local = from("127.0.0.1", false)) {
            assertEquals("430 no such article\n", local.ask("STAT <one@x.example>"));
        }
    }

    private static void requireRefused(Dialogue stranger) throws Exception {
        assertTrue(stranger.greeting().startsWith("201 "), stranger.greeting());
        for (String command : List.of("LIST", "GROUP spill.test", "LISTGROUP spill.test",
                "ARTICLE <one@x.example>", "STAT <one@x.example>", "OVER <one@x.example>",
                "HDR Subject <one@x.example>", "NEWGROUPS 20200101 000000",
                "NEWNEWS * 20200101 000000", "IHAVE <one@x.example>", "CHECK <one@x.example>",
                "MODE STREAM", "XSPILLWAY STATUS")) {
            String said = stranger.ask(command);
            assertTrue(said.startsWith("502 "), command + ": " + said);
        }
        assertEquals("440 you may not post here\n", stranger.ask("POST"));
        String taken = stranger.ask("TAKETHIS <one@x.example>", ARTICLE);
        assertTrue(taken.startsWith("502 "), taken);
        assertEquals("503 nobody can log in here\n", stranger.ask("AUTHINFO USER bob"));
        assertTrue(stranger.ask("STARTTLS").matches("(580 there is no certificate here|502 TLS is"
                + " on already)\n"));
    }
}
