package net.spillway.relay.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import net.spillway.conf.ListsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.spool.Newsgroup;

/**
 * LIST and its variants (RFC 3977, sections 7.6, 8.4 and 8.6; RFC 6048). Shows what may be read
 * only. A list that the configuration leaves empty is answered 503, and not among the
 * capabilities.
 */
record ListCommand() implements Handler {
    static final String HELP = "LIST [ACTIVE|ACTIVE.TIMES|COUNTS|NEWSGROUPS|SUBSCRIPTIONS [wildmat]]"
            + "|DISTRIB.PATS|DISTRIBUTIONS|HEADERS [MSGID|RANGE]|MODERATORS|MOTD|OVERVIEW.FMT";

    /** RFC 3977, section 8.4. */
    private static final List<String> OVERVIEW_FORMAT = List.of("Subject:", "From:", "Date:",
            "Message-ID:", "References:", ":bytes", ":lines", "Xref:full");
    /** RFC 3977, section 8.6: a colon alone stands for every header there may be. */
    private static final List<String> HEADERS = List.of(":", ":bytes", ":lines");

    /** The line of CAPABILITIES (RFC 3977, section 7.6.2). */
    static String capability(Conversation conversation) {
        ListsConfig lists = conversation.relay().config().lists();
        List<String> words = new ArrayList<>(List.of("LIST", "ACTIVE", "ACTIVE.TIMES", "COUNTS"));
        addIf(words, lists.distribPats(), "DISTRIB.PATS");
        addIf(words, lists.distributions(), "DISTRIBUTIONS");
        words.add("HEADERS");
        addIf(words, lists.moderators(), "MODERATORS");
        addIf(words, lists.motd(), "MOTD");
        words.add("NEWSGROUPS");
        words.add("OVERVIEW.FMT");
        addIf(words, lists.subscriptions(), "SUBSCRIPTIONS");
        return String.join(" ", words);
    }

    private static void addIf(List<String> words, List<String> list, String word) {
        if (!list.isEmpty()) {
            words.add(word);
        }
    }

    @Override
    public Answer answer(Conversation conversation, Command command) {
        ListsConfig lists = conversation.relay().config().lists();
        String variant = command.arguments().isEmpty() ? "ACTIVE"
                : command.arguments().getFirst().toUpperCase(Locale.ROOT);
        return switch (variant) {
            case "ACTIVE" -> groups(conversation, command, GroupLines::active);
            case "ACTIVE.TIMES" -> groups(conversation, command, GroupLines::times);
            case "COUNTS" -> groups(conversation, command, GroupLines::counts);
            case "NEWSGROUPS" -> groups(conversation, command, GroupLines::newsgroups);
            case "OVERVIEW.FMT" -> fixed(command, OVERVIEW_FORMAT);
            case "HEADERS" -> headers(command);
            case "DISTRIB.PATS" -> fixed(command, lists.distribPats());
            case "DISTRIBUTIONS" -> fixed(command, lists.distributions());
            case "MODERATORS" -> fixed(command, lists.moderators());
            case "MOTD" -> fixed(command, lists.motd());
            case "SUBSCRIPTIONS" -> subscriptions(conversation, command, lists.subscriptions());
            default -> Answer.line(ReplyCode.SYNTAX_ERROR, "there is no such list here");
        };
    }

    private static Answer groups(Conversation conversation, Command command,
            Function<Newsgroup, String> line) {
        return named(command, wanted -> Answer.block(ReplyCode.LIST, "list follows",
                new GroupLines(conversation, group -> wanted.test(group.name()), line)));
    }

    /** RFC 6048, section 2.8: in the order of the configuration, which means something. */
    private static Answer subscriptions(Conversation conversation, Command command,
            List<String> names) {
        Wildmat read = conversation.rights().read();
        return names.isEmpty() ? absent() : named(command, wanted ->
                Answer.block(ReplyCode.LIST, "list follows", Lines.of(names.stream()
                        .filter(name -> wanted.test(name) && read.matches(name)
                                && conversation.relay().spool().group(name).isPresent())
                        .toList())));
    }

    /** Reads the wildmat that may follow the name of a list. */
    private static Answer named(Command command, Function<Predicate<String>, Answer> list) {
        if (command.arguments().size() < 2) {
            return list.apply(name -> true);
        }
        try {
            return list.apply(Wildmat.parse(command.arguments().get(1))::matches);
        } catch (IllegalArgumentException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
        }
    }

    private static Answer fixed(Command command, List<String> lines) {
        if (command.arguments().size() > 1) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, "this list takes no argument");
        }
        return lines.isEmpty() ? absent()
                : Answer.block(ReplyCode.LIST, "list follows", Lines.of(lines));
    }

    private static Answer absent() {
        return Answer.line(ReplyCode.NOT_SUPPORTED, "this list is not kept here");
    }

    private static Answer headers(Command command) {
        boolean plain = command.arguments().size() == 1;
        return plain || command.hasWord(1, "MSGID") || command.hasWord(1, "RANGE")
                ? Answer.block(ReplyCode.LIST, "list follows", Lines.of(HEADERS))
                : Answer.line(ReplyCode.SYNTAX_ERROR, "LIST HEADERS takes MSGID or RANGE");
    }
}
