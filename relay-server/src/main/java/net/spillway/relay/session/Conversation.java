package net.spillway.relay.session;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Allowance;
import net.spillway.relay.access.Client;
import net.spillway.relay.access.Rights;
import net.spillway.relay.intake.Sender;
import net.spillway.relay.trace.SourceCount;
import net.spillway.spool.OverviewLine;
import net.spillway.spool.StoredArticle;

/**
 * What lasts from one command of a client to the next: who it is, and where it is reading. Also
 * the one way for commands to get at articles, so that rights hold on every path. One owner at a
 * time.
 */
public final class Conversation {
    private final RelayParts relay;
    private final String name;
    private final Patience patience = new Patience();

    /** What is said to those of whom there are too many. */
    static final String TOO_MANY = "too many connections of yours; try again later";

    private Client client;
    private Optional<Allowance> allowance = Optional.empty();
    private boolean compressed;
    private Optional<Supplier<ConnectionInfo>> shown = Optional.empty();
    private String lastCommand = "";
    /** Of the peer at the other end, once they are needed. */
    private SourceCount source;
    private Sender sender;
    private String host;
    private Optional<String> login = Optional.empty();
    private Optional<String> offeredUser = Optional.empty();
    private Rights rights;
    private RelayConfig ruledBy;
    /** How often what is taken from peers had changed when the rights were looked up. */
    private long choices;
    private Optional<String> group = Optional.empty();
    private long current;
    /** What its client alone waits for, if anything. */
    private Future<?> awaited = CompletableFuture.completedFuture(null);

    /** @param name of the session, unique while the relay runs, for logs and offers */
    public Conversation(RelayParts relay, Client client, String name) {
        this.relay = relay;
        this.client = client;
        this.name = name;
        judge();
    }

    public RelayParts relay() {
        return relay;
    }

    public Client client() {
        return client;
    }

    public String name() {
        return name;
    }

    public Rights rights() {
        return rights;
    }

    /** The peer at the other end, once {@link Right#FEED} has been checked. */
    public PeerConfig peer() {
        return rights.peer().orElseThrow();
    }

    /**
     * The peer at the other end, as one who sends articles. Whom only a rule lets feed has no say
     * in groups that the rule does not name.
     */
    public Sender sender() {
        if (sender == null) {
            PeerConfig peer = peer();
            boolean configured = ruledBy.peers().contains(peer);
            sender = new Sender(peer, host(), configured ? Wildmat.ALL : peer.accept(), choices);
        }
        return sender;
    }

    /** The address at the other end, without the zone that an IPv6 address may have here. */
    public String host() {
        if (host == null) {
            String address = client.address().getHostAddress();
            int zone = address.indexOf('%');
            host = zone < 0 ? address : address.substring(0, zone);
        }
        return host;
    }

    /** Whom the client has logged in as. */
    public Optional<String> login() {
        return login;
    }

    /** The name of AUTHINFO USER while its password is awaited. */
    public Optional<String> offeredUser() {
        return offeredUser;
    }

    /** Nobody needs this any more if the client goes away. */
    public void waitsFor(Future<?> answer) {
        awaited = answer;
    }

    /** Notes or forgets the name of AUTHINFO USER. */
    public void offerUser(Optional<String> user) {
        offeredUser = user;
    }

    /**
     * The client has proved to be this user; its rights are those of the user from now on.
     *
     * @return what to say to it
     */
    public Answer loggedInAs(String user) {
        login = Optional.of(user);
        offeredUser = Optional.empty();
        return judgeAnew() ? Answer.line(ReplyCode.AUTHENTICATED, "welcome")
                : new Answer.Last(new Reply(ReplyCode.SERVICE_UNAVAILABLE, TOO_MANY));
    }

    /** A configuration that was loaded anew holds from the next command on. */
    boolean followConfiguration() {
        return ruledBy == relay.config() && choices == relay.intake().choices() || judgeAnew();
    }

    /** The client is another, or the rules are; false if there are too many of its kind. */
    private boolean judgeAnew() {
        judge();
        if (group.isPresent() && !rights.read().matches(group.get())) {
            leaveGroup();
        }
        leaveAllowance();
        return enterAllowance();
    }

    private boolean enterAllowance() {
        allowance = relay.allowances().enter(client, login, rights);
        return allowance.isPresent();
    }

