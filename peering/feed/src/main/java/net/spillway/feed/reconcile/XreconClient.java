package net.spillway.feed.reconcile;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Capabilities;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.protocol.reconcile.Asker;
import net.spillway.protocol.reconcile.ReconcileException;
import net.spillway.protocol.reconcile.RangeFrame;

/** The asking side of XRECON, over a conversation that has been logged in. */
final class XreconClient {
    static final int OPENED = 291;
    static final int FRAME = 292;
    static final int TOO_MANY = 491;

    private final PeerTalk talk;
    private Optional<String> choice = Optional.empty();

    XreconClient(PeerTalk talk) {
        this.talk = talk;
    }

    /** Whether the peer offers it to us. */
    boolean isOffered() throws IOException {
        Reply reply = talk.ask("CAPABILITIES");
        return reply.code() == ReplyCode.CAPABILITIES
                && Capabilities.parse(talk.block()).has("XRECON");
    }

    /** What both sides are to compare: the peer narrows what is proposed. */
    Scope open(Scope proposed) throws IOException {
        Reply reply = talk.ask("XRECON OPEN " + proposed.from() + " " + proposed.to(),
                Scope.lines(proposed.send()));
        if (reply.code() == TOO_MANY) {
            throw new TooManyArticlesException();
        }
        PeerTalk.expect(reply, OPENED);
        String accept = String.join("", talk.block());
        List<String> words = reply.words();
        choice = words.stream().skip(3).findFirst().filter(word ->
                word.matches("[0-9a-f]{" + 2 * Scope.CHOICE_OCTETS + "}"));
        try {
            return new Scope(Math.max(proposed.from(), Long.parseLong(words.get(0))),
                    Math.min(proposed.to(), Long.parseLong(words.get(1))), proposed.send(),
                    Wildmat.parse(accept),
                    Math.min(proposed.maxArticle(), Long.parseLong(words.get(2))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the peer's answer to XRECON OPEN makes no sense: " + reply, e);
        }
    }

    /** The groups that the peer takes from us; empty if it does not compare just now. */
    Optional<Wildmat> taken(Scope proposed) throws IOException {
        Reply reply = talk.ask("XRECON OPEN " + proposed.from() + " " + proposed.to(),
                Scope.lines(proposed.send()));
        if (reply.code() != OPENED) {
            return Optional.empty();
        }
        try {
            return Optional.of(Wildmat.parse(String.join("", talk.block())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A word for all by which the peer chooses what it takes from us, as it was when {@link #open}
     * was called: another when it has other groups. Empty if it does not say.
     */
    Optional<String> choice() {
        return choice;
    }

    /** Compares to the end. */
    void run(Asker asker) throws IOException, ReconcileException {
        while (!asker.isDone()) {
            for (byte[] frame : asker.frames()) {
                talk.say("XRECON FRAME", RangeFrame.toLines(frame));
            }
            PeerTalk.expect(talk.reply(), FRAME);
            asker.answered(RangeFrame.ofLines(talk.block()));
        }
        talk.ask("XRECON CLOSE");
    }
}
