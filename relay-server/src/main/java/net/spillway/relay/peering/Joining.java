package net.spillway.relay.peering;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import net.spillway.conf.HostPort;
import net.spillway.conf.JoinedPeers;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.Names;
import net.spillway.conf.OwnCertificate;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.Reply;
import net.spillway.relay.access.SelfSigned;
import net.spillway.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes peers of two relays. One invites: it makes a token with its address, the fingerprint of its
 * certificate, a secret that works once, and what it offers. The other accepts: it connects to that
 * address, shows the secret, and says where it can be reached itself. Each side makes the password
 * with which the other logs in from then on, and writes the entry for it; the secret of the token
 * is kept by its hash alone.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final String TOKEN = "spillway-peer-1.";
    private static final String INVITATION = ".invitation";
    private static final int SECRET_OCTETS = 24;
    private static final int MAX_WILDMAT = 500;
    private static final int MAX_GROUPS = 10_000;
    private static final int GO_ON = 390;
    private static final int JOINED = 291;

    /** Connects to a peer, with the login of its configuration. */
    @FunctionalInterface
    interface Caller {
        PeerTalk call(PeerConfig peer) throws IOException;
    }

    /** Tries what a feed to a peer does; gives the steps up to the first that fails. */
    @FunctionalInterface
    interface Tester {
        List<PeerStep> test(PeerConfig peer);
    }

    private final Supplier<RelayConfig> config;
    private final PeerFolder folder;
    private final Spool spool;
    private final Clock clock;
    private final Callable<List<String>> reload;
    private final Supplier<List<HostPort>> listening;
    private final Caller caller;
    private final Tester tester;
    private final SecureRandom random = new SecureRandom();

    /** @param listening where the relay can be reached, as far as it knows, the best first */
    Joining(Supplier<RelayConfig> config, PeerFolder folder, Spool spool, Clock clock,
            Callable<List<String>> reload, Supplier<List<HostPort>> listening, Caller caller,
            Tester tester) {
        this.config = config;
        this.folder = folder;
        this.spool = spool;
        this.clock = clock;
        this.reload = reload;
        this.listening = listening;
        this.caller = caller;
        this.tester = tester;
    }

    /** What to say of ourselves: where we are, and by what our certificate is known. */
    private Fields ourselves(Optional<HostPort> address) throws PeeringException, IOException {
        HostPort where = address.or(() -> listening.get().stream().findFirst()).orElseThrow(
                () -> new PeeringException("it is not known where others reach this relay; say"
                        + " --address HOST:PORT, or nntps://HOST:PORT for TLS"));
        Fields fields = new Fields().with("identity", config.get().identity())
                .with("address", where.toString());
        if (config.get().tls().isEmpty()) {
            makeCertificate();
        }
        Optional<TlsConfig> tls = config.get().tls();
        return tls.isPresent() ? fields.with("pin", fingerprint(tls.get())) : fields;
    }

    /** So that relays join across machines without anybody having seen to TLS before. */
    private void makeCertificate() throws PeeringException, IOException {
        TlsConfig files = OwnCertificate.files(config.get().data());
        SelfSigned made = SelfSigned.make(config.get().identity(), clock.instant());
        PeerFolder place = new PeerFolder(files.key().getParent());
        place.write(files.key().getFileName().toString(), made.key());
        // The certificate last: where it is, its key is too.
        place.write(files.certificate().getFileName().toString(), made.certificate());
        LOG.info("no certificate is configured, so one was made: {}", files.certificate());
        apply("the certificate made for it cannot be used: ");
    }

    private void apply(String otherwise) throws PeeringException, IOException {
        try {
            List<String> wrong = reload.call();
            if (!wrong.isEmpty()) {
                throw new PeeringException(otherwise + wrong.getFirst());
            }
        } catch (PeeringException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static String fingerprint(TlsConfig tls) throws PeeringException {
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            byte[] der = CertificateFactory.getInstance("X.509").generateCertificates(in)
                    .iterator().next().getEncoded();
            return "sha256:" + hex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (IOException | GeneralSecurityException e) {
            throw new PeeringException("the relay's certificate cannot be read: "
                    + e.getMessage(), e);
        }
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    private String secret() {
        byte[] octets = new byte[SECRET_OCTETS];
        random.nextBytes(octets);
        return hex(octets);
    }

    private static String hash(String secret) {
        try {
            return hex(MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Makes a token for a peer that we shall call by that name. */
    String invite(String name, Wildmat send, Wildmat accept, Optional<HostPort> address,
            Duration valid) throws PeeringException, IOException {
        checkName(name, name, "; 'spillway peer remove' it, or choose another name");
        checkLength(send);
        checkLength(accept);
        Fields token = ourselves(address);
        String id = secret().substring(0, 16);
        String secret = secret();
        Instant until = clock.instant().plus(valid);
        folder.write(id + INVITATION, new Fields().with("name", name)
                .with("secret", hash(secret)).with("send", send.toString())
                .with("accept", accept.toString())
                .with("until", String.valueOf(until.getEpochSecond()))
                .with("address", token.get("address")).toLines());
        LOG.info("{} is invited as a peer until {}", name, until);
        return TOKEN + token.with("id", id).with("secret", secret)
                .with("until", String.valueOf(until.getEpochSecond()))
                .with("send", send.toString()).with("accept", accept.toString()).toWord();
    }

    /**
     * A token that was given out and still works.
     *
     * @param file what is known of it
     * @param name what we shall call who joins with it
     */
    record Invitation(String file, String name, String send, String accept, Instant until) {
    }

    /** All of them; those that have expired are forgotten. */
    List<Invitation> invitations() throws IOException {
        List<Invitation> all = new ArrayList<>();
        for (String file : folder.list(INVITATION)) {
            try {
                Fields fields = Fields.ofLines(folder.read(file).orElse(""));
                if (isOver(fields)) {
                    folder.delete(file);
                } else {
                    all.add(new Invitation(file, fields.get("name"), fields.get("send"),
                            fields.get("accept"), until(fields)));
                }
            } catch (PeeringException e) {
                LOG.debug("{}: {}", file, e.getMessage());
            }
        }
        return all;
    }

    /** Has the tokens for that name work no more; says how many there were. */
    int withdraw(String name) throws IOException {
        int withdrawn = 0;
        for (Invitation invitation : invitations()) {
            if (invitation.name().equals(name) && folder.delete(invitation.file())) {
                withdrawn++;
            }
        }
        return withdrawn;
    }

    private static void checkLength(Wildmat wildmat) throws PeeringException {
        if (wildmat.toString().length() > MAX_WILDMAT) {
            throw new PeeringException("the wildmat is longer than " + MAX_WILDMAT
                    + " characters; give a shorter one, and change the entry later");
        }
    }

    /** @param otherwise what to do if there is such a peer already */
    private void checkName(String name, String identity, String otherwise)
            throws PeeringException {
        if (!Names.isPathIdentity(name) || !Names.isPathIdentity(identity)) {
            throw new PeeringException("\"" + name + "\" cannot be a peer's name; use letters,"
                    + " digits, dots, hyphens and underscores");
        }
        if (identity.equalsIgnoreCase(config.get().identity())) {
            throw new PeeringException("\"" + identity + "\" is this relay's own identity; each"
                    + " relay needs one of its own: identity = in its configuration, or"
                    + " --identity");
        }
        for (PeerConfig peer : config.get().peers()) {
            if (peer.name().equalsIgnoreCase(name) || peer.identity().equalsIgnoreCase(identity)) {
                throw new PeeringException("there is a peer " + peer.name() + " already"
                        + (hasJoined(peer.name()) ? otherwise : ", in the configuration; take it"
                        + " out there and reload, or leave it as it is"));
            }
        }
    }

    /**
     * The inviting side: somebody shows a token's secret and says who it is.
     *
     * @return what it needs to know, a line each
     */
    List<String> admit(String word) throws PeeringException, IOException {
        Fields asked = Fields.ofWord(word);
        String id = asked.get("id");
        if (!id.matches("[0-9a-f]{16}")) {
            throw new PeeringException("there is no such invitation");
        }
        String file = id + INVITATION;
        Fields invitation = Fields.ofLines(folder.read(file).orElseThrow(() -> new
                PeeringException("there is no such invitation; a token works once")));
        boolean right = MessageDigest.isEqual(
                hash(asked.get("secret")).getBytes(StandardCharsets.UTF_8),
                invitation.get("secret").getBytes(StandardCharsets.UTF_8));
        if (!right) {
            throw new PeeringException("there is no such invitation");
        }
        if (isOver(invitation)) {
            folder.delete(file);
            throw new PeeringException("the token has expired; ask for a new one");
        }
        String name = invitation.get("name");
        String identity = asked.get("identity");
        checkName(name, identity, "");
        Wildmat send = wildmat(invitation.get("send"));
        if (!folder.delete(file)) {
            throw new PeeringException("there is no such invitation; a token works once");
        }
        String password = secret();
        Entry entry = new Entry(name, identity, address(asked), asked.getOr("pin", ""),
                wildmat(invitation.get("accept")), send, user(identity), password,
                user(config.get().identity()), asked.get("password"));
        establish(entry);
        LOG.info("{} ({}) has joined as a peer, at {}", name, identity, entry.address);
        Fields login = new Fields().with("user", user(identity)).with("password", password);
        unreached(name).ifPresent(why -> {
            LOG.warn("{} has joined, but is not reached: {}", name, why);
            login.with("unreached", why);
        });
        List<String> lines = new ArrayList<>(List.of(login.toWord()));
        spool.groups().stream().filter(group -> send.matches(group.name())).limit(MAX_GROUPS)
                .forEach(group -> lines.add(group.name() + " " + group.status() + " "
                        + group.description()));
        return lines;
    }

    /** What keeps us from feeding a peer that has just joined and knows our login already. */
    private Optional<String> unreached(String name) {
        return config.get().peers().stream().filter(peer -> peer.name().equals(name))
                .flatMap(peer -> tester.test(peer).stream())
                // It adds groups when it has our answer.
                .filter(step -> !step.well() && !step.step().equals("groups"))
                .map(step -> step.step() + ": " + step.words()).findFirst();
    }

    /**
     * The other side: joins the relay that gave out the token. It is let in here before we show the
     * secret, so that it can log in at once.
     *
     * @param offered what we send; if not given, what it offers
     * @return its identity, and what was done
     */
    synchronized String accept(String text, Optional<Wildmat> offered,
            Optional<HostPort> address) throws PeeringException, IOException {
        Fields token = token(text);
        String identity = token.get("identity");
        checkName(identity, identity, "; 'spillway peer remove " + identity + "' first");
        Wildmat accept = wildmat(token.get("send"));
        Wildmat send = offered.isPresent() ? offered.get() : wildmat(token.get("accept"));
        checkLength(send);
        String password = secret();
        Fields question = ourselves(address).with("id", token.get("id"))
                .with("secret", token.get("secret")).with("password", password);
        Entry guest = new Entry(identity, identity, address(token), token.getOr("pin", ""), accept,
                send, user(identity), password, "", "");
        List<String> answer;
        Fields login;
        letIn(guest);
        try {
            answer = join(token, question);
            login = Fields.ofWord(answer.getFirst());
            establish(guest.with(login.get("user"), login.get("password")));
        } catch (PeeringException | IOException | RuntimeException e) {
            folder.forget(identity);
            apply("the peer could not be taken out again: ");
            throw e;
        }
        int made = makeGroups(answer.subList(1, answer.size()), accept);
        LOG.info("joined {} as a peer, at {}", identity, token.get("address"));
        return identity + " and this relay are peers now; it sends " + accept + " and is sent "
                + send + (send.toString().equals(token.get("accept")) ? ""
                        : ", of which it takes " + token.get("accept"))
                + (made == 0 ? "" : "; " + made + (made == 1 ? " group was" : " groups were")
                        + " added here") + login.find("unreached").map(why ->
                        "; but " + identity + " does not reach this relay at "
                        + question.getOr("address", "") + " (--address gives another): " + why)
                        .orElse("");
    }

    private Fields token(String text) throws PeeringException {
        String bare = text.strip();
        if (!bare.startsWith(TOKEN)) {
            throw new PeeringException("this is no token; one begins with " + TOKEN);
        }
        Fields token;
        boolean over;
        try {
            token = Fields.ofWord(bare.substring(TOKEN.length()));
            over = isOver(token);
            for (String needed : List.of("identity", "address", "id", "secret", "send", "accept")) {
                token.get(needed);
            }
        } catch (PeeringException e) {
            throw new PeeringException("the token is not whole; copy all of its one line", e);
        }
        if (over) {
            throw new PeeringException("the token has expired; ask for a new one");
        }
        return token;
    }

    private boolean isOver(Fields limited) throws PeeringException {
        return until(limited).compareTo(clock.instant()) <= 0;
    }

    private static Instant until(Fields limited) throws PeeringException {
        try {
            return Instant.ofEpochSecond(Long.parseLong(limited.get("until")));
        } catch (NumberFormatException | DateTimeException e) {
            throw new PeeringException("it is not whole: it does not say how long it works", e);
        }
    }

    private List<String> join(Fields token, Fields question) throws PeeringException, IOException {
        try (PeerTalk talk = caller.call(inviting(token))) {
            Reply reply = talk.ask("XSPILLWAY JOIN");
            if (reply.code() == GO_ON) {
                reply = talk.ask(question.toWord());
            }
            if (reply.code() != JOINED) {
                throw new PeeringException(token.get("identity") + " says: " + reply.text());
            }
            return talk.block();
        } catch (IOException e) {
            throw new PeeringException(token.get("address") + ": " + e.getMessage(), e);
        }
    }

    /** A certificate that is pinned is asked for on a plain port too. */
    private static PeerConfig inviting(Fields token) throws PeeringException {
        PeerConfig inviting = PeerConfig.sendingTo(token.get("identity"), address(token));
        String pin = token.getOr("pin", "");
        return pin.isEmpty() ? inviting
                : inviting.showing(Set.of(pin)).with(address(token).tls()
                        ? LinkConfig.DEFAULT : LinkConfig.STARTTLS);
    }

    private int makeGroups(List<String> lines, Wildmat accept) throws IOException {
        int made = 0;
        for (String line : lines.subList(0, Math.min(MAX_GROUPS, lines.size()))) {
            String[] words = line.split(" ", 3);
            if (words.length >= 2 && Names.isGroup(words[0]) && words[1].matches("[ynm]")
                    && accept.matches(words[0]) && spool.group(words[0]).isEmpty()) {
                String description = words.length < 3 ? "" : words[2].replaceAll("\\p{Cntrl}", " ");
                spool.createGroup(words[0], words[1].charAt(0), description);
                made++;
            }
        }
        return made;
    }

    private static HostPort address(Fields fields) throws PeeringException {
        try {
            return HostPort.parse(fields.get("address"));
        } catch (IllegalArgumentException e) {
            throw new PeeringException(e.getMessage(), e);
        }
    }

    private static Wildmat wildmat(String text) throws PeeringException {
        try {
            return Wildmat.parse(text);
        } catch (IllegalArgumentException e) {
            throw new PeeringException(e.getMessage(), e);
        }
    }

    private static String user(String identity) {
        return "peer-" + identity;
    }

    /** What is written about a peer. */
    private record Entry(String name, String identity, HostPort address, String pin,
            Wildmat accept, Wildmat send, String user, String password, String ourUser,
            String ourPassword) {
        String toToml() {
            return toToml("""
                    address = "%1$s"
                    %2$slogin = { user = "%3$s", password_file = "%4$s.out" }
                    send = "%5$s"
                    """.formatted(scheme(), pin.isEmpty() || address.tls() ? ""
                            : "starttls = true\n", ourUser, name, send));
        }

        /** It may feed us, and is not fed. */
        String toTomlOfGuest() {
            return toToml("");
        }

        private String toToml(String fed) {
            return """
                    # Joined by a token; written by Spillway. 'spillway peer remove %1$s' undoes it.
                    [[peer]]
                    name = "%1$s"
                    identity = "%2$s"
                    user = "%3$s"
                    %4$saccept = "%5$s"
                    %6$s
                    [[user]]
                    name = "%3$s"
                    password_file = "%1$s.in"
                    """.formatted(name, identity, user,
                            pin.isEmpty() ? "" : "certificates = [\"" + pin + "\"]\n", accept, fed);
        }

        Entry with(String otherUser, String otherPassword) {
            return new Entry(name, identity, address, pin, accept, send, user, password, otherUser,
                    otherPassword);
        }

        private String scheme() {
            return (address.tls() ? "nntps://" : "nntp://") + address.hostAndPort();
        }
    }

    /** Lets the peer log in and feed us, before it is known how we log in there. */
    private void letIn(Entry guest) throws PeeringException, IOException {
        checkPin(guest);
        write(guest, guest.toTomlOfGuest());
    }

    private static void checkPin(Entry entry) throws PeeringException {
        if (!entry.pin.isEmpty() && !entry.pin.matches("sha256:[0-9a-f]{64}")) {
            throw new PeeringException("the fingerprint of the other relay's certificate makes no"
                    + " sense");
        }
    }

    /** Writes the entry and has it hold, or leaves nothing behind. */
    private void establish(Entry entry) throws PeeringException, IOException {
        checkPin(entry);
        if (!entry.ourUser.matches("[!-~]{1,300}") || !entry.ourUser.equals(
                        entry.ourUser.replaceAll("[\"\\\\]", ""))
                || !entry.ourPassword.matches("[0-9a-f]{16,100}")) {
            throw new PeeringException("the other relay's answer makes no sense");
        }
        folder.write(entry.name + ".out", entry.ourPassword + "\n");
        write(entry, entry.toToml());
    }

    private void write(Entry entry, String toml) throws PeeringException, IOException {
        try {
            folder.write(entry.name + ".in", entry.password + "\n");
            folder.write(entry.name + ".toml", toml);
            apply("the peer could not be set up: ");
        } catch (PeeringException | IOException | RuntimeException e) {
            folder.forget(entry.name);
            throw e;
        }
    }

    /** Whether this is a peer that joined by a token. */
    boolean hasJoined(String peer) {
        return JoinedPeers.hasJoined(config.get(), peer);
    }
}
