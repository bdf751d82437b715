package net.spillway.tools.post;

import static net.spillway.protocol.ReplyCode.GROUP;
import static net.spillway.protocol.ReplyCode.NO_SUCH_GROUP;

import java.util.ArrayList;
import java.util.List;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;

/**
 * Asks a server, before it is given its first article, whether it carries the groups. One of them
 * suffices, as for every cross-posting.
 */
final class GroupCheck {
    private GroupCheck() {}

    /** False if the server is of no use: it carries none of the groups. */
    static boolean passes(PipelinedClient client, PostingServers.Server server,
            PostingServers servers, PostRequest request) throws NntpException {
        if (server.hasGroups()) {
            return true;
        }
        List<String> lacking = new ArrayList<>();
        for (String group : request.groups()) {
            int code = client.ask("GROUP " + group).code();
            if (code == NO_SUCH_GROUP) {
                lacking.add(group);
            } else if (code != GROUP) {
                return true; // It doesn't say; posting will tell.
            }
        }
        if (lacking.size() == request.groups().size()) {
            servers.refuse(server, server.address + " carries no newsgroup "
                    + String.join(", ", lacking) + " (411)");
            return false;
        }
        servers.groupsAreThere(server, lacking);
        return true;
    }
}
