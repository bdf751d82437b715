package net.spillway.relay.command;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.feed.FeedStatus;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Traffic;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;

/**
 * XSPILLWAY STATUS, our own: a JSON object a line, first the relay, then each storage class, then
 * each feed. Fields may be
 * added; those that are there keep their meaning.
 */
record StatusCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) {
        return Answer.block(ReplyCode.LIST, "status follows",
                Lines.later(() -> lines(conversation.relay())));
    }

    private static List<String> lines(RelayParts relay) {
        List<String> lines = new ArrayList<>();
        SpoolStats spool = relay.spool().stats();
        lines.add(Json.object(relayFields(relay, spool)));
        spool.storage().forEach(storage -> lines.add(Json.object(storageFields(storage))));
        relay.feeds().get().forEach(feed -> lines.add(Json.object(feedFields(feed))));
        return lines;
    }

    private static Map<String, Object> relayFields(RelayParts relay, SpoolStats spool) {
        Traffic.Figures traffic = relay.traffic().figures();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("relay", relay.config().identity());
        fields.put("since", traffic.since().truncatedTo(ChronoUnit.SECONDS));
        fields.put("connections", traffic.connections());
        fields.put("connectionsSeen", traffic.connectionsSeen());
        fields.put("served", traffic.served());
        fields.put("posted", traffic.posted());
        fields.put("received", traffic.received());
        fields.put("duplicates", traffic.duplicates());
        fields.put("rejected", traffic.rejected());
        fields.put("deferred", traffic.deferred());
        fields.put("articles", spool.articles());
        fields.put("groups", spool.groups());
        fields.put("segments", spool.segments());
        fields.put("bytes", spool.bytes());
        fields.put("committed", spool.committed());
        fields.put("history", spool.historyEntries());
        fields.put("indexLag", spool.indexLag());
        fields.put("damage", String.join("; ", spool.damage()));
        fields.put("trouble", spool.trouble());
        return fields;
    }

    private static Map<String, Object> storageFields(StorageStats storage) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("storage", storage.name());
        fields.put("dir", storage.dir());
        fields.put("segments", storage.segments());
        fields.put("articles", storage.articles());
        fields.put("bytes", storage.bytes());
        fields.put("oldest", storage.oldest().orElse(null));
        fields.put("trouble", storage.trouble());
        return fields;
    }

    private static Map<String, Object> feedFields(FeedStatus feed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("feed", feed.peer());
        fields.put("address", feed.address());
        fields.put("state", feed.state());
        fields.put("connections", feed.connections());
        fields.put("cursor", feed.cursor());
        fields.put("lag", feed.lag());
        fields.put("offered", feed.offered());
        fields.put("accepted", feed.accepted());
        fields.put("refused", feed.refused());
        fields.put("rejected", feed.rejected());
        fields.put("deferred", feed.deferred());
        fields.put("waiting", feed.waiting());
        fields.put("bytes", feed.bytes());
        fields.put("lastError", feed.lastError().orElse(null));
        fields.put("connectedSince", feed.connectedSince().orElse(null));
        return fields;
    }
}
