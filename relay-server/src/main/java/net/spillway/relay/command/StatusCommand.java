package net.spillway.relay.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import net.spillway.feed.FeedBacklog;
import net.spillway.feed.FeedStatus;
import net.spillway.protocol.Command;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Rights;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.ConnectionInfo;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.status.Snapshot;
import net.spillway.relay.status.StatusReader;
import net.spillway.relay.status.StorageFigures;
import net.spillway.relay.trace.Decision;
import net.spillway.relay.trace.SourceFigures;
import net.spillway.spool.Newsgroup;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;

/**
 * XSPILLWAY STATUS, our own: a JSON object a line, first the relay, then each storage class, each
 * outgoing feed, each source of articles, connections and groups. Which of them a line is about is
 * told by its first field. Fields may be added; those that are there keep their meaning. Groups
 * that the client may not read are not there for it, nor is what somebody said that may name one.
 */
record StatusCommand() implements Handler {
    private static final int MAX_CONNECTIONS = 500;
    private static final int MAX_GROUPS = 500;

    @Override
    public Answer answer(Conversation conversation, Command command) {
        Rights rights = conversation.rights();
        return Answer.block(ReplyCode.LIST, "status follows", Lines.later(() -> lines(
                new StatusReader(conversation.relay()).read(MAX_CONNECTIONS, MAX_GROUPS),
                rights)));
    }

    private static List<String> lines(Snapshot now, Rights rights) {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(relay(now));
        now.storage().forEach(storage -> all.add(storage(storage, now.at())));
        now.feeds().forEach(feed -> all.add(feed(feed, rights)));
        now.sources().forEach(source -> all.add(source(source, rights)));
        now.connections().forEach(connection -> all.add(connection(connection)));
        now.groups().stream().filter(group -> rights.sees(group.name()))
                .forEach(group -> all.add(group(group)));
        return all.stream().map(Json::object).toList();
    }

    private static Map<String, Object> relay(Snapshot now) {
        Traffic.Figures traffic = now.traffic();
        SpoolStats spool = now.spool();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("relay", now.identity());
        fields.put("since", traffic.since().truncatedTo(ChronoUnit.SECONDS));
        fields.put("connections", traffic.connections());
        fields.put("connectionsSeen", traffic.connectionsSeen());
        fields.put("served", traffic.served());
        fields.put("posted", traffic.posted());
        fields.put("received", traffic.received());
        fields.put("duplicates", traffic.duplicates());
        fields.put("rejected", traffic.rejected());
        fields.put("deferred", traffic.deferred());
        fields.put("octetsIn", traffic.octetsIn());
        fields.put("octetsOut", traffic.octetsOut());
        fields.put("articles", spool.articles());
        fields.put("groups", spool.groups());
        fields.put("segments", spool.segments());
        fields.put("bytes", spool.bytes());
        fields.put("committed", spool.committed());
        fields.put("history", spool.historyEntries());
        fields.put("indexLag", spool.indexLag());
        fields.put("damage", String.join("; ", spool.damage()));
        fields.put("damagedMissing", spool.missing());
        fields.put("trouble", spool.trouble());
        return fields;
    }

    private static Map<String, Object> storage(StorageFigures storage, Instant now) {
        StorageStats stats = storage.stats();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("storage", stats.name());
        fields.put("dir", stats.dir());
        fields.put("segments", stats.segments());
        fields.put("articles", stats.articles());
        fields.put("bytes", stats.bytes());
        fields.put("maxBytes", orNull(storage.keep().maxBytes()));
        fields.put("disk", storage.disk());
        fields.put("free", orNull(storage.free()));
        fields.put("oldest", stats.oldest().orElse(null));
        fields.put("reachSeconds", storage.reach(now).map(Duration::toSeconds).orElse(null));
        fields.put("maxAgeSeconds",
                storage.keep().maxAge().map(Duration::toSeconds).orElse(null));
        fields.put("trouble", stats.trouble());
        return fields;
    }

    private static Object orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static Map<String, Object> feed(Snapshot.Feed both, Rights rights) {
        FeedStatus feed = both.status();
        FeedBacklog backlog = both.backlog();
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
        fields.put("backlogArticles", backlog.articles());
        fields.put("backlogBytes", backlog.bytes());
        fields.put("backlogEstimated", backlog.estimated());
        fields.put("backlogOldest", backlog.oldest().orElse(null));
        fields.put("why", !rights.seesAll() ? "" : backlog.refusals().entrySet().stream()
                .map(e -> e.getValue() + " x " + e.getKey()).collect(Collectors.joining("; ")));
        fields.put("lastError", feed.lastError().orElse(null));
        fields.put("lastErrorAt", feed.lastErrorAt().orElse(null));
        fields.put("connectedSince", feed.connectedSince().orElse(null));
        return fields;
    }

    private static Map<String, Object> source(SourceFigures source, Rights rights) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", source.source().isEmpty() ? "posts" : source.source());
        fields.put("offered", source.offered());
        fields.put("unwanted", source.unwanted());
        fields.put("stored", source.stored());
        fields.put("duplicates", source.duplicates());
        fields.put("refused", source.refused()); // As it was called before "rejected", which
        fields.put("rejected", source.refused()); // the relay's and feeds' figures call it.
        fields.put("deferred", source.deferred());
        fields.put("bytes", source.bytes());
        fields.put("lastRefusal", source.lastRefusal().filter(r -> rights.seesAll())
                .map(Decision::why).orElse(null));
        return fields;
    }

    private static Map<String, Object> connection(ConnectionInfo connection) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("connection", connection.name());
        fields.put("tls", connection.tls());
        fields.put("compressed", connection.compressed());
        fields.put("user", connection.user().orElse(null));
        fields.put("peer", connection.peer().orElse(null));
        fields.put("rule", connection.rule());
        fields.put("since", connection.since().truncatedTo(ChronoUnit.SECONDS));
        fields.put("lastCommand", connection.lastCommand());
        fields.put("octetsIn", connection.octetsIn());
        fields.put("octetsOut", connection.octetsOut());
        return fields;
    }

    private static Map<String, Object> group(Newsgroup group) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("group", group.name());
        fields.put("status", group.status());
        fields.put("articles", group.count());
        fields.put("low", group.low());
        fields.put("high", group.high());
        return fields;
    }
}
