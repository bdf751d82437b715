package net.spillway.relay.peering;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.feed.reconcile.Taken;
import net.spillway.protocol.Capabilities;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.spool.Newsgroup;
import net.spillway.spool.Spool;

/** Tries what a feed does, one step after the other, and says in words where it fails. */
final class PeerTest {
    private static final int CONNECT_MILLIS = 10_000;

    private final PeerConfig peer;
    private final Spool spool;
    private final Joining.Caller caller;
    private final List<PeerStep> steps = new ArrayList<>();

    PeerTest(PeerConfig peer, Spool spool, Joining.Caller caller) {
        this.peer = peer;
        this.spool = spool;
        this.caller = caller;
    }

    /** The steps up to the first that fails. */
    List<PeerStep> run() {
        if (peer.address().isEmpty()) {
            failed("address", "it has none: we only take from it. Add address = to feed it");
        } else if (resolves(peer.address().get()) && connects(peer.address().get())) {
            converse();
        }
        return steps;
    }

    private void well(String step, String words) {
        steps.add(new PeerStep(step, true, words));
    }

    private boolean failed(String step, String words) {
        steps.add(new PeerStep(step, false, words));
        return false;
    }

    private boolean resolves(HostPort address) {
        try {
            well("name", address.host() + " is " + Arrays.stream(
                    InetAddress.getAllByName(address.host())).map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", ")));
            return true;
        } catch (UnknownHostException e) {
            return failed("name", "the host name " + address.host()
                    + " cannot be resolved; correct its address, or the name service");
        }
    }

    private boolean connects(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            well("tcp", "something listens at " + address.hostAndPort());
            return true;
        } catch (IOException e) {
            return failed("tcp", "nothing answers at " + address.hostAndPort() + " ("
                    + e.getMessage() + "); is the relay running there, and is a firewall between?");
        }
    }

    private void converse() {
        try (PeerTalk talk = caller.call(peer)) {
            tls();
            well("login", peer.link().login().map(l -> "it takes our login " + l.user())
                    .orElse("none is asked for"));
            rightToFeed(talk);
        } catch (PeerTalk.NotBegun e) {
            if (e.stage() == PeerTalk.Stage.LOGIN) {
                tls();
                failed("login", e.getMessage() + "; correct the login, or ask whether it still has"
                        + " us as a peer");
                return;
            }
            failed(switch (e.stage()) {
                // Something listens, as was seen before: what is missing is a handshake.
                case CONNECTION -> peer.isFedUnderTls() ? "tls" : "greeting";
                case GREETING, LOGIN -> "greeting";
            }, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            failed("feed", String.valueOf(e.getMessage()));
        }
    }

    private void tls() {
        if (peer.isFedUnderTls()) {
            well("tls", peer.certificates().isEmpty() ? "its certificate is vouched for"
                    : "it showed the certificate that it is known by");
        }
    }

    private void rightToFeed(PeerTalk talk) throws IOException {
        Reply capabilities = talk.ask("CAPABILITIES");
        boolean spillway = false;
        boolean listed = false;
        if (capabilities.code() == ReplyCode.CAPABILITIES) {
            Capabilities all = Capabilities.parse(talk.block());
            spillway = all.has("XRECON");
            listed = all.has("STREAMING") || all.has("IHAVE");
        }
        Reply stream = talk.ask("MODE STREAM");
        Reply check = talk.ask((stream.code() == ReplyCode.STREAMING ? "CHECK " : "IHAVE ")
                + MessageId.random("test.invalid").value());
        boolean may = Set.of(ReplyCode.CHECK_SEND, ReplyCode.CHECK_LATER,
                ReplyCode.CHECK_UNWANTED, ReplyCode.TRANSFER_LATER, ReplyCode.TRANSFER_UNWANTED,
                ReplyCode.SEND_TRANSFER).contains(check.code());
        if (!may) {
            failed("feed", "it does not let us feed it: " + check + (listed ? "" : "; its admin has"
                    + " to enter us as a peer, with our address or login"));
            return;
        }
        well("feed", "it takes articles from us, " + (stream.code() == ReplyCode.STREAMING
                ? "streaming" : "by IHAVE") + (spillway ? ", and compares (XRECON)" : ""));
        if (check.code() != ReplyCode.SEND_TRANSFER) {
            groups(talk, Taken.by(talk).groups());
        }
    }

    /** @param taken which groups it takes from us, if it tells */
    private void groups(PeerTalk talk, Optional<Wildmat> taken) throws IOException {
        List<String> ours = spool.groups().stream().map(Newsgroup::name)
                .filter(name -> peer.feed().send().matches(name)).toList();
        if (ours.isEmpty()) {
            failed("groups", "no group that is carried here goes to it; look at its send ("
                    + peer.feed().send() + ")");
            return;
        }
        Reply reply = talk.ask("LIST ACTIVE");
        if (reply.code() != ReplyCode.LIST) {
            well("groups", ours.size() + " of ours go to it; it does not tell us which it carries");
            return;
        }
        Set<String> theirs = talk.block().stream().map(line -> line.split(" ")[0])
                .collect(Collectors.toSet());
        long common = ours.stream().filter(theirs::contains).count();
        String missing = ours.stream().filter(name -> !theirs.contains(name)).limit(5)
                .collect(Collectors.joining(", "));
        if (common == 0) {
            failed("groups", "it carries none of the " + ours.size() + " groups that we send it,"
                    + " or does not let us see them: " + missing);
            return;
        }
        String carried = common + " of the " + ours.size() + " groups we send it are carried there"
                + (missing.isEmpty() ? "" : "; not " + missing);
        if (taken.isEmpty()) {
            well("groups", carried + "; it does not tell which of them it takes from us");
            return;
        }
        long wanted = ours.stream().filter(theirs::contains).filter(taken.get()::matches).count();
        String takes = carried + "; it takes " + (wanted == 0 ? "none" : wanted == common
                ? "all" : wanted) + " of these from us (" + taken.get() + ")";
        if (wanted == 0) {
            failed("groups", takes + "; correct send, or have its admin widen accept");
        } else {
            well("groups", takes);
        }
    }
}
