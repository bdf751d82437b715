package net.spillway.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Makes a {@link RelayConfig} from a TOML file, or from nothing. */
public final class ConfigLoader {
    /** Where a relay listens if nobody says otherwise. */
    public static final HostPort DEFAULT_LISTEN = HostPort.of("127.0.0.1", 1119);

    private static final int MAX_FILE = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\ufeff";
    /** Further mistakes are mostly what comes of the first ones. */
    private static final int MOST_ERRORS = 3;

    private ConfigLoader() {
    }

    /**
     * Reads and checks a whole file, and adds the peers that have joined by a token. Relative paths
     * in it start at its folder.
     *
     * @throws ConfigException with everything that is wrong, not only the first mistake
     */
    public static RelayConfig load(Path file) throws ConfigException {
        Path absolute = file.toAbsolutePath().normalize();
        Problems problems = new Problems(file);
        Section root = parse(absolute, problems);
        RelayConfig config = new ConfigReader(root, absolute.getParent()).read();
        problems.throwIfAny();
        return JoinedPeers.addTo(config);
    }

    /**
     * Reads a whole file, of which nothing but its syntax is checked.
     *
     * @throws ConfigException if that is wrong
     */
    static Section parse(Path absolute, Problems problems) throws ConfigException {
        String text = readText(absolute, problems);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            problems.add("the file begins with a byte order mark", "save it as UTF-8 without one");
        }
        problems.throwIfAny();
        TomlParseResult toml = Toml.parse(text);
        List<TomlParseError> errors = toml.errors();
        for (TomlParseError error : errors.subList(0, Math.min(MOST_ERRORS, errors.size()))) {
            problems.add(error.position(), "", "is not TOML: " + firstLine(error.getMessage()),
                    errors.size() <= MOST_ERRORS ? "correct the line; nothing else was checked"
                            : "it is one of " + errors.size() + " such mistakes; check that it is"
                                    + " the right file");
        }
        problems.throwIfAny();
        return Section.root(toml, problems);
    }

    private static String readText(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE + 1);
            if (bytes.length > MAX_FILE) {
                problems.add("the file is larger than 1 MiB", "check that it is the right one");
                return "";
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException e) {
            problems.add("there is no such file", "check the path");
        } catch (CharacterCodingException e) {
            problems.add("the file is not UTF-8 text", "save it as UTF-8");
        } catch (IOException e) {
            problems.add("the file cannot be read: " + e.getMessage(),
                    "check that it is a file and may be read");
        }
        return "";
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /**
     * What holds without a file: the group {@code spill.test}, every right for this machine,
     * nobody else, no peers.
     */
    public static RelayConfig embedded(Path data, HostPort listen) {
        Path home = data.toAbsolutePath().normalize();
        return new RelayConfig(HostName.ofThisMachine(), home,
                List.of(new ListenConfig(listen, listen.tls())), Optional.empty(),
                List.of(new GroupConfig("spill.test", 'y', "Trying out this relay")),
                List.of(AccessRule.LOOPBACK), List.of(), Optional.empty(), List.of(),
                SpoolConfig.at(home.resolve("spool")), LimitsConfig.DEFAULT,
                ListsConfig.NONE);
    }
}
