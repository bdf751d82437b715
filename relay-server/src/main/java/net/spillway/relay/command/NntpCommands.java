package net.spillway.relay.command;

import java.util.List;
import java.util.function.Function;
import net.spillway.relay.command.ArticleCommand.Part;
import net.spillway.relay.session.CommandTable;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.Right;
import net.spillway.relay.session.Spec;

/**
 * The table of all commands: keyword, who may, how many arguments at least and at most, what
 * CAPABILITIES shows, help, and the class that does it.
 */
public final class NntpCommands {
    /** For arguments that may hold blanks, such as passwords. */
    private static final int ANY = Integer.MAX_VALUE;

    private final CommandTable table = new CommandTable(List.of(
            spec("CAPABILITIES", Right.PUBLIC, 0, 1, "", "CAPABILITIES",
                    new CapabilitiesCommand(this::table)),
            spec("HELP", Right.PUBLIC, 0, 0, "", "HELP", new HelpCommand(this::table)),
            instant("DATE", Right.PUBLIC, 0, 0, "", "DATE", new DateCommand()),
            instant("MODE", Right.PUBLIC, 1, 1, "", "MODE READER|STREAM", new ModeCommand()),
            instant("QUIT", Right.PUBLIC, 0, 0, "", "QUIT", new QuitCommand()),
            instant("STARTTLS", Right.START_TLS, 0, 0, "STARTTLS", "STARTTLS",
                    new StarttlsCommand()),
            spec("AUTHINFO", Right.LOGIN, 2, ANY, "AUTHINFO USER SASL\nSASL PLAIN",
                    "AUTHINFO USER name|PASS password|SASL PLAIN [response]",
                    new AuthinfoCommand()),
            new Spec("COMPRESS", Right.COMPRESS, 1, 1, CompressCommand::capability, false, false,
                    "COMPRESS DEFLATE", new CompressCommand()),

            spec("GROUP", Right.READ, 1, 1, "READER", "GROUP name", new GroupCommand(false)),
            spec("LISTGROUP", Right.READ, 0, 2, "READER", "LISTGROUP [name [range]]",
                    new GroupCommand(true)),
            spec("ARTICLE", Right.READ, 0, 1, "READER", "ARTICLE [message-ID|number]",
                    new ArticleCommand(Part.ARTICLE)),
            spec("HEAD", Right.READ, 0, 1, "READER", "HEAD [message-ID|number]",
                    new ArticleCommand(Part.HEAD)),
            spec("BODY", Right.READ, 0, 1, "READER", "BODY [message-ID|number]",
                    new ArticleCommand(Part.BODY)),
            spec("STAT", Right.READ, 0, 1, "READER", "STAT [message-ID|number]",
                    new ArticleCommand(Part.STAT)),
            spec("NEXT", Right.READ, 0, 0, "READER", "NEXT", new StepCommand(true)),
            spec("LAST", Right.READ, 0, 0, "READER", "LAST", new StepCommand(false)),
            spec("LIST", Right.READ, 0, 2,
                    ListCommand::capability, ListCommand.HELP, new ListCommand()),
            spec("OVER", Right.READ, 0, 1, "OVER MSGID", "OVER [message-ID|range]",
                    new OverCommand(false)),
            spec("XOVER", Right.READ, 0, 1, "", "XOVER [range]", new OverCommand(true)),
            spec("HDR", Right.READ, 1, 2, "HDR", "HDR field [message-ID|range]",
                    new HdrCommand(false)),
            spec("XHDR", Right.READ, 1, 2, "", "XHDR field [message-ID|range]",
                    new HdrCommand(true)),
            spec("XPAT", Right.READ, 3, ANY, "", "XPAT field message-ID|range pattern...",
                    new XpatCommand()),
            spec("NEWGROUPS", Right.READ, 2, 3, "READER", "NEWGROUPS yyyymmdd hhmmss [GMT]",
                    new NewgroupsCommand()),
            spec("NEWNEWS", Right.NEWNEWS, 3, 4, "NEWNEWS",
                    "NEWNEWS wildmat yyyymmdd hhmmss [GMT]", new NewnewsCommand()),
            spec("XHAVE", Right.READ, 1, 1, HaveCommand.CAPABILITY, HaveCommand.HELP,
                    new HaveCommand()),

            instant("POST", Right.POST, 0, 0, "POST", "POST", new PostCommand()),
            instant("IHAVE", Right.FEED, 1, 1, "IHAVE", "IHAVE message-ID", new IhaveCommand()),
            streaming("CHECK", "CHECK message-ID", new CheckCommand()),
            streaming("TAKETHIS", "TAKETHIS message-ID", new TakethisCommand()),

            spec("XRECON", Right.FEED, 1, 3, "XRECON", ReconcileCommand.HELP,
                    new ReconcileCommand()),
            spec("XSPILLWAY", Right.PUBLIC, 1, ANY, AdminCommand::capability, AdminCommand.HELP,
                    new AdminCommand())));

    /** The table. */
    public CommandTable table() {
        return table;
    }

    private static Spec spec(String keyword, Right right, int min, int max, String capability,
            String help, Handler handler) {
        return spec(keyword, right, min, max, conversation -> capability, help, handler);
    }

    private static Spec spec(String keyword, Right right, int min, int max,
            Function<Conversation, String> capability, String help, Handler handler) {
        return new Spec(keyword, right, min, max, capability, true, false, help, handler);
    }

    /** For what needs nothing but memory. */
    private static Spec instant(String keyword, Right right, int min, int max, String capability,
            String help, Handler handler) {
        return new Spec(keyword, right, min, max, conversation -> capability, false, false, help,
                handler);
    }

    private static Spec streaming(String keyword, String help, Handler handler) {
        return new Spec(keyword, Right.FEED, 1, 1, conversation -> "STREAMING", false, true,
                help, handler);
    }
}
