package net.spillway.relay.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.spillway.feed.FeedBacklog;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.relay.session.ConnectionInfo;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.status.History;
import net.spillway.relay.status.Snapshot;
import net.spillway.relay.status.StorageFigures;
import net.spillway.relay.trace.Decision;
import net.spillway.relay.trace.SourceFigures;
import net.spillway.spool.Newsgroup;

/** The admin page. Made whole on the server; needs no script and nothing from elsewhere. */
final class StatusPage {
    static final int MAX_CONNECTIONS = 200;
    static final int MAX_GROUPS = 1000;
    private static final int MAX_DAMAGE = 20;

    private static final List<Chart> CHARTS = List.of(
            new Chart("Articles in a second", Words::number,
                    new Chart.Line("stored", History.Series.ARTICLES_IN),
                    new Chart.Line("rejected", History.Series.REFUSED)),
            new Chart("Articles out a second", Words::number,
                    new Chart.Line("to readers", History.Series.SERVED),
                    new Chart.Line("to peers", History.Series.FED)),
            new Chart("Bytes a second", Words::bytes,
                    new Chart.Line("in", History.Series.OCTETS_IN),
                    new Chart.Line("out", History.Series.OCTETS_OUT)),
            new Chart("Connections", Words::number,
                    new Chart.Line("open", History.Series.CONNECTIONS)),
            new Chart("Backlog of feeds", Words::number,
                    new Chart.Line("articles", History.Series.BACKLOG)),
            new Chart("Spool", Words::bytes, new Chart.Line("size", History.Series.SPOOL)));

    private final Snapshot now;
    private final History history;
    private final Html page = new Html();

    private StatusPage(Snapshot now, History history) {
        this.now = now;
        this.history = history;
    }

    /** The whole page. */
    static String of(Snapshot now, History history) {
        return new StatusPage(now, history).write();
    }

    private String write() {
        Pages.begin(page, now.identity(), true);
        page.raw("<header><h1>").text(now.identity()).raw("</h1><p>up ")
                .text(ago(now.traffic().since())).raw(", seen at ").text(Words.at(now.at()))
                .raw(" UTC</p><form method=post action=/logout><button>Log out</button></form>"
                        + "</header><main>");
        summary();
        warnings();
        tiles();
        page.raw("<section class=charts>");
        CHARTS.forEach(chart -> chart.draw(page, history));
        page.raw("</section>");
        feeds();
        sources();
        storage();
        connections();
        groups();
        refusals();
        page.raw("</main>");
        return Pages.end(page);
    }

    private String ago(Instant then) {
        return Words.time(Duration.between(then, now.at()));
    }

    /** What an admin wants to know first: whether there is anything to do. */
    private void summary() {
        long down = now.feeds().stream().filter(feed -> !isConnected(feed.status())).count();
        String feeds = now.feeds().isEmpty() ? "feeds nobody"
                : down == 0 ? "feeds all its " + Words.count(now.feeds().size()) + " peers"
                : "does not reach " + Words.count(down) + " of the "
                        + Words.count(now.feeds().size()) + " peers it feeds";
        boolean stores = now.spool().trouble().isEmpty()
                && now.storage().stream().allMatch(s -> s.stats().trouble().isEmpty());
        page.raw("<p id=summary>").text((stores ? "Takes articles" : "Takes no articles") + ", "
                + feeds + ", " + (now.spool().damage().isEmpty() ? "and knows of no damage."
                        : "and knows of damaged places.")).raw("</p>");
    }

    private static boolean isConnected(FeedStatus feed) {
        return feed.state() == FeedState.STREAMING || feed.state() == FeedState.IHAVE;
    }

    private void warnings() {
        if (!now.spool().trouble().isEmpty()) {
            warn("Nothing can be stored at the moment: " + now.spool().trouble());
        }
        for (StorageFigures storage : now.storage()) {
            if (!storage.stats().trouble().isEmpty()) {
                warn("Storage class " + storage.stats().name() + ": " + storage.stats().trouble());
            }
        }
        List<String> damage = now.spool().damage();
        damage.stream().limit(MAX_DAMAGE).forEach(place -> warn("Damaged: " + place));
        if (damage.size() > MAX_DAMAGE) {
            warn("and " + Words.count(damage.size() - MAX_DAMAGE) + " more damaged places");
        }
    }

    private void warn(String what) {
        page.raw("<p class=warning>").text(what).raw("</p>");
    }

