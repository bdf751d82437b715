package net.spillway.conf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Where keys stand in a configuration file, for what turns out to be wrong after it was read: in
 * the files that it names, or on this machine.
 */
public final class ConfigPlaces {
    private static final Pattern STEP = Pattern.compile("([^.\\[]+)(?:\\[(\\d+)])?");

    private final Path file;
    private final Optional<TomlTable> root;

    private ConfigPlaces(Path file, Optional<TomlTable> root) {
        this.file = file;
        this.root = root;
    }

    /** Reads the file, which has been read before. */
    public static ConfigPlaces of(Path file) {
        try {
            return new ConfigPlaces(file, Optional.of(Toml.parse(file)));
        } catch (IOException gone) {
            return new ConfigPlaces(file, Optional.empty());
        }
    }

    /**
     * A problem at the place of that key, or of the table it would stand in.
     *
     * @param key such as {@code tls.key} or {@code peer[2]}
     */
    public ConfigProblem problem(String key, String what) {
        TomlPosition at = root.map(table -> placeOf(table, key)).orElse(null);
        return new ConfigProblem(file, at == null ? 0 : at.line(), at == null ? 0 : at.column(),
                key, what, "");
    }

    private static TomlPosition placeOf(TomlTable root, String key) {
        TomlPosition at = null;
        Object value = root;
        for (Matcher step = STEP.matcher(key); step.find() && value instanceof TomlTable table; ) {
            List<String> name = List.of(step.group(1));
            value = table.get(name);
            if (value == null) {
                return at;
            }
            at = table.inputPositionOf(name);
            if (step.group(2) != null && value instanceof TomlArray array) {
                int index = Integer.parseInt(step.group(2)) - 1;
                if (index >= array.size()) {
                    return null; // It stands in another file, such as those of joined peers.
                }
                at = array.inputPositionOf(index);
                value = array.get(index);
            }
        }
        return at;
    }
}
