package net.spillway.relay.command;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import net.spillway.conf.HostPort;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.ReconcileReport;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.peering.PeerAdmin;
import net.spillway.relay.peering.PeerStep;
import net.spillway.relay.peering.PeeringException;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of XSPILLWAY that are about peers. A hyphen stands for what is not given.
 *
 * <pre>
 * PEER LIST [name]                             291 and a JSON object a line
 * PEER INVITE name send accept address seconds 291 and the token, then lines of warning
 * PEER ACCEPT send address                     390, then the token as a line; 290
 * PEER TEST name                               291 and a JSON object a line
 * PEER PAUSE|RESUME|REMOVE name                290
 * PEER BACKFILL name since bytes-a-second      290; since in seconds since 1970
 * PEER COMPARE name seconds                    291 and a JSON object
 * PEER SUBSCRIBE name [wildmat]                290
 * DOCTOR                                       291 and a JSON object a line
 * JOIN             for relays: 390, then the secret and who they are; 291 and what they need
 * WANT message-ID         for peers: 290 if it is offered again, also if it came from there
 * SUBSCRIPTION [wildmat]  for peers: 290 and what they are fed
 * </pre>
 *
 * Each of them is answered 490 and the reason if it cannot be done, 491 if it can be soon.
 */
final class PeerCommand {
    static final String HELP = "|PEER LIST|INVITE|ACCEPT|TEST|PAUSE|RESUME|REMOVE|BACKFILL|COMPARE"
            + "|SUBSCRIBE|DOCTOR|JOIN|SUBSCRIPTION|WANT";

    private static final Logger LOG = LoggerFactory.getLogger(PeerCommand.class);
    private static final int DONE = 290;
    private static final int FOLLOWS = 291;
    private static final int GO_ON = 390;
    private static final int NOT_DONE = 490;
    private static final Answer USAGE = Answer.line(ReplyCode.SYNTAX_ERROR,
            "usage: XSPILLWAY PEER what name and more; HELP lists it");

    private PeerCommand() {
    }

    /** Something that can go wrong. */
    @FunctionalInterface
    private interface Deed {
        Answer run(PeerAdmin admin) throws PeeringException, IOException;
    }

    private static Answer later(Conversation conversation, Deed deed) {
        return later(conversation, deed, conversation.relay().peering().worker());
    }

    /** What waits for a peer, which may take its time, keeps no thread that serves others. */
    private static Answer talking(Conversation conversation, Deed deed) {
        return later(conversation, deed, conversation.relay().peering().talker());
    }

    private static Answer later(Conversation conversation, Deed deed, Executor executor) {
        PeerAdmin admin = conversation.relay().peering();
        return new Answer.Later(CompletableFuture.supplyAsync(() -> {
            try {
                return deed.run(admin);
            } catch (PeeringException e) {
                return Answer.line(e.isTemporary() ? PeerAdmin.TOO_SOON : NOT_DONE,
                        clean(e.getMessage()));
            } catch (IllegalArgumentException e) {
                return Answer.line(NOT_DONE, clean(e.getMessage()));
            } catch (IOException e) {
                LOG.error("session {}: looking after peers failed", conversation.name(), e);
                return Answer.line(NOT_DONE, "the disk failed: " + clean(e.getMessage()));
            }
        }, executor));
    }

    private static String clean(String text) {
        String line = String.valueOf(text).replaceAll("\\p{Cntrl}", " ");
        return line.substring(0, Math.min(line.length(), 400));
    }

    private static Answer done(String text) {
        return Answer.line(DONE, clean(text));
    }

    private static Answer objects(List<Map<String, Object>> objects) {
        return Answer.block(FOLLOWS, "follows",
                Lines.of(objects.stream().map(Json::object).toList()));
    }

    /** What an admin asks for: the words behind PEER. */
    static Answer peer(Conversation conversation, Command command) {
        List<String> words = command.arguments();
        if (words.size() < 2) {
            return USAGE;
        }
        String what = words.get(1).toUpperCase(Locale.ROOT);
        if (what.equals("LIST") && words.size() <= 3) {
            return later(conversation, admin -> objects(admin.list(words.stream().skip(2)
                    .findFirst())));
        }
        if (what.equals("ACCEPT") && words.size() == 4) {
            return new Answer.Question(new Reply(GO_ON, "send the token"), token ->
                    talking(conversation, admin -> done(admin.accept(token,
                            given(words.get(2)).map(Wildmat::parse),
                            given(words.get(3)).map(HostPort::parse)))));
        }
        return words.size() < 3 ? USAGE : one(conversation, what, words.get(2), words);
    }

