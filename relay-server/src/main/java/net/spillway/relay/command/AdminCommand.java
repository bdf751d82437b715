package net.spillway.relay.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.spillway.conf.Names;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Right;
import net.spillway.spool.Newsgroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XSPILLWAY, our own, for who looks after the relay. Codes of the form x9x are free for private
 * use (RFC 3977, section 3.2).
 *
 * <pre>
 * XSPILLWAY STATUS                               215 and a block
 * XSPILLWAY TRACE message-ID                     215 and a block
 * XSPILLWAY GROUP ADD name status [description]  290, 490 with the reason
 * XSPILLWAY GROUP SET name status [description]  290, 490
 * XSPILLWAY GROUP REMOVE name                    290, 490
 * XSPILLWAY RELOAD                               290, 490
 * XSPILLWAY PEER, DOCTOR and more                see PeerCommand
 * </pre>
 */
record AdminCommand() implements Handler {
    static final String HELP = "XSPILLWAY STATUS|TRACE message-ID"
            + "|GROUP ADD|SET name status [description]"
            + "|GROUP REMOVE name|RELOAD" + PeerCommand.HELP;

    private static final Logger LOG = LoggerFactory.getLogger(AdminCommand.class);
    private static final int DONE = 290;
    private static final int NOT_DONE = 490;
    private static final int MAX_DESCRIPTION = 500;

    /** The line of CAPABILITIES: what this client may do with it. */
    static String capability(Conversation conversation) {
        List<String> words = new ArrayList<>();
        if (conversation.may(Right.STATUS)) {
            words.add("STATUS");
            words.add("TRACE");
        }
        if (conversation.may(Right.ADMIN)) {
            words.add("GROUP");
        }
        if (mayReload(conversation)) {
            words.add("RELOAD");
            words.add("PEER");
            words.add("DOCTOR");
        }
        if (conversation.may(Right.FEED)) {
            words.add("SUBSCRIPTION");
            words.add("WANT");
        }
        return words.isEmpty() ? "" : "XSPILLWAY " + String.join(" ", words);
    }

    private static boolean mayReload(Conversation conversation) {
        return conversation.rights().admin().equals(Wildmat.ALL);
    }

    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        int words = command.arguments().size();
        String what = command.arguments().getFirst().toUpperCase(Locale.ROOT);
        Right right = switch (what) {
            case "STATUS", "TRACE" -> Right.STATUS;
            case "JOIN" -> Right.PUBLIC;
            case "SUBSCRIPTION", "WANT" -> Right.FEED;
            default -> Right.ADMIN;
        };
        Optional<Reply> refusal = conversation.refusal(right);
        if (refusal.isPresent()) {
            return new Answer.Line(refusal.get());
        }
        return switch (what) {
            case "STATUS" -> words > 1 ? usage()
                    : new StatusCommand().answer(conversation, command);
            case "TRACE" -> words != 2 ? usage()
                    : new TraceCommand().answer(conversation, command);
            case "RELOAD" -> words > 1 ? usage() : reload(conversation);
            case "JOIN" -> words > 1 ? usage() : PeerCommand.join(conversation);
            case "WANT" -> PeerCommand.want(conversation, command);
            case "SUBSCRIPTION" -> PeerCommand.subscription(conversation, command);
            case "PEER", "DOCTOR" -> !mayReload(conversation) ? onlyForAll()
                    : what.equals("PEER") ? PeerCommand.peer(conversation, command)
                    : words > 1 ? usage() : PeerCommand.doctor(conversation);
            case "GROUP" -> words < 3 ? usage() : group(conversation, command);
            default -> usage();
        };
    }

    private static Answer onlyForAll() {
        return Answer.line(ReplyCode.NOT_PERMITTED, "only who looks after all groups may");
    }

    private static Answer usage() {
        return Answer.line(ReplyCode.SYNTAX_ERROR, "usage: " + HELP);
    }

    private static Answer group(Conversation conversation, Command command) throws IOException {
        String name = command.arguments().get(2);
        boolean remove = command.hasWord(1, "REMOVE");
        if (remove ? command.arguments().size() != 3
                : !command.hasWord(1, "ADD") && !command.hasWord(1, "SET")
                        || command.arguments().size() < 4) {
            return usage();
        }
        if (!NewsgroupNames.isValid(name)) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "that is not a newsgroup name");
        }
        if (!remove && Names.isReservedGroup(name)) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "RFC 5536 reserves that name");
        }
        if (!conversation.rights().admin().matches(name)) {
            return Answer.line(ReplyCode.NOT_PERMITTED, "you may not look after " + name);
        }
        if (conversation.relay().config().groups().stream().anyMatch(g -> g.name().equals(name))) {
            return Answer.line(NOT_DONE, name + " stands in the configuration: change it there,"
                    + " and reload");
        }
        return remove ? remove(conversation, name)
                : put(conversation, name, command.hasWord(1, "ADD"), command.arguments().get(3),
                        command.rest(4));
    }

    private static Answer put(Conversation conversation, String name, boolean add, String status,
            String description) throws IOException {
        if (!List.of("y", "n", "m").contains(status)) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "the status is y, n or m");
        }
        if (description.length() > MAX_DESCRIPTION
                || description.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "the description is plain text of "
                    + MAX_DESCRIPTION + " characters at most");
        }
        RelayParts relay = conversation.relay();
        Optional<Newsgroup> known = relay.spool().group(name);
        if (known.isPresent() == add) {
            return Answer.line(NOT_DONE, add ? "there is a group " + name + " already"
                    : "there is no group " + name);
        }
        relay.spool().createGroup(name, status.charAt(0), description.isEmpty() && !add
                ? known.get().description() : description);
        LOG.info("session {}: group {} is now {}", conversation.name(), name, status);
        return Answer.line(DONE, add ? "added " + name : "changed " + name);
    }

    private static Answer remove(Conversation conversation, String name) throws IOException {
        if (!conversation.relay().spool().removeGroup(name)) {
            return Answer.line(NOT_DONE, "there is no group " + name);
        }
        LOG.info("session {}: group {} was removed", conversation.name(), name);
        return Answer.line(DONE, "removed " + name);
    }

    private static Answer reload(Conversation conversation) throws IOException {
        if (!mayReload(conversation)) {
            return onlyForAll();
        }
        List<String> wrong;
        try {
            wrong = conversation.relay().reload().call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return wrong.isEmpty() ? Answer.line(DONE, "the configuration was loaded anew")
                : Answer.line(NOT_DONE, oneLine(wrong));
    }

    /** The first fault, and how many there are: 'spillway config check' tells them all. */
    private static String oneLine(List<String> wrong) {
        String first = wrong.getFirst().replaceAll("\\p{Cntrl}", " ");
        String more = wrong.size() == 1 ? "" : " (and " + (wrong.size() - 1) + " more)";
        return "nothing was changed: " + first.substring(0, Math.min(first.length(), 380)) + more;
    }
}