    private void leaveAllowance() {
        allowance.ifPresent(relay.allowances()::leave);
        allowance = Optional.empty();
    }

    /** What the client may still use up. */
    public Allowance allowance() {
        return allowance.orElse(Allowance.NONE);
    }

    /** TLS has begun: all that is known of the client is its address and its certificate. */
    boolean secured(Client now) {
        client = now;
        offeredUser = Optional.empty();
        leaveGroup();
        return judgeAnew();
    }

    /** What a certificate says is known only when the handshake is done. */
    void shown(Client now) {
        client = now;
        judge();
    }

    /** What is said and heard is compressed from now on. */
    void compressed() {
        compressed = true;
        offeredUser = Optional.empty();
    }

    /** The selected group (RFC 3977, section 6.1.1). */
    public Optional<String> group() {
        return group;
    }

    /** The number of the current article, or 0 if there is none. */
    public long current() {
        return current;
    }

    /** Selects a group and its current article; 0 for none. */
    public void select(String newGroup, long number) {
        group = Optional.of(newGroup);
        current = number;
    }

    /** Makes another article of the selected group the current one. */
    public void moveTo(long number) {
        current = number;
    }

    private void judge() {
        ruledBy = relay.config();
        choices = relay.intake().choices(); // Before what is chosen, which may change meanwhile.
        rights = relay.access().rightsOf(ruledBy, client, login);
        source = null;
        sender = null;
        rights.peer().ifPresent(peer -> relay.peerSeen().accept(peer.name()));
    }

    private void leaveGroup() {
        group = Optional.empty();
        current = 0;
    }

    /** The first line the client is sent (RFC 3977, section 5.1). */
    public Reply greeting() {
        String identity = relay.config().identity();
        if (rights.peer().isPresent() && !rights.posts()) {
            return new Reply(ReplyCode.READY_POSTING_ALLOWED,
                    identity + " Spillway, feeding allowed");
        }
        return rights.posts()
                ? new Reply(ReplyCode.READY_POSTING_ALLOWED,
                        identity + " Spillway, posting allowed")
                : new Reply(ReplyCode.READY_POSTING_PROHIBITED, identity + " Spillway, no posting");
    }

    /** Whether commands that ask for this right may be used. */
    public boolean may(Right right) {
        return switch (right) {
            case PUBLIC -> true;
            case READ -> rights.reads();
            case NEWNEWS -> rights.newnews() && rights.reads();
            case POST -> rights.posts();
            case FEED -> rights.peer().isPresent();
            case STATUS -> rights.status();
            case ADMIN -> rights.administers();
            case LOGIN -> login.isEmpty() && !compressed && client.confidential()
                    && relay.access().hasAccounts();
            case START_TLS -> relay.tlsReady().getAsBoolean() && !client.tls()
                    && login.isEmpty() && !compressed;
            case COMPRESS -> !compressed && (rights.reads() || rights.posts()
                    || rights.peer().isPresent() || rights.administers() || rights.status());
        };
    }

    /** Why a command that asks for this right is refused; empty if it is not. */
    public Optional<Reply> refusal(Right right) {
        if (may(right)) {
            return overdrawn(right);
        }
        switch (right) {
            case LOGIN -> {
                return Optional.of(loginRefusal());
            }
            case START_TLS -> {
                return Optional.of(startTlsRefusal());
            }
            default -> { }
        }
        if (right == Right.COMPRESS && compressed) {
            return Optional.of(new Reply(ReplyCode.NOT_PERMITTED, "compression is on already"));
        }
        boolean canLogIn = login.isEmpty() && relay.access().hasAccounts() && !compressed;
        String address = client.address().getHostAddress();
        Optional<String> proof = right == Right.FEED
                ? relay.access().peerProof(client.address()) : Optional.empty();
        String noPeer = proof.map(what -> "a peer at " + address + " has to " + what)
                .orElse("no peer is configured here for " + address);
        if (canLogIn) {
            return Optional.of(new Reply(ReplyCode.AUTHENTICATION_REQUIRED,
                    right == Right.FEED ? noPeer + (proof.isPresent() ? "" : "; log in first")
                            : "log in first"));
        }
        return Optional.of(switch (right) {
            case FEED -> new Reply(ReplyCode.NOT_PERMITTED, noPeer);
            case POST -> new Reply(ReplyCode.POSTING_PROHIBITED, "you may not post here");
            default -> new Reply(ReplyCode.NOT_PERMITTED, "you may not do that here");
        });
    }

