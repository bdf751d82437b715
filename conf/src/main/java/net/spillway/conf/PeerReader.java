package net.spillway.conf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code [[peer]]} tables and checks them against each other. */
final class PeerReader {
    private static final int MAX_CONNECTIONS = 32;
    private static final Duration MAX_DELAY = Duration.ofDays(7);
    private static final List<String> FOR_SENDING = List.of(
            "send", "min_article", "distributions", "max_hops", "max_crossposts", "path_exclude",
            "delay", "backfill", "starttls", "tls_ca", "login", "compress", "streaming",
            "connections", "bytes_per_second");

    private final FileChecks files;
    private final String ourIdentity;
    private final Optional<Set<String>> userNames;
    private final boolean tls;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> peerOfUser = new HashMap<>();
    private final Map<String, String> peerOfCertificate = new HashMap<>();
    private final Map<Cidr, String> peerOfBlock = new HashMap<>();

    /**
     * @param userNames all there are; empty if a users_file may have more at any time
     * @param tls whether clients can come under TLS
     */
    PeerReader(FileChecks files, String ourIdentity, Optional<Set<String>> userNames,
            boolean tls) {
        this.files = files;
        this.ourIdentity = ourIdentity;
        this.userNames = userNames;
        this.tls = tls;
    }

    List<PeerConfig> readAll(List<Section> sections) {
        List<PeerConfig> peers = new ArrayList<>();
        for (Section section : sections) {
            peers.add(read(section));
            section.done();
        }
        return peers;
    }

    private PeerConfig read(Section section) {
        String name = name(section);
        String identity = identity(section, name);
        Optional<HostPort> address = section.parsed("address", HostPort::parse);
        List<Cidr> from = section.parsedList("from", Cidr::parse);
        Optional<String> user = section.text("user");
        Set<String> certificates =
                new LinkedHashSet<>(section.parsedList("certificates", Fingerprint::parse));
        PeerConfig peer = new PeerConfig(name, identity, address, from, user, certificates,
                section.parsed("accept", Wildmat::parse).orElse(Wildmat.ALL),
                section.size("max_article", PeerConfig.DEFAULT_MAX_ARTICLE,
                        LimitsConfig.MIN_MAX_ARTICLE, LimitsConfig.MAX_MAX_ARTICLE),
                feed(section), link(section, address));
        checkDirections(section, peer);
        checkSizes(section, peer);
        checkTls(section, peer);
        checkRecognition(section, peer);
        return peer;
    }

    private static FeedConfig feed(Section section) {
        FeedConfig all = FeedConfig.ALL;
        return new FeedConfig(
                section.parsed("send", Wildmat::parse).orElse(all.send()),
                section.size("min_article", all.minArticle(), 0, LimitsConfig.MAX_MAX_ARTICLE),
                section.parsed("distributions", PeerReader::distributions).orElse(all.distributions()),
                section.number("max_hops", all.maxHops(), 1, Integer.MAX_VALUE),
                section.number("max_crossposts", all.maxCrossposts(), 1, Integer.MAX_VALUE),
                section.parsedList("path_exclude", PeerReader::pathIdentity),
                delay(section),
                section.parsed("backfill", Durations::parse).orElse(all.backfill()));
    }

    /** They are compared without regard to case (RFC 5536, section 3.2.4). */
    private static Wildmat distributions(String text) {
        return Wildmat.parse(text.toLowerCase(Locale.ROOT));
    }

    private static Duration delay(Section section) {
        Duration delay = section.parsed("delay", Durations::parse).orElse(Duration.ZERO);
        if (delay.compareTo(MAX_DELAY) > 0) {
            section.problem("delay", Durations.format(delay) + " is longer than any peer takes"
                    + " articles for new", "write " + Durations.format(MAX_DELAY) + " at most");
        }
        return delay;
    }

    private LinkConfig link(Section section, Optional<HostPort> address) {
        LinkConfig standard = LinkConfig.DEFAULT;
        boolean starttls = section.flag("starttls", standard.starttls());
        return new LinkConfig(starttls,
                files.file(section, "tls_ca"),
                section.table("login").flatMap(this::login),
                section.flag("compress", standard.compress()),
                section.flag("streaming", standard.streaming()),
                section.number("connections", standard.connections(), 1, MAX_CONNECTIONS),
                section.size("bytes_per_second", standard.bytesPerSecond(), 1 << 10,
                        Long.MAX_VALUE));
    }

    private String name(Section section) {
        String name = section.requiredText("name", "relay-b.example.org");
        if (!name.isEmpty() && !Names.isPathIdentity(name)) {
            section.problem("name", "\"" + name + "\" cannot be a peer's name",
                    "use letters, digits, dots, hyphens and underscores");
        } else if (!name.isEmpty() && !names.add(name.toLowerCase(Locale.ROOT))) {
            section.problem("name", "there are two peers of the name \"" + name
                    + "\", large and small letters being the same",
                    "give one of them another name, or make one entry of both");
        }
        return name;
    }

