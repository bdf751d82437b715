package net.spillway.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A folder with configuration files and what they name, for tests. */
record ConfigFolder(Path path) {
    Path write(String toml) throws IOException {
        return Files.writeString(path.resolve("relay.toml"), toml);
    }

    RelayConfig load(String toml) throws IOException, ConfigException {
        return ConfigLoader.load(write(toml));
    }

    Path secret(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        return file;
    }

    Path sample(String name) throws IOException {
        Path copy = path.resolve(name);
        try (InputStream in = ConfigLoader.class.getResourceAsStream("samples/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }
}
