package net.spillway.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.spillway.protocol.Command;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AUTHINFO USER and PASS (RFC 4643, section 2.3), and SASL PLAIN (section 2.4 and RFC 4616). After
 * wrong passwords the next is looked at late, so that guessing takes long; nothing waits but the
 * client's own session.
 */
record AuthinfoCommand() implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(AuthinfoCommand.class);

    @Override
    public Answer answer(Conversation conversation, Command command) {
        if (command.hasWord(0, "USER")) {
            conversation.offerUser(Optional.of(command.rest(1)));
            return Answer.line(ReplyCode.PASSWORD_REQUIRED, "now the password");
        }
        if (command.hasWord(0, "PASS")) {
            Optional<String> user = conversation.offeredUser();
            conversation.offerUser(Optional.empty());
            return user.map(name -> password(conversation, name, command.rest(1)))
                    .orElseGet(() -> Answer.line(ReplyCode.AUTHENTICATION_OUT_OF_SEQUENCE,
                            "AUTHINFO USER comes first"));
        }
        if (command.hasWord(0, "SASL")) {
            conversation.offerUser(Optional.empty());
            return sasl(conversation, command);
        }
        return Answer.line(ReplyCode.SYNTAX_ERROR,
                "AUTHINFO USER, AUTHINFO PASS and AUTHINFO SASL are known");
    }

    private static Answer sasl(Conversation conversation, Command command) {
        if (!command.hasWord(1, "PLAIN")) {
            return Answer.line(ReplyCode.NOT_SUPPORTED, "only PLAIN is known here");
        }
        return switch (command.arguments().size()) {
            case 2 -> new Answer.Question(new Reply(ReplyCode.SASL_CONTINUE, "="),
                    line -> plain(conversation, line));
            case 3 -> plain(conversation, command.arguments().get(2));
            default -> Answer.line(ReplyCode.SYNTAX_ERROR, "one response at most");
        };
    }

    /** Whom to be (or nothing), who one is, and the password, with NUL between them. */
    private static Answer plain(Conversation conversation, String response) {
        if (response.strip().equals("*")) {
            return Answer.line(ReplyCode.AUTHENTICATION_FAILED, "as you like");
        }
        String[] parts;
        try {
            parts = new String(Base64.getDecoder().decode(response.strip()),
                    StandardCharsets.UTF_8).split("\0", -1);
        } catch (IllegalArgumentException e) {
            return Answer.line(ReplyCode.BASE64_ERROR, "that is not base64");
        }
        if (parts.length != 3) {
            return Answer.line(ReplyCode.AUTHENTICATION_OUT_OF_SEQUENCE,
                    "PLAIN has three parts with NUL between them");
        }
        if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
            return Answer.line(ReplyCode.AUTHENTICATION_FAILED, "nobody may act for another here");
        }
        return password(conversation, parts[1], parts[2]);
    }

    private static Answer password(Conversation conversation, String user, String password) {
        CompletableFuture<Boolean> checking = conversation.relay().logins()
                .check(conversation.client().address(), user, password);
        conversation.waitsFor(checking);
        return new Answer.Later(checking.handle((right, error) -> new Answer.Finish(
                () -> checked(conversation, user, right, error))));
    }

    /** On the session's own strand, since it changes who the client is. */
    private static Answer checked(Conversation conversation, String user, Boolean right,
            Throwable error) {
        if (error != null) {
            return Answer.line(ReplyCode.INTERNAL_FAULT,
                    "too many logins at once; try again later");
        }
        if (right) {
            LOG.info("session {}: logged in as {}", conversation.name(), user);
            return conversation.loggedInAs(user);
        }
        // A name that nobody has may be a password that was typed in the wrong place.
        LOG.warn("session {}: login failed from {}, {}", conversation.name(),
                conversation.client().address().getHostAddress(),
                conversation.relay().access().isAccount(user) ? "account " + user
                        : "no such account");
        return Answer.line(ReplyCode.AUTHENTICATION_FAILED, "no such user, or not the password");
    }
}