    /** Whoever has had all it may have this hour reads and posts later. */
    private Optional<Reply> overdrawn(Right right) {
        return switch (right) {
            case READ, NEWNEWS -> allowance().trafficRefusal()
                    .map(why -> new Reply(ReplyCode.INTERNAL_FAULT, why));
            case POST -> allowance().postingRefusal()
                    .map(why -> new Reply(ReplyCode.POSTING_PROHIBITED, why));
            default -> Optional.empty();
        };
    }

    /** RFC 4643, section 2.2, and 483 of section 2.1 for passwords that others could read. */
    private Reply loginRefusal() {
        if (login.isPresent()) {
            return new Reply(ReplyCode.NOT_PERMITTED, "you are logged in already");
        }
        if (compressed) {
            return new Reply(ReplyCode.NOT_PERMITTED, "log in before compression (RFC 8054)");
        }
        if (!relay.access().hasAccounts()) {
            return new Reply(ReplyCode.NOT_SUPPORTED, "nobody can log in here");
        }
        return new Reply(ReplyCode.ENCRYPTION_REQUIRED, "passwords are taken under TLS only");
    }

    /** RFC 4642, section 2.2.1; 580 is its word for what cannot be begun at all. */
    private Reply startTlsRefusal() {
        if (client.tls()) {
            return new Reply(ReplyCode.NOT_PERMITTED, "TLS is on already");
        }
        if (!relay.tlsReady().getAsBoolean()) {
            return new Reply(ReplyCode.TLS_FAILED, "there is no certificate here");
        }
        return new Reply(ReplyCode.NOT_PERMITTED, "TLS comes before AUTHINFO and COMPRESS");
    }

    /** Opens an article that the client may read, by its message-ID. */
    public Optional<StoredArticle> open(MessageId id) throws IOException {
        if (!mayRead(id)) {
            return Optional.empty();
        }
        return relay.spool().open(id);
    }

    /** Opens an article of the selected group. */
    public Optional<StoredArticle> open(long number) throws IOException {
        return relay.spool().open(group.orElseThrow(), number);
    }

    /** The overview of an article that the client may read. */
    public Optional<OverviewLine> overview(MessageId id) throws IOException {
        return relay.spool().overview(id)
                .filter(line -> rights.readsAll() || rights.mayReadOneOf(groupsOf(line)));
    }

    private boolean mayRead(MessageId id) throws IOException {
        return rights.readsAll() || overview(id).isPresent();
    }

    /** The groups an article is filed in here, as its Xref says (RFC 5536, section 3.2.14). */
    public static List<String> groupsOf(OverviewLine line) {
        return Arrays.stream(line.xref().split(" +"))
                .skip(1)
                .map(entry -> entry.substring(0, Math.max(0, entry.lastIndexOf(':'))))
                .toList();
    }

    /** How it stands; any thread may ask, and may see what was true a moment ago. */
    private ConnectionInfo info(Outlet connection, Instant since) {
        Rights now = rights;
        return new ConnectionInfo(name, client.address(), client.tls(), compressed, login,
                now.peer().map(PeerConfig::name), now.rule(), group, since, lastCommand,
                connection.octetsIn(), connection.octetsOut());
    }

    /** A command has come. */
    void heard(String keyword) {
        lastCommand = keyword;
    }

    /** What it owes the other sessions. */
    public Patience patience() {
        return patience;
    }

    /** Counts what comes from the peer at the other end. */
    public SourceCount source() {
        if (source == null) {
            source = relay.intake().decisions().source(peer().name());
        }
        return source;
    }

    /** The client is greeted or turned away. */
    boolean begun(Outlet connection) {
        Instant since = relay.clock().instant();
        shown = Optional.of(() -> info(connection, since));
        relay.traffic().connected(shown.get());
        return enterAllowance();
    }

    /** The connection is gone: what the client was about to send, others may. */
    void ended() {
        awaited.cancel(false);
        leaveAllowance();
        shown.ifPresent(relay.traffic()::disconnected);
        relay.offers().sessionEnded(name);
        relay.reconciliations().end(name);
    }
}
