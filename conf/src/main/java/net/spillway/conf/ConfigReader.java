package net.spillway.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks a parsed file everything, one method for each part of the configuration. */
final class ConfigReader {
    private final Section root;
    private final FileChecks files;
    private final Path base;

    /** Relative paths in the file start at {@code base}. */
    ConfigReader(Section root, Path base) {
        this.root = root;
        this.base = base;
        this.files = new FileChecks(base);
    }

    RelayConfig read() {
        String identity = identity();
        Path data = data();
        List<ListenConfig> listen = listen();
        Optional<TlsConfig> tls = tls(listen);
        List<GroupConfig> groups = groups();
        List<UserConfig> users = users();
        Set<String> userNames = new HashSet<>();
        users.forEach(user -> userNames.add(user.name()));
        Optional<Path> usersFile = files.path(root, "users_file");
        usersFile.ifPresent(file -> files.folder(root, "users_file", file.getParent(),
                Optional.empty()));
        Optional<Set<String>> allUsers =
                usersFile.isPresent() ? Optional.empty() : Optional.of(userNames);
        List<AccessRule> access = new AccessReader(allUsers, tls).readAll(root);
        List<PeerConfig> peers =
                new PeerReader(files, identity, allUsers, tls.isPresent())
                        .readAll(root.tables("peer"));
        SpoolConfig spool = spool(data);
        LimitsConfig limits = limits();
        ListsConfig lists = ListsReader.read(root);
        Optional<AdminConfig> admin = AdminReader.read(root, files, data, tls, listen);
        root.done();
        return new RelayConfig(
                identity, data, listen, tls, groups, access, users, usersFile, peers, spool, limits,
                lists, admin);
    }

    /** Reads a file of {@link JoinedPeers}. */
    JoinedPeers.Entry readJoined(String identity, boolean tls) {
        List<UserConfig> users = users();
        List<PeerConfig> peers = new PeerReader(files, identity, Optional.empty(), tls)
                .readAll(root.tables("peer"));
        root.done();
        return new JoinedPeers.Entry(peers, users);
    }

    private String identity() {
        Optional<String> identity = root.text("identity");
        if (identity.isEmpty() && !root.has("identity") && root.has("peer")) {
            root.problem("identity", "is missing, and peers tell by it where an article has been",
                    "add identity = \"NAME\" with a name no other relay has, such as this"
                            + " machine's full host name");
        }
        if (identity.isPresent() && !Names.isPathIdentity(identity.get())) {
            root.problem("identity", "\"" + identity.get() + "\" cannot stand in a Path",
                    "use letters, digits, dots, hyphens and underscores, as in news.example.org");
        }
        return identity.orElseGet(HostName::ofThisMachine);
    }

    private Path data() {
        Path data = files.path(root, "data").orElseGet(() -> base.resolve("data"));
        files.folder(root, "data", data, Optional.empty());
        return data;
    }

