package net.spillway.relay.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import net.spillway.conf.PeerConfig;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Command;
import net.spillway.protocol.LineDecoder;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Client;
import net.spillway.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's conversation: cuts what comes in into commands and articles, runs them in order,
 * and sends the replies in that order.
 *
 * <p>All methods run on the session's strand, an executor that runs one task after the other, so
 * nothing here is locked. Work is done in small turns, between which other sessions have theirs.
 * A turn ends early when there is nothing to do: no input, too many replies unsent, or an answer
 * that has to come first. Whatever changes that starts the next turn.
 *
 * <p>Commands run strictly one after the other, with one exception (RFC 4644): CHECK and TAKETHIS
 * are run while earlier TAKETHIS articles wait for the disk, so that a stream of articles shares
 * its fsyncs. Any other command waits until these are settled, and so sees their articles.
 */
public final class NntpSession {
    private static final Logger LOG = LoggerFactory.getLogger(NntpSession.class);
    private static final int STEPS_IN_A_TURN = 64;
    /** So many lines on end that are no commands are a flood, or somebody's lost article. */
    private static final int MAX_NONSENSE = 100;
    /** A command line of this length is no mistake any more. */
    private static final int MAX_LINE_OCTETS = 1 << 20;
    /** An article beyond the limit is swallowed up to here, and more if it may be large. */
    private static final long MAX_SWALLOWED_OCTETS = 64L << 20;

    /** What the session does with what comes in. */
    enum State {
        /** Commands. */
        COMMAND,
        /** An article that a command asked for or announced. */
        ARTICLE,
        /** Nothing: TLS is about to begin. */
        SECURING,
        /** Nothing: once the replies are out, both directions are compressed. */
        COMPRESSING,
        /** Nothing: once the replies are out, the connection closes. */
        CLOSING,
        /** The connection is gone. */
        CLOSED
    }

    private final CommandTable table;
    private final Conversation conversation;
    private final SessionExecutor strand;
    private final long pipelineBytes;
    private final ReplyQueue replies = new ReplyQueue();
    private final LineDecoder lines = LineDecoder.forCommands(Command.EXTENDED_OCTETS);
    private final Inflow input;

    private final Outlet connection;
    private final PacedOutlet paced;
    private Outlet outlet;
    private State state = State.COMMAND;
    private boolean turnDue;
    /** The next turn comes where it may wait. */
    private boolean moving;
    private boolean inputEnded;
    /** Read, but has to wait for articles that are being stored. */
    private Command held;
    /** Whether a command is under way whose end all others wait for. */
    private boolean blocked;
    /** Whether it has to wait for what it did; and whether that was told. */
    private boolean tarrying;
    private boolean slowed;
    private int storing;
    private long storingOctets;
    /** Answers that became known, and whether the strand is to look at them. */
    private final Queue<Runnable> known = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean settling = new AtomicBoolean();
    private BlockDecoder block;
    private int blockLimit;
    private Answer.Receiver receiver;
    private final HalfSent.Share halfSent;
    /** It was invited, and its sender waits for what becomes of it. */
    private boolean arriving;
    /** In this turn a part of an article has come that is not its end. */
    private boolean comesIn;
    private boolean articleStreams;
    private long articleLimit;
    /** What the next line goes to, if it is no command. */
    private Function<String, Answer> asked;
    /** What is said before TLS begins, while that waits for what was said earlier. */
    private ByteBuffer beforeTls;
    private int nonsense;
    private long lineOctets;

    /**
     * @param strand everything is called on it
     * @param pipelineBytes octets of articles that may wait for the disk before the next is read
     */
    public NntpSession(CommandTable table, Conversation conversation, Outlet outlet,
            SessionExecutor strand, long pipelineBytes) {
        this.table = table;
        this.conversation = conversation;
        this.connection = outlet;
        this.paced = new PacedOutlet(outlet, conversation::allowance,
                conversation.relay().timer(), () -> strand.execute(this::awake));
        this.outlet = paced;
        this.input = new Inflow(outlet);
        this.strand = strand;
        this.halfSent = conversation.relay().halfSent()
                .share(() -> strand.execute(this::giveUpArticle));
        this.pipelineBytes = pipelineBytes;
    }