    private void tiles() {
        Traffic.Figures traffic = now.traffic();
        page.raw("<dl class=tiles>");
        tile("connections", "Connections", Words.count(traffic.connections()),
                Words.count(traffic.connectionsSeen()) + " since the start");
        tile("received", "Articles from peers", Words.count(traffic.received()),
                Words.count(traffic.duplicates())
                        + (traffic.duplicates() == 1 ? " duplicate" : " duplicates")
                        + ", posted ones too");
        tile("posted", "Articles posted", Words.count(traffic.posted()),
                Words.count(traffic.rejected()) + " rejected, peers' too");
        tile("served", "Articles to readers", Words.count(traffic.served()), "or parts of them");
        tile("octets-in", "Bytes in", Words.bytes(traffic.octetsIn()), "on the wire");
        tile("octets-out", "Bytes out", Words.bytes(traffic.octetsOut() + fedOctets()),
                Words.bytes(fedOctets()) + " of it to peers");
        tile("articles", "Articles here", Words.count(now.spool().articles()),
                "in " + Words.count(now.spool().groups()) + " groups");
        tile("spool-bytes", "Spool", Words.bytes(now.spool().bytes()),
                Words.count(now.spool().historyEntries()) + " message-IDs known");
        page.raw("</dl>");
    }

    private long fedOctets() {
        return now.feeds().stream().mapToLong(feed -> feed.status().bytes()).sum();
    }

    private void tile(String id, String name, String value, String below) {
        page.raw("<div><dt>").text(name).raw("</dt><dd id=\"" + id + "\">").text(value)
                .raw("</dd><dd class=below>").text(below).raw("</dd></div>");
    }

    private void section(String title, String remark) {
        page.raw("<section><h2>").text(title).raw("</h2>");
        if (!remark.isEmpty()) {
            page.raw("<p class=remark>").text(remark).raw("</p>");
        }
    }

    private void feeds() {
        section("Feeds to peers", now.feeds().isEmpty() ? "This relay feeds nobody."
                : "Refused: offers that the peer did not want, mostly since it had the article."
                        + " Rejected: articles that it did not take.");
        if (!now.feeds().isEmpty()) {
            Table table = new Table(page, "feeds", "Peer", "State", "#Offered", "#Accepted",
                    "#Refused", "#Rejected", "#Deferred", "#Backlog", "#Oldest", "#Sent");
            now.feeds().forEach(feed -> feed(table, feed.status(), feed.backlog()));
            table.end();
            now.feeds().forEach(feed -> reasons(feed.status(), feed.backlog()));
        }
        page.raw("</section>");
    }

    private void feed(Table table, FeedStatus feed, FeedBacklog backlog) {
        String about = backlog.estimated() ? "about " : "";
        table.row().cell(feed.peer(), feed.address())
                .cell(state(feed), feed.connectedSince().map(since -> "for " + ago(since))
                        .orElse(""))
                .cell(Words.count(feed.offered())).cell(Words.count(feed.accepted()))
                .cell(Words.count(feed.refused())).cell(Words.count(feed.rejected()))
                .cell(Words.count(feed.deferred()))
                .cell(about + Words.count(backlog.articles()),
                        backlog.bytes() == 0 ? "" : about + Words.bytes(backlog.bytes()))
                .cell(backlog.oldest().map(this::ago).orElse("-"))
                .cell(Words.bytes(feed.bytes()));
    }

    private static String state(FeedStatus feed) {
        return switch (feed.state()) {
            case STREAMING -> "streaming";
            case IHAVE -> "ihave";
            case CONNECTING -> "connecting";
            case BACKING_OFF -> "backing off";
            case STOPPED -> "stopped";
        };
    }

    private void reasons(FeedStatus feed, FeedBacklog backlog) {
        String why = reasons(backlog.refusals());
        if (!why.isEmpty()) {
            page.raw("<p class=remark><b>").text(feed.peer()).raw("</b> did not take: ").text(why)
                    .raw("</p>");
        }
        feed.lastError().ifPresent(error -> {
            boolean over = isConnected(feed);
            page.raw(over ? "<p class=remark><b>" : "<p class=warning><b>").text(feed.peer())
                    .raw(over ? "</b> last error, got over: " : "</b> error: ").text(error)
                    .raw("</p>");
        });
    }

    private static String reasons(Map<String, Long> refusals) {
        return refusals.entrySet().stream()
                .map(reason -> Words.count(reason.getValue()) + " × " + reason.getKey())
                .collect(Collectors.joining("; "));
    }

