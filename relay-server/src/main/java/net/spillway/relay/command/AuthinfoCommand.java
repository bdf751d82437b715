package net.spillway.relay.command;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AUTHINFO USER and PASS (RFC 4643, section 2.3). A wrong password is answered late, so that
 * guessing takes long; nothing waits but the client's own session.
 */
record AuthinfoCommand() implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(AuthinfoCommand.class);
    private static final int FAILURE_MILLIS = 1000;

    @Override
    public Answer answer(Conversation conversation, Command command) {
        if (command.hasWord(0, "USER")) {
            conversation.offerUser(Optional.of(command.rest(1)));
            return Answer.line(ReplyCode.PASSWORD_REQUIRED, "now the password");
        }
        if (command.hasWord(0, "PASS")) {
            return conversation.offeredUser()
                    .map(user -> password(conversation, user, command.rest(1)))
                    .orElseGet(() -> Answer.line(ReplyCode.AUTHENTICATION_OUT_OF_SEQUENCE,
                            "AUTHINFO USER comes first"));
        }
        return Answer.line(ReplyCode.SYNTAX_ERROR, "AUTHINFO USER and AUTHINFO PASS are known");
    }

    private static Answer password(Conversation conversation, String user, String password) {
        conversation.offerUser(Optional.empty());
        if (conversation.relay().access().authenticates(user, password)) {
            conversation.loggedInAs(user);
            LOG.info("session {}: logged in as {}", conversation.name(), user);
            return Answer.line(ReplyCode.AUTHENTICATED, "welcome");
        }
        LOG.warn("session {}: login failed from {}", conversation.name(),
                conversation.client().address().getHostAddress());
        CompletableFuture<Answer> later = new CompletableFuture<>();
        conversation.relay().timer().schedule(
                () -> later.complete(Answer.line(ReplyCode.AUTHENTICATION_FAILED,
                        "no such user, or not the password")),
                FAILURE_MILLIS, TimeUnit.MILLISECONDS);
        return new Answer.Later(later);
    }
}