    /** Greets the client (RFC 3977, section 5.1). */
    public void open() {
        if (!conversation.begun(connection)) {
            finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, Conversation.TOO_MANY));
            turn();
            return;
        }
        replies.place().fill(new Answer.Line(conversation.greeting()));
        turn();
    }

    /** Tells the client why it is not served, and closes. */
    public void refuse(String why) {
        conversation.begun(connection);
        finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, why));
        turn();
    }

    /** Octets came in; the buffer is the session's from now on. */
    public void receive(ByteBuffer octets) {
        if (state == State.CLOSING || state == State.CLOSED || state == State.SECURING) {
            outlet.consumed(octets);
            return;
        }
        input.add(octets);
        turn();
    }

    /**
     * Octets came in, in a buffer that stays its owner's. They are worked off as far as that can
     * be done now; what is left in the buffer is to be given to {@link #receive}, in another one.
     */
    public void lend(ByteBuffer octets) {
        if (state == State.CLOSING || state == State.CLOSED || state == State.SECURING) {
            octets.position(octets.limit());
        } else if (input.lend(octets)) {
            turn(octets.remaining());
            input.takeBack();
        }
    }

    /** The outlet is ready for more. */
    public void writable() {
        turn();
    }

    /** TLS has begun with the connection, and this is known of the client; before {@link #open}. */
    public void shown(Client now) {
        conversation.shown(now);
    }

    /** TLS has begun; what the client said and did before counts no more. */
    public void secured(Client now) {
        if (state == State.SECURING) {
            state = State.COMMAND;
            if (!conversation.secured(now)) {
                finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, Conversation.TOO_MANY));
            }
            turn();
        }
    }

    /** The client will send nothing more; what it sent is still answered. */
    public void inputEnded() {
        inputEnded = true;
        turn();
    }

    /** Nothing went either way for the time that is allowed. */
    public void idle() {
        if (state == State.CLOSED || blocked || storing > 0) {
            return;
        }
        if (!replies.isEmpty() || state == State.CLOSING || state == State.SECURING) {
            outlet.abort();
            return;
        }
        finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, "nothing was heard for too long; bye"));
        turn();
    }

    /** The relay stops: what was asked is still answered, nothing more is. */
    public void shutDown() {
        if (state == State.COMMAND && !blocked) {
            finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, "the relay is stopping; bye"));
        } else {
            inputEnded = true;
        }
        turn();
    }

    /** The connection is gone. */
    public void disconnected() {
        state = State.CLOSED;
        forgetArticle();
        replies.discard();
        input.close();
        if (outlet instanceof DeflatingOutlet deflating) {
            deflating.end();
            conversation.relay().compressors().giveBack();
        }
        conversation.relay().company().left(this);
        conversation.ended();
    }

    private void awake() {
        paced.awake();
        turn();
    }

    private void turn() {
        turn(STEPS_IN_A_TURN);
    }

    private void turn(int steps) {
        turnDue = false;
        if (state == State.CLOSED) {
            return;
        }
        conversation.relay().company().turn(this);
        try {
            // Replies are sent when a turn ends, so that many of them share a write; and articles
            // go to the disk then.
            boolean more;
            try (Spool.Bundle bundle = conversation.relay().spool().bundle()) {
                more = work(steps);
            }
            more |= pump();
            changeIfDue();
            if (comesIn) {
                comesIn = false;
                conversation.relay().offers().sends(conversation.name());
            }
            if (more) {
                again();
            } else {
                closeIfDone();
            }
        } catch (IOException | RuntimeException | Error e) {
            // A reply may be half sent: nothing sensible can follow it. Memory may be short.
            outlet.abort();
            LOG.warn("session {}: closed after an error", conversation.name(), e);
        }
    }

    /** Does what can be done now, but not for long; false if there is nothing left. */
    private boolean work(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            if (replies.full()) {
                pump();
            }
            if (!step()) {
                return false;
            }
        }
        return true;
    }

    /** Sends what can be sent now, but not for long; false if there is nothing left. */
    private boolean pump() throws IOException {
        if (replies.reads(outlet) && !strand.mayWait()) {
            move();
            return false;
        }
        return replies.pump(outlet);
    }

    /** Goes on where it may wait for the disk. */
    private void move() {
        if (!moving) {
            moving = true;
            strand.executeWaiting(() -> {
                moving = false;
                again(); // Behind what has come meanwhile, which it shares its writes with.
            });
        }
    }

    private void again() {
        if (!turnDue) {
            turnDue = true;
            strand.execute(this::turn);
        }
    }

    /** Does one thing; false if there is nothing that can be done now. */
    private boolean step() {
        if (blocked || tarries() || replies.full() || storingOctets > pipelineBytes) {
            return false;
        }
        if (state != State.COMMAND && state != State.ARTICLE) {
            return false;
        }
        if (!strand.mayWait() && waits()) {
            move();
            return false;
        }
        if (held != null) {
            return storing == 0 && runHeld();
        }
        ByteBuffer next = input.next();
        if (next == null) {
            if (input.isDamaged()) {
                finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, "this is not compressed"));
            }
            return false;
        }
        if (state == State.COMMAND) {
            readCommand(next);
        } else {
            readArticle(next);
        }
        return true;
    }

    /** Whether it has to wait for what it did, since others would wait for it otherwise. */
    private boolean tarries() {
        long nanos = tarrying ? 0 : conversation.patience().due(
                !conversation.relay().company().isOneAlone());
        if (nanos > 0) {
            tarrying = true;
            conversation.relay().timer().schedule(() -> strand.execute(this::goOn), nanos,
                    TimeUnit.NANOSECONDS);
            if (!slowed) {
                slowed = true;
                LOG.warn("session {}: {} is slowed down: it offers ever more that it does not"
                        + " send, or sends what nobody can take", conversation.name(),
                        conversation.rights().peer().map(PeerConfig::name).orElse("the client"));
            }
        }
        return tarrying;
    }

    private void goOn() {
        tarrying = false;
        turn();
    }

    /** Whether what comes next may have to wait for the disk. */
    private boolean waits() {
        return held != null ? storing == 0 && waits(held)
                : state == State.ARTICLE ? receiver.waits() : asked != null;
    }

    private boolean waits(Command command) {
        return table.find(command.keyword()).map(Spec::waits).orElse(false);
    }

    private void readCommand(ByteBuffer in) {
        int before = in.remaining();
        boolean whole = lines.feed(in);
        lineOctets += before - in.remaining();
        if (!whole) {
            if (lineOctets > MAX_LINE_OCTETS) {
                finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, "this is no command; bye"));
            }
            return;
        }
        lineOctets = 0;
        Function<String, Answer> question = asked;
        asked = null;
        switch (lines.line()) {
            case LineDecoder.TooLong line -> nonsense(ReplyCode.SYNTAX_ERROR,
                    "the line is longer than " + line.limit() + " octets");
            case LineDecoder.Complete line when question != null ->
                    say(question.apply(new String(line.bytes(), StandardCharsets.ISO_8859_1)));
            case LineDecoder.Complete line -> {
                try {
                    begin(Command.parse(line.bytes()));
                } catch (ProtocolException e) {
                    nonsense(line.bytes().length == 0 ? ReplyCode.UNKNOWN_COMMAND
                            : ReplyCode.SYNTAX_ERROR, e.getMessage());
                }
            }
        }
    }

    private void nonsense(int code, String why) {
        if (++nonsense > MAX_NONSENSE) {
            finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE,
                    "too many lines that are no commands; bye"));
        } else {
            say(Answer.line(code, why));
        }
    }

    private void begin(Command command) {
        if (storing > 0 && !table.find(command.keyword()).map(Spec::streaming).orElse(false)
                || !strand.mayWait() && waits(command)) {
            held = command;
        } else {
            run(command);
        }
    }

    private boolean runHeld() {
        Command command = held;
        held = null;
        run(command);
        return true;
    }

    private void run(Command command) {
        Spec spec = table.find(command.keyword()).orElse(null);
        if (spec == null) {
            nonsense(ReplyCode.UNKNOWN_COMMAND, "unknown command; HELP lists what there is");
            return;
        }
        nonsense = 0;
        conversation.heard(spec.keyword());
        articleStreams = spec.streaming();
        Answer answer = answer(spec, command);
        if (spec.blockFollows(command) && !(answer instanceof Answer.Receive)) {
            answer = swallow(answer);
        }
        say(answer);
    }

    private Answer answer(Spec spec, Command command) {
        if (!conversation.followConfiguration()) {
            return new Answer.Last(
                    new Reply(ReplyCode.SERVICE_UNAVAILABLE, Conversation.TOO_MANY));
        }
        Reply refusal = conversation.refusal(spec.right()).orElse(null);
        if (refusal != null) {
            return new Answer.Line(refusal);
        }
        if (!spec.takes(command)) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "usage: " + spec.help());
        }
        try {
            return spec.handler().answer(conversation, command);
        } catch (IOException e) { // A disk's fault says all there is to say; readers go on asking.
            LOG.error("session {}: {} failed: {}", conversation.name(), command, e.toString());
            LOG.debug("in", e);
            return Answer.line(ReplyCode.INTERNAL_FAULT, "something failed here; try again later");
        } catch (RuntimeException e) {
            LOG.error("session {}: {} failed", conversation.name(), command, e);
            return Answer.line(ReplyCode.INTERNAL_FAULT, "something failed here; try again later");
        }
    }

    /** Reads an article to its end and only then gives the answer. */
    private static Answer swallow(Answer answer) {
        return new Answer.Receive(Optional.empty(), 3, new Answer.Receiver() {
            @Override
            public Answer received(BlockDecoder.Complete article) {
                return answer;
            }

            @Override
            public Answer refused(String why) {
                return answer;
            }
        });
    }

    private void say(Answer answer) {
        switch (answer) {
            case Answer.Receive receive -> {
                if (receive.invitation().isPresent()) {
                    replies.place().fill(receive);
                    arriving = true;
                    conversation.relay().spool().arriving();
                }
                expect((int) Math.min(receive.maxOctets(), Integer.MAX_VALUE));
                receiver = receive.receiver();
                articleLimit = MAX_SWALLOWED_OCTETS + 4 * receive.maxOctets();
                state = State.ARTICLE;
            }
            case Answer.Question question -> {
                replies.place().fill(question);
                asked = question.next();
            }
            case Answer.Secure secure -> {
                beforeTls = ByteBuffer.wrap(secure.reply().toBytes());
                state = State.SECURING;
                input.discard();
            }
            case Answer.Compress compress -> compress(compress);
            case Answer.Later later -> await(later.answer(), false, 0);
            default -> settle(replies.place(), answer);
        }
    }

    /** The decoder is kept, since it knows how large the articles are that come here. */
    private void expect(int maxOctets) {
        if (block == null || blockLimit != maxOctets) {
            block = new BlockDecoder(maxOctets);
            blockLimit = maxOctets;
        }
    }

    /** TLS and compression begin when everything before is said. */
    private void changeIfDue() {
        if (!replies.isEmpty()) {
            return;
        }
        if (state == State.COMPRESSING) {
            outlet = new DeflatingOutlet(outlet);
            input.compressed();
            conversation.compressed();
            state = State.COMMAND;
            again();
        } else if (state == State.SECURING && beforeTls != null && outlet.ready()) {
            ByteBuffer lastWords = beforeTls;
            beforeTls = null;
            outlet.secure(lastWords);
        }
    }

    /** The reply itself is not compressed yet; so everything up to it is sent first. */
    private void compress(Answer.Compress answer) {
        if (!conversation.relay().compressors().take()) {
            say(Answer.line(ReplyCode.INTERNAL_FAULT,
                    "too many connections are compressed; go on without"));
            return;
        }
        replies.place().fill(answer);
        state = State.COMPRESSING;
    }

    private void settle(ReplyQueue.Place place, Answer answer) {
        place.fill(answer);
        if (answer instanceof Answer.Last) {
            replies.endWith(place);
            close();
        }
    }

    private void readArticle(ByteBuffer in) {
        if (!block.feed(in)) {
            halfSent.takes(block.held());
            comesIn = true;
            if (block.pending() > articleLimit) {
                finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE, "the article has no end; bye"));
            }
            return;
        }
        halfSent.takes(0);
        BlockDecoder.Block taken = block.block();
        Answer.Receiver to = receiver;
        receiver = null;
        state = State.COMMAND;
        switch (taken) {
            case BlockDecoder.TooLong b -> say(to.refused("too large: the article has "
                    + b.octets() + " octets, and " + b.limit() + " are allowed here"));
            case BlockDecoder.Complete b -> {
                Answer answer = to.received(b);
                if (answer instanceof Answer.Later later) {
                    await(later.answer(), articleStreams, b.length());
                } else {
                    say(answer);
                }
            }
        }
        arrived();
    }

    private void arrived() {
        if (arriving) {
            arriving = false;
            conversation.relay().spool().arrived();
        }
    }

    /** All half-sent articles together take too much memory, and none comes slower than this. */
    private void giveUpArticle() {
        if (!halfSent.isGivenUp()) {
            return;
        }
        finish(new Reply(ReplyCode.SERVICE_UNAVAILABLE,
                "too much is half sent here, and yours came slowest; try again later"));
        turn();
    }

    private void forgetArticle() {
        block = null;
        halfSent.takes(0);
        arrived();
    }

    /** Keeps the reply's place until its answer is known. */
    private void await(CompletionStage<? extends Answer> stage, boolean streams, int octets) {
        ReplyQueue.Place place = replies.place();
        storing += streams ? 1 : 0;
        storingOctets += octets;
        blocked |= !streams;
        stage.whenComplete((answer, error) -> known(() -> {
            storing -= streams ? 1 : 0;
            storingOctets -= octets;
            blocked &= streams;
            if (state == State.CLOSED) {
                return;
            }
            if (error != null) {
                LOG.error("session {}: an answer failed", conversation.name(), error);
            }
            settle(place, error == null ? finished(answer)
                    : Answer.line(ReplyCode.INTERNAL_FAULT, "something failed here; try again"));
        }));
    }

    /** An answer is known; on any thread. Others are as a rule, which share its turn. */
    private void known(Runnable answer) {
        known.add(answer);
        if (!settling.getAndSet(true)) {
            conversation.relay().spool().whenTold(() -> strand.execute(this::settleKnown));
        }
    }

    private void settleKnown() {
        settling.set(false); // First: who comes later asks again.
        for (Runnable answer = known.poll(); answer != null; answer = known.poll()) {
            answer.run();
        }
        again();
    }

    private static Answer finished(Answer answer) {
        return answer instanceof Answer.Finish finish ? finish.answer().get() : answer;
    }

    private void finish(Reply last) {
        if (state == State.COMMAND || state == State.ARTICLE || state == State.COMPRESSING) {
            settle(replies.place(), new Answer.Last(last));
        }
    }

    /** What is still unread will not be answered. */
    private void close() {
        state = State.CLOSING;
        held = null;
        forgetArticle();
        input.discard();
    }

    private void closeIfDone() {
        boolean nothingToCome = state == State.CLOSING
                || inputEnded && input.isEmpty() && held == null && !blocked && storing == 0;
        if (nothingToCome && replies.isEmpty()) {
            state = State.CLOSING;
            outlet.close();
        }
    }
}