    private void sources() {
        section("Articles in", now.sources().isEmpty() ? "Nobody has sent an article yet." : "");
        if (!now.sources().isEmpty()) {
            Table table = new Table(page, "sources", "From", "#Offered", "#Unwanted", "#Stored",
                    "#Duplicates", "#Rejected", "#Deferred", "#Bytes", "Last rejected");
            for (SourceFigures source : now.sources()) {
                table.row().cell(source.source().isEmpty() ? "posts" : source.source())
                        .cell(Words.count(source.offered())).cell(Words.count(source.unwanted()))
                        .cell(Words.count(source.stored()))
                        .cell(Words.count(source.duplicates()))
                        .cell(Words.count(source.refused()))
                        .cell(Words.count(source.deferred())).cell(Words.bytes(source.bytes()))
                        .cell(source.lastRefusal().map(Decision::why).orElse("-"),
                                source.lastRefusal().map(d -> ago(d.at()) + " ago").orElse(""));
            }
            table.end();
        }
        page.raw("</section>");
    }

    private void storage() {
        section("Spool", "");
        Table table = new Table(page, "storage", "Class", "Disk", "#Articles", "#Bytes",
                "#Limit", "#Free", "#Reaches back", "#Kept for");
        for (StorageFigures storage : now.storage()) {
            var stats = storage.stats();
            table.row().cell(stats.name(), Words.count(stats.segments())
                            + (stats.segments() == 1 ? " segment" : " segments"))
                    .cell(storage.disk(), stats.dir())
                    .cell(Words.count(stats.articles())).cell(Words.bytes(stats.bytes()))
                    .cell(storage.keep().maxBytes().isPresent()
                            ? Words.bytes(storage.keep().maxBytes().getAsLong()) : "none")
                    .cell(storage.free().isPresent()
                                    ? Words.bytes(storage.free().getAsLong()) : "-",
                            storage.total().isPresent()
                                    ? "of " + Words.bytes(storage.total().getAsLong()) : "")
                    .cell(storage.reach(now.at()).map(Words::time).orElse("-"))
                    .cell(storage.keep().maxAge().map(Words::time).orElse("ever"));
        }
        table.end();
        page.raw("</section>");
    }

    private void connections() {
        int shown = now.connections().size();
        section("Connections", shown < now.traffic().connections()
                ? "The oldest " + shown + " of " + Words.count(now.traffic().connections()) + "."
                : shown == 0 ? "Nobody is connected." : "");
        if (shown > 0) {
            Table table = new Table(page, "open", "Who", "Address", "Rule", "#For", "#In", "#Out",
                    "Last command");
            now.connections().forEach(connection -> connection(table, connection));
            table.end();
        }
        page.raw("</section>");
    }

    private void connection(Table table, ConnectionInfo connection) {
        String who = connection.peer().map(peer -> "peer " + peer)
                .or(connection::user).orElse("a reader");
        table.row().cell(who, connection.group().map(group -> "in " + group).orElse(""))
                .cell(connection.address().getHostAddress(),
                        (connection.tls() ? "TLS" : "plain")
                                + (connection.compressed() ? ", compressed" : ""))
                .cell(connection.rule()).cell(ago(connection.since()))
                .cell(Words.bytes(connection.octetsIn())).cell(Words.bytes(connection.octetsOut()))
                .cell(connection.lastCommand());
    }

    private void groups() {
        section("Groups", now.groups().size() < now.spool().groups()
                ? "The first " + now.groups().size() + " of " + Words.count(now.spool().groups())
                        + ", by name." : now.groups().isEmpty() ? "There is no group." : "");
        if (!now.groups().isEmpty()) {
            Table table = new Table(page, "groups", "Group", "Posting", "#Articles", "#Numbers");
            for (Newsgroup group : now.groups()) {
                table.row().cell(group.name(), group.description())
                        .cell(switch (group.status()) {
                            case 'y' -> "yes";
                            case 'm' -> "moderated";
                            default -> "no";
                        })
                        .cell(Words.count(group.count()))
                        .cell(group.count() == 0 ? "-" : group.low() + " to " + group.high());
            }
            table.end();
        }
        page.raw("</section>");
    }

    private void refusals() {
        if (now.refusals().isEmpty()) {
            return;
        }
        section("Articles rejected lately", "");
        Table table = new Table(page, "refusals", "When", "From", "Article", "Why");
        for (Decision decision : now.refusals()) {
            Optional<String> account = decision.origin().account();
            table.row().cell(ago(decision.at()) + " ago")
                    .cell(decision.origin().isPost() ? account.orElse("a poster")
                            : decision.origin().peer(), decision.origin().host())
                    .cell(decision.id().map(Object::toString).orElse("-"))
                    .cell(decision.why());
        }
        table.end();
        page.raw("</section>");
    }
}
