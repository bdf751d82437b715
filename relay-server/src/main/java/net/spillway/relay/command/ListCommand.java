package net.spillway.relay.command;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.spool.Newsgroup;

/** LIST and its variants (RFC 3977, sections 7.6, 8.4 and 8.6). Shows what may be read only. */
record ListCommand() implements Handler {
    /** RFC 3977, section 8.4. */
    private static final List<String> OVERVIEW_FORMAT = List.of("Subject:", "From:", "Date:",
            "Message-ID:", "References:", ":bytes", ":lines", "Xref:full");
    /** RFC 3977, section 8.6: a colon alone stands for every header there may be. */
    private static final List<String> HEADERS = List.of(":", ":bytes", ":lines");

    @Override
    public Answer answer(Conversation conversation, Command command) {
        String variant = command.arguments().isEmpty() ? "ACTIVE"
                : command.arguments().getFirst().toUpperCase(Locale.ROOT);
        return switch (variant) {
            case "ACTIVE" -> groups(conversation, command, ListCommand::activeLine);
            case "ACTIVE.TIMES" -> groups(conversation, command, ListCommand::timesLine);
            case "NEWSGROUPS" -> groups(conversation, command,
                    g -> g.name() + "\t" + g.description());
            case "OVERVIEW.FMT" -> fixed(command, OVERVIEW_FORMAT);
            case "HEADERS" -> headers(command);
            default -> Answer.line(ReplyCode.SYNTAX_ERROR, "there is no such list here");
        };
    }

    /** Name, highest and lowest number, status (RFC 3977, section 7.6.3). */
    static String activeLine(Newsgroup group) {
        return group.name() + " " + group.high() + " " + group.low() + " " + group.status();
    }

    private static String timesLine(Newsgroup group) {
        return group.name() + " " + group.created().getEpochSecond() + " local";
    }

    private static Answer groups(Conversation conversation, Command command,
            Function<Newsgroup, String> line) {
        Wildmat wanted = Wildmat.ALL;
        if (command.arguments().size() > 1) {
            try {
                wanted = Wildmat.parse(command.arguments().get(1));
            } catch (IllegalArgumentException e) {
                return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
            }
        }
        Wildmat names = wanted;
        return Answer.block(ReplyCode.LIST, "list follows", Lines.later(() ->
                readable(conversation).filter(g -> names.matches(g.name())).map(line).toList()));
    }

    /** The groups that the client may read. */
    static Stream<Newsgroup> readable(Conversation conversation) {
        Wildmat read = conversation.rights().read();
        return conversation.relay().spool().groups().stream().filter(g -> read.matches(g.name()));
    }

    private static Answer fixed(Command command, List<String> lines) {
        return command.arguments().size() > 1
                ? Answer.line(ReplyCode.SYNTAX_ERROR, "this list takes no argument")
                : Answer.block(ReplyCode.LIST, "list follows", Lines.of(lines));
    }

    private static Answer headers(Command command) {
        boolean plain = command.arguments().size() == 1;
        return plain || command.hasWord(1, "MSGID") || command.hasWord(1, "RANGE")
                ? Answer.block(ReplyCode.LIST, "list follows", Lines.of(HEADERS))
                : Answer.line(ReplyCode.SYNTAX_ERROR, "LIST HEADERS takes MSGID or RANGE");
    }
}
