package net.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several relays of the built program that feed each other, each in a folder of its own. Every
 * feed goes through a {@link FaultyLink}. First say what relays and feeds there are, then
 * {@link #start} them; closing ends every process, whatever happened.
 */
final class Federation implements AutoCloseable {
    private final Path root;
    private final Map<String, RelayProcess> relays = new LinkedHashMap<>();
    private final Map<String, StringBuilder> configs = new LinkedHashMap<>();
    private final Map<String, FaultyLink> links = new LinkedHashMap<>();
    private final Map<String, Map<String, Entry>> peers = new LinkedHashMap<>();
    private final Thread lastResort = new Thread(this::killAll);

    /** What one relay's configuration says of one peer. */
    private static final class Entry {
        private String sends = "";
        private String receives = "";
    }

    /** A federation in that folder, with nothing in it. */
    Federation(Path root) {
        this.root = root;
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** One relay with one group and no peers, running. */
    static Federation ofOne(Path root, String group) throws IOException {
        Federation federation = new Federation(root);
        try {
            federation.add("solo", group);
            federation.start();
            return federation;
        } catch (IOException | RuntimeException e) {
            federation.close();
            throw e;
        }
    }

    /** Adds a relay that carries these groups. */
    RelayProcess add(String name, String... groups) throws IOException {
        return addAt(name, "127.0.0.1:0", groups);
    }

    /** Adds a relay that listens there. */
    RelayProcess addAt(String name, String address, String... groups) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        StringBuilder config = new StringBuilder("""
                identity = "%s.example.org"
                data = "data"
                """.formatted(name));
        configs.put(name, config);
        peers.put(name, new LinkedHashMap<>());
        extra(name, "[[listen]]\naddress = \"" + address + "\"\n");
        for (String group : groups) {
            extra(name, "[[group]]\nname = \"" + group + "\"\ndescription = \"For tests\"\n");
        }
        RelayProcess relay = new RelayProcess(name, folder,
                "relay", "--config", folder.resolve("relay.toml").toString());
        relays.put(name, relay);
        return relay;
    }

    /** Adds a relay that runs without a configuration file, on its defaults. */
    RelayProcess addEmbedded(String name) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        RelayProcess relay = new RelayProcess(name, folder, "relay",
                "--data", folder.resolve("data").toString(), "--listen", "127.0.0.1:0");
        relays.put(name, relay);
        return relay;
    }

    /** Adds a relay with a configuration file that is there already. */
    RelayProcess addConfigured(String name, Path config) throws IOException {
        RelayProcess relay = new RelayProcess(name, Files.createDirectories(root.resolve(name)),
                "relay", "--config", config.toString());
        relays.put(name, relay);
        return relay;
    }

    /** Adds tables to a relay's configuration, before it is started. */
    void extra(String name, String toml) {
        configs.get(name).append('\n').append(toml);
    }

    /** Lets one relay feed another, which knows it by its login. */
    FaultyLink feed(String from, String to) throws IOException {
        return feed(from, to, "");
    }

    /** The same with further keys in the sender's {@code [[peer]]}. */
    FaultyLink feed(String from, String to, String furtherKeys) throws IOException {
        FaultyLink link = new FaultyLink();
        relays.get(to).addLink(link);
        return feed(from, to, link, link.address(), furtherKeys);
    }

    /** The same by the TLS listener of the receiver, which must have one. */
    FaultyLink feedOverTls(String from, String to, Path authority) throws IOException {
        FaultyLink link = new FaultyLink();
        relays.get(to).addTlsLink(link);
        return feed(from, to, link, "nntps://127.0.0.1:" + link.port(),
                "tls_ca = \"" + authority + "\"");
    }

    private FaultyLink feed(String from, String to, FaultyLink link, String address,
            String furtherKeys) throws IOException {
        links.put(from + ">" + to, link);
        feedAt(from, to, address, furtherKeys);
        return link;
    }

    /** Lets one relay feed another that has that address, without a link between. */
    void feedAt(String from, String to, String address, String furtherKeys) throws IOException {
        String login = "feed-" + from;
        String file = from + "-to-" + to + ".password";
        secret(relays.get(from).folder().resolve(file), "secret of " + from + " at " + to);
        secret(relays.get(to).folder().resolve(file), "secret of " + from + " at " + to);
        entry(from, to).sends = """
                address = "%s"
                login = { user = "%s", password_file = "%s" }
                %s
                """.formatted(address, login, file, furtherKeys);
        entry(to, from).receives = "user = \"" + login + "\"\n";
        extra(to, "[[user]]\nname = \"" + login + "\"\npassword_file = \"" + file + "\"\n");
    }

    private Entry entry(String at, String of) {
        return peers.get(at).computeIfAbsent(of, name -> new Entry());
    }

    /** Writes a password file as a relay wants it: closed to other users. */
    static void secret(Path file, String password) throws IOException {
        Files.writeString(file, password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Writes every configuration and starts every relay. */
    void start() throws IOException {
        for (String name : configs.keySet()) {
            writeConfig(name);
        }
        for (RelayProcess relay : relays.values()) {
            relay.start();
        }
    }

    /** Writes a relay's configuration, for one that is started by itself. */
    void writeConfig(String name) throws IOException {
        StringBuilder config = new StringBuilder(configs.get(name));
        peers.get(name).forEach((peer, entry) -> config.append("""

                [[peer]]
                name = "%s.example.org"
                """.formatted(peer)).append(entry.receives).append(entry.sends));
        Files.writeString(relays.get(name).config(), config);
    }

    RelayProcess relay(String name) {
        return relays.get(name);
    }

    List<RelayProcess> relays() {
        return List.copyOf(relays.values());
    }

    /** Has a relay feed another, or not, while both run. */
    void feeding(String from, String to, boolean feeding) throws IOException {
        try (NntpWire wire = relays.get(from).connect()) {
            String said = wire.ask("XSPILLWAY PEER " + (feeding ? "RESUME " : "PAUSE ") + to
                    + ".example.org");
            if (!said.startsWith("290")) {
                throw new AssertionError(from + " says: " + said);
            }
        }
    }

    /** The link a feed goes through. */
    FaultyLink link(String from, String to) {
        return links.get(from + ">" + to);
    }

    /** What every relay said since its last start, for the message of a failed test. */
    String logs() {
        List<String> logs = new ArrayList<>();
        relays.forEach((name, relay) -> logs.add("--- " + name + "\n" + relay.log()));
        return String.join("\n", logs);
    }

    @Override
    public void close() {
        killAll();
        links.values().forEach(FaultyLink::close);
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void killAll() {
        for (RelayProcess relay : relays.values()) {
            try {
                relay.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