    private static Answer one(Conversation conversation, String what, String name,
            List<String> words) {
        int count = words.size();
        return switch (what) {
            case "INVITE" -> count != 7 ? USAGE : later(conversation, admin -> Answer.block(
                    FOLLOWS, "the token follows", Lines.of(admin.invite(name,
                            Wildmat.parse(words.get(3)), Wildmat.parse(words.get(4)),
                            given(words.get(5)).map(HostPort::parse),
                            Duration.ofSeconds(Long.parseLong(words.get(6)))))));
            case "TEST" -> count != 3 ? USAGE : talking(conversation, admin ->
                    objects(admin.test(name).stream().map(PeerCommand::fields).toList()));
            case "PAUSE", "RESUME" -> count != 3 ? USAGE : later(conversation, admin ->
                    done(admin.pause(name, what.equals("PAUSE"))));
            case "REMOVE" -> count != 3 ? USAGE : later(conversation, admin ->
                    done(admin.remove(name)));
            case "BACKFILL" -> count != 5 ? USAGE : later(conversation, admin ->
                    done(admin.backfill(name, Instant.ofEpochSecond(Long.parseLong(words.get(3))),
                            Long.parseLong(words.get(4)))));
            case "COMPARE" -> count != 4 ? USAGE : talking(conversation, admin ->
                    objects(List.of(fields(admin.compare(name,
                            Duration.ofSeconds(Long.parseLong(words.get(3))))))));
            case "SUBSCRIBE" -> count > 4 ? USAGE : talking(conversation, admin ->
                    done(admin.subscribe(name, words.stream().skip(3).findFirst()
                            .map(Wildmat::parse))));
            default -> USAGE;
        };
    }

    private static Optional<String> given(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(word);
    }

    private static Map<String, Object> fields(PeerStep step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", step.step());
        fields.put("well", step.well());
        fields.put("words", step.words());
        return fields;
    }

    private static Map<String, Object> fields(ReconcileReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("peer", report.peer());
        fields.put("from", report.from());
        fields.put("until", report.until());
        fields.put("articles", report.articles());
        fields.put("lackingThere", report.lackingThere());
        fields.put("lackingHere", report.lackingHere());
        fields.put("pointless", report.pointless());
        fields.put("rounds", report.rounds());
        fields.put("octets", report.octets());
        fields.put("problem", report.problem().orElse(null));
        return fields;
    }

    /** What is not as it should be. */
    static Answer doctor(Conversation conversation) {
        return talking(conversation, admin -> objects(admin.doctor()));
    }

    /** A relay joins with a token; the secret in it is all that it needs to show. */
    static Answer join(Conversation conversation) {
        if (!conversation.client().confidential()) {
            return Answer.line(ReplyCode.ENCRYPTION_REQUIRED, "tokens are taken under TLS only");
        }
        return new Answer.Question(new Reply(GO_ON, "show the token's secret"), word ->
                talking(conversation, admin -> Answer.block(FOLLOWS, "welcome",
                        Lines.of(admin.admit(word)))));
    }

    /** A peer has lost an article and wants to be offered it again. */
    static Answer want(Conversation conversation, Command command) {
        Optional<MessageId> id = command.arguments().stream().skip(1).findFirst()
                .flatMap(MessageId::parse);
        if (id.isEmpty() || command.arguments().size() != 2) {
            return USAGE;
        }
        var peer = conversation.peer();
        return later(conversation, admin -> admin.want(peer, id.get())
                .map(why -> Answer.line(NOT_DONE, why)).orElseGet(() -> done("it comes")),
                conversation.relay().peering().reader());
    }

    /** A peer asks what it is fed, or narrows it. */
    static Answer subscription(Conversation conversation, Command command) {
        if (command.arguments().size() > 2) {
            return USAGE;
        }
        var peer = conversation.peer();
        return later(conversation, admin -> done(admin.subscription(peer,
                command.arguments().stream().skip(1).findFirst().map(Wildmat::parse))));
    }
}
