package net.spillway.tools.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.Relay;
import net.spillway.tools.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/** Signals that come while a relay is still starting, which may take minutes. */
class RelaySignalsTest {
    @TempDir private Path dir;

    @Test
    void aHangupDuringTheStartIsRememberedAndLoadsTheConfigurationOnce() throws Exception {
        RelayConfig config = ConfigLoader.embedded(dir, HostPort.of("127.0.0.1", 0));
        AtomicInteger loads = new AtomicInteger();
        Hangup hangup = new Hangup();
        hangup.handle();
        Signal.raise(new Signal("HUP"));
        await().until(hangup::isRemembered);
        try (Relay relay = Relay.start(config, () -> {
            loads.incrementAndGet();
            return config;
        })) {
            assertEquals(0, loads.get());
            hangup.reloads(relay);
            assertEquals(1, loads.get());
            Signal.raise(new Signal("HUP"));
            await().until(() -> loads.get() == 2);
        }
    }

    /** It waits for the end of its configuration, from a pipe, until it is stopped. */
    @Test
    void aHangupDuringTheStartDoesNotEndItAndTermEndsItWithZero() throws Exception {
        assumeTrue(File.separatorChar == '/', "there are no pipes with names");
        Path pipe = dir.resolve("relay.toml");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process relay = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "relay", "--config",
                pipe.toString()).redirectErrorStream(true)
                .redirectOutput(dir.resolve("said").toFile()).start();
        try (OutputStream config = Files.newOutputStream(pipe)) { // Waits for who reads it.
            signal(relay, "HUP");
            await().until(() -> Files.readString(dir.resolve("said"))
                    .contains("loaded anew when the relay has started"));
            assertTrue(relay.isAlive());
            config.flush();
            signal(relay, "TERM");
            assertTrue(relay.waitFor(1, TimeUnit.MINUTES));
        }
        assertEquals(0, relay.exitValue(), Files.readString(dir.resolve("said")));
        assertTrue(Files.readString(dir.resolve("said")).contains("stopped while it was starting"));
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start().waitFor());
    }
}
