package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import net.spillway.relay.access.UsersFile;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCommandTest {
    @TempDir
    Path dir;

    private Run user(String input, Object... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return Run.spillway(args);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void usersAreAddedChangedListedAndRemoved() throws Exception {
        Path file = dir.resolve("users");
        assertEquals(0, user("one\n", "user", "add", "ann", "--file", file).exitCode());
        assertEquals(0, user("two\n", "user", "add", "bob", "--file", file).exitCode());
        assertEquals("ann\nbob\n", user("", "user", "list", "--file", file).out());
        assertTrue(new UsersFile(file).all().get("ann").matches("one"));
        assertEquals(0, user("three\n", "user", "passwd", "ann", "--file", file).exitCode());
        assertTrue(new UsersFile(file).all().get("ann").matches("three"));
        assertFalse(Files.readString(file).contains("three"));
        assertEquals(0, user("", "user", "remove", "bob", "--file", file).exitCode());
        Map<?, ?> listed = (Map<?, ?>) Json.read(
                user("", "user", "list", "--json", "--file", file).out());
        assertEquals(List.of("ann"), listed.get("users"));
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsChanged() throws Exception {
        Path file = dir.resolve("users");
        assertEquals(2, user("", "user", "add", "ann", "--file", file).exitCode());
        assertEquals(2, user("", "user", "list", "--file", file).exitCode());
        assertEquals(2, user("x\n", "user", "add", "a b", "--file", file).exitCode());
        assertEquals(2, user("x\n", "user", "passwd", "ann", "--file", file).exitCode());
        assertEquals(2, user("", "user", "remove", "ann", "--file", file).exitCode());
        assertFalse(Files.exists(file));
        user("x\n", "user", "add", "ann", "--file", file);
        assertEquals(2, user("y\n", "user", "add", "ann", "--file", file).exitCode());
        assertTrue(new UsersFile(file).all().get("ann").matches("x"));
        Run none = user("", "user");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("add, passwd, remove or list"), none.err());
    }

    @Test
    void theConfigurationNamesTheFile() throws Exception {
        Path config = Files.writeString(dir.resolve("relay.toml"), "identity = \"a.example\"\n");
        Run without = user("", "user", "list", "--config", config);
        assertEquals(2, without.exitCode());
        assertTrue(without.err().contains("users_file"), without.err());
        Files.writeString(config, "identity = \"a.example\"\nusers_file = \"u\"\n");
        assertEquals(0, user("one\n", "user", "add", "ann", "--config", config).exitCode());
        assertTrue(Files.exists(dir.resolve("u")));
        Files.setPosixFilePermissions(Files.writeString(dir.resolve("secret"), "one\n"),
                PosixFilePermissions.fromString("rw-------"));
        Files.writeString(config, Files.readString(config)
                + "[[user]]\nname = \"feeder\"\npassword_file = \"secret\"\n");
        Run twice = user("two\n", "user", "add", "feeder", "--config", config);
        assertEquals(2, twice.exitCode());
        assertTrue(twice.err().contains("feeder is a user of the configuration"), twice.err());
        assertEquals("ann\n", user("", "user", "list", "--config", config).out());
    }
}