    private String identity(Section section, String name) {
        String key = section.has("identity") ? "identity" : "name";
        String identity = section.parsed("identity", PeerReader::pathIdentity).orElse(name);
        if (!identity.isEmpty() && identity.equalsIgnoreCase(ourIdentity)) {
            section.problem(key, "\"" + identity + "\" is our own identity",
                    "name the other relay's: what it puts first in the Path of its articles");
        }
        return identity;
    }

    private static String pathIdentity(String text) {
        if (!Names.isPathIdentity(text)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" cannot stand in a Path; write one such as news.example.org");
        }
        return text;
    }

    private Optional<Credentials> login(Section section) {
        String user = section.requiredText("user", "our-name-there");
        if (!section.has("password_file")) {
            section.problem("password_file", "is missing",
                    "put the password in a file of its own and name that");
        }
        Optional<PasswordFile> password = files.passwordFile(section, "password_file");
        section.done();
        return password.map(file -> new Credentials(user, file));
    }

    private static void checkSizes(Section section, PeerConfig peer) {
        if (peer.feed().minArticle() > peer.maxArticle()) {
            section.problem("min_article", "is above max_article, so that nothing would be sent",
                    "correct the one or the other");
        }
    }

    private void checkTls(Section section, PeerConfig peer) {
        Optional<HostPort> address = peer.address();
        if (peer.link().starttls() && address.isPresent() && address.get().tls()) {
            section.problem("starttls", "is of no use, since the address begins with TLS",
                    "take it out, or write address = \"nntp://HOST:PORT\"");
        }
        if (address.isPresent() && !peer.isFedUnderTls() && peer.link().tlsCa().isPresent()) {
            section.problem("tls_ca", "is of no use without TLS", "add starttls = true, or write"
                    + " address = \"nntps://" + address.get().hostAndPort() + "\"");
        }
        if (peer.link().tlsCa().isPresent() && !peer.certificates().isEmpty()) {
            section.problem("tls_ca", "is of no use where certificates says which to take",
                    "take the one or the other out");
        }
        if (!peer.certificates().isEmpty() && !peer.isFedUnderTls() && !tls) {
            section.problem("certificates", "means nothing without TLS",
                    "set [tls], or send to the peer under TLS");
        }
    }

    private static void checkDirections(Section section, PeerConfig peer) {
        boolean weSend = section.has("address");
        boolean theySend = section.has("from") || section.has("user")
                || section.has("certificates");
        if (!weSend && !theySend) {
            section.problem("name", "the peer has no address to send to and nothing to know it by",
                    "add address = \"nntp://HOST:PORT\", from = [\"ITS ADDRESS\"]"
                            + " or user = \"LOGIN\"");
            return;
        }
        if (peer.address().isPresent() && peer.address().get().port() == 0) {
            section.problem("address", "port 0 cannot be connected to", "name the peer's port");
        }
        for (String key : FOR_SENDING) {
            if (!weSend && section.has(key)) {
                section.problem(key, "means nothing for a peer that we send nothing to",
                        "add address = \"nntp://HOST:PORT\", or take it out");
            }
        }
        if (!theySend && section.has("accept")) {
            section.problem("accept", "means nothing for a peer that we do not recognise",
                    "add from = [\"ITS ADDRESS\"], user = \"LOGIN\" or certificates, or take it"
                            + " out");
        }
    }

    private void checkRecognition(Section section, PeerConfig peer) {
        if (peer.user().isPresent()) {
            String user = peer.user().get();
            if (userNames.isPresent() && !userNames.get().contains(user)) {
                section.problem("user", "there is no [[user]] of the name \"" + user + "\"",
                        "add one with its password_file");
            }
            refuseSecond(section, "user", peerOfUser.putIfAbsent(user, peer.name()), user);
        }
        for (String certificate : peer.certificates()) {
            refuseSecond(section, "certificates",
                    peerOfCertificate.putIfAbsent(certificate, peer.name()), certificate);
        }
        if (peer.user().isPresent() || !peer.certificates().isEmpty()) {
            return;
        }
        for (Cidr block : peer.from()) {
            refuseSecond(section, "from", peerOfBlock.putIfAbsent(block, peer.name()),
                    block.toString());
        }
    }

    private static void refuseSecond(Section section, String key, String first, String what) {
        if (first != null) {
            section.problem(key, what + " stands for the peer \"" + first
                    + "\" already, and the two could not be told apart",
                    "let one of them log in with a user of its own");
        }
    }
}