    private List<ListenConfig> listen() {
        if (!root.has("listen")) {
            return List.of(new ListenConfig(ConfigLoader.DEFAULT_LISTEN, false));
        }
        List<ListenConfig> listen = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Section section : root.tables("listen")) {
            Optional<HostPort> given = section.parsed("address", HostPort::parse);
            boolean bad = given.isEmpty() && section.has("address");
            HostPort address = given.orElse(ConfigLoader.DEFAULT_LISTEN);
            boolean tls = section.flag("tls", address.tls());
            if (address.tls() && !tls) {
                section.problem("tls", "is false, but the address begins with nntps://",
                        "say the same in both, or leave tls out");
            }
            if (!bad && address.port() != 0 && !taken.add(address.hostAndPort())) {
                section.problem("address", address.hostAndPort() + " is listened on already",
                        "take one of the two out");
            }
            section.done();
            listen.add(new ListenConfig(address, tls));
        }
        if (root.isEmptyList("listen")) {
            root.problem("listen", "is empty, so nobody could reach the relay",
                    "add [[listen]] with address = \"HOST:PORT\"");
        }
        return listen;
    }

    private Optional<TlsConfig> tls(List<ListenConfig> listen) {
        Optional<Section> section = root.table("tls");
        if (section.isEmpty()) {
            if (listen.stream().anyMatch(ListenConfig::tls)) {
                root.problem("listen", "a listener speaks TLS, but there is no certificate",
                        "add [tls] with certificate = \"FILE\" and key = \"FILE\"");
            }
            return Optional.empty();
        }
        Section tls = section.get();
        for (String key : List.of("certificate", "key")) {
            if (!tls.has(key)) {
                tls.problem(key, "is missing", "name the PEM file");
            }
        }
        Optional<Path> certificate = files.file(tls, "certificate");
        Optional<Path> key = files.secretFile(tls, "key");
        Optional<Path> clientCa = files.file(tls, "client_ca");
        tls.done();
        return certificate.flatMap(c -> key.map(k -> new TlsConfig(c, k, clientCa)));
    }

    private List<GroupConfig> groups() {
        List<GroupConfig> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.tables("group")) {
            groups.add(group(section, names));
            section.done();
        }
        return groups;
    }

    private static GroupConfig group(Section section, Set<String> names) {
        String name = section.requiredText("name", "example.talk");
        if (!name.isEmpty() && !Names.isGroup(name)) {
            section.problem("name", "\"" + name + "\" is not a newsgroup name",
                    "use letters, digits, +, - and _ in parts joined by dots, as in example.talk");
        } else if (!name.isEmpty() && Names.isReservedGroup(name)) {
            section.problem("name", "\"" + name + "\" is a name that RFC 5536 reserves",
                    "take another; no part may be all or ctl, and the first may not be to");
        } else if (!name.isEmpty() && !names.add(name)) {
            section.problem("name", "there are two groups of the name \"" + name + "\"",
                    "take one of them out");
        }
        String status = section.text("status").orElse("y");
        if (!Set.of("y", "n", "m").contains(status)) {
            section.problem("status", "\"" + status + "\" is not a group's status",
                    "write \"y\" (posting allowed), \"n\" (not allowed) or \"m\" (moderated)");
            status = "y";
        }
        String description = section.text("description").orElse("");
        if (description.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            section.problem("description", "has a line break or control character",
                    "keep it to one line of plain text");
        }
        return new GroupConfig(name, status.charAt(0), description);
    }

    private List<UserConfig> users() {
        List<UserConfig> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.tables("user")) {
            String name = section.requiredText("name", "alice");
            if (name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                section.problem("name", "has a blank or control character", "leave that out");
            } else if (!name.isEmpty() && !names.add(name)) {
                section.problem("name", "there are two users of the name \"" + name + "\"",
                        "take one of them out");
            }
            if (!section.has("password_file")) {
                section.problem("password_file", "is missing",
                        "put the password in a file of its own and name that");
            }
            PasswordFile password = files.passwordFile(section, "password_file")
                    .orElseGet(() -> new PasswordFile(base));
            section.done();
            users.add(new UserConfig(name, password));
        }
        return users;
    }

    private SpoolConfig spool(Path data) {
        Optional<Section> found = root.table("spool");
        Path dir = found.flatMap(section -> files.path(section, "dir"))
                .orElseGet(() -> data.resolve("spool"));
        List<StorageConfig> storage =
                new StorageReader(files, base, dir).readAll(root.tables("storage"));
        if (found.isEmpty()) {
            return SpoolConfig.at(dir).with(storage);
        }
        Section section = found.get();
        Path index = files.path(section, "index")
                .orElseGet(() -> dir.resolve(SpoolConfig.INDEX_FOLDER));
        files.folder(section, "dir", dir, Optional.of(data));
        files.folder(section, "index", index, Optional.of(index.startsWith(data) ? data : dir));
        Duration remember = duration(section, "remember", SpoolConfig.DEFAULT_REMEMBER);
        Duration cutoff = duration(section, "cutoff", SpoolConfig.DEFAULT_CUTOFF);
        if (cutoff.compareTo(remember) > 0) {
            section.problem(section.has("cutoff") ? "cutoff" : "remember",
                    "cutoff (" + Durations.format(cutoff) + ") is longer than remember ("
                            + Durations.format(remember) + "), so dropped articles would come back",
                    "make remember the longer one");
        }
        SpoolConfig spool = new SpoolConfig(dir,
                section.parsed("fsync", FsyncMode::parse).orElse(FsyncMode.GROUP),
                section.size("segment_size", SpoolConfig.DEFAULT_SEGMENT_SIZE,
                        SpoolConfig.MIN_SEGMENT_SIZE, SpoolConfig.MAX_SEGMENT_SIZE),
                StorageReader.retention(section), remember, cutoff, index, storage);
        section.done();
        return spool;
    }

    private static Duration duration(Section section, String key, Duration otherwise) {
        return section.parsed(key, Durations::parse).orElse(otherwise);
    }

    private LimitsConfig limits() {
        LimitsConfig standard = LimitsConfig.DEFAULT;
        Optional<Section> found = root.table("limits");
        if (found.isEmpty()) {
            return standard;
        }
        Section section = found.get();
        Duration idle = duration(section, "idle_timeout", standard.idleTimeout());
        if (idle.compareTo(Duration.ofSeconds(1)) < 0) {
            section.problem("idle_timeout", "leaves nobody time to say anything",
                    "RFC 3977 wants three minutes at least");
        }
        LimitsConfig limits = new LimitsConfig(
                section.number("connections", standard.connections(), 1, 1_000_000),
                section.number("connections_per_address", standard.connectionsPerAddress(),
                        1, 1_000_000),
                section.size("max_article", standard.maxArticle(),
                        LimitsConfig.MIN_MAX_ARTICLE, LimitsConfig.MAX_MAX_ARTICLE),
                (int) section.size("max_line", standard.maxLine(), 998, 1 << 20),
                section.size("pipeline_bytes", standard.pipelineBytes(), 4 << 10, 256 << 20),
                idle);
        section.done();
        return limits;
    }
}
