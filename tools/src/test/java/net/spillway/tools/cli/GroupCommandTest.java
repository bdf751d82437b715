package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.spillway.conf.ConfigLoader;
import net.spillway.relay.Relay;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spillway group} and {@code spillway reload} against a relay that runs. */
class GroupCommandTest {
    private static final String CONFIG = """
            identity = "a.example"
            [[listen]]
            address = "127.0.0.1:0"
            [[group]]
            name = "fixed.talk"
            """;

    @TempDir
    Path dir;

    private Path config;
    private Relay relay;
    private String on;

    @BeforeEach
    void start() throws Exception {
        config = Files.writeString(dir.resolve("relay.toml"), CONFIG);
        relay = Relay.start(ConfigLoader.load(config), () -> ConfigLoader.load(config));
        on = "127.0.0.1:" + relay.nntpAddresses().getFirst().getPort();
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    private Run group(Object... args) {
        Object[] all = new Object[args.length + 3];
        all[0] = "group";
        System.arraycopy(args, 0, all, 1, args.length);
        all[args.length + 1] = "--on";
        all[args.length + 2] = on;
        return Run.spillway(all);
    }

    @Test
    void groupsAreAddedChangedListedAndRemovedOnARunningRelay() throws Exception {
        Run added = group("add", "live.talk", "--description", "Something new");
        assertEquals("added live.talk\n", added.out(), added.err());
        assertEquals(1, group("add", "live.talk").exitCode());
        assertEquals(0, group("set", "live.talk", "--status", "m").exitCode());
        Run listed = group("list", "--json");
        Map<?, ?> result = (Map<?, ?>) Json.read(listed.out());
        assertEquals(List.of(
                Map.of("group", "fixed.talk", "status", "y", "articles", 0L, "description", ""),
                Map.of("group", "live.talk", "status", "m", "articles", 0L, "description",
                        "Something new")), result.get("groups"));
        assertTrue(group("list").out().endsWith("  live.talk  Something new\n"));
        assertEquals("removed live.talk\n", group("remove", "live.talk").out());
        assertEquals(1, group("remove", "live.talk").exitCode());
        Run fixed = group("remove", "fixed.talk");
        assertEquals(1, fixed.exitCode());
        assertTrue(fixed.err().contains("stands in the configuration"), fixed.err());
        assertEquals(2, group("add", "a b").exitCode());
        Files.writeString(config, CONFIG + "[[access]]\nname = \"nobody\"\n");
        assertEquals(List.of(), relay.reload());
        Run list = group("list");
        assertTrue(list.err().contains("; this needs the read right. Log in"), list.err());
        Run add = group("add", "a.c");
        assertTrue(add.err().contains("; this needs the admin right over the group."), add.err());
        Files.writeString(config, CONFIG);
        assertEquals(List.of(), relay.reload());
        assertEquals(2, group("add", "a.b", "--status", "x").exitCode());
    }

    @Test
    void aConfigurationIsReloadedWholeOrNotAtAll() throws Exception {
        Files.writeString(config, CONFIG + "[[group]]\nname = \"more.talk\"\nstatus = \"n\"\n");
        assertEquals("the configuration was loaded anew\n",
                Run.spillway("reload", "--on", on).out());
        assertTrue(group("list").out().contains("n            0  more.talk"), group("list").out());
        Files.writeString(config, CONFIG + "[[group]]\nname = \"third.talk\"\nstatus = \"q\"\n");
        Run bad = Run.spillway("reload", "--on", on);
        assertEquals(1, bad.exitCode());
        assertTrue(bad.err().contains("nothing was changed: ")
                && bad.err().contains("relay.toml:8:"), bad.err());
        assertTrue(!group("list").out().contains("third.talk"));
    }
}
