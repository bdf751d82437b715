package net.spillway.relay.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.relay.status.Snapshot;
import net.spillway.relay.status.StatusReader;
import net.spillway.relay.status.StorageFigures;
import net.spillway.relay.trace.SourceFigures;

/** Writes the figures. Counters begin at zero when the relay starts. */
public final class Metrics {
    /** Version 0.0.4 of the text format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StatusReader status;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    /** What is being written; all of it is of one moment. Guarded by this. */
    private Snapshot now;

    /** Gives a value with the values of its labels. */
    @FunctionalInterface
    private interface Sink {
        void put(double value, String... labels);
    }

    /** Asks this for the figures. */
    public Metrics(StatusReader status) {
        this.status = status;
        relay();
        articles();
        feeds();
        spool();
        jvm();
    }

    /** The figures at this moment. */
    public synchronized byte[] write() throws IOException {
        now = status.read(0, 0);
        var out = new ByteArrayOutputStream(16 * 1024);
        writer.write(out, registry.scrape());
        return out.toByteArray();
    }

    private void relay() {
        gauge("spillway_start_time_seconds", "When the relay started, since the epoch.",
                s -> s.traffic().since().toEpochMilli() / 1000.0);
        gauge("spillway_connections", "Connections that are open.",
                s -> s.traffic().connections());
        counter("spillway_connections_opened", "Connections that were opened.",
                s -> s.traffic().connectionsSeen());
        counter("spillway_network_received_bytes",
                "Octets that came in from clients and from peers that connected.",
                s -> s.traffic().octetsIn());
        counter("spillway_network_sent_bytes", "Octets that went out to them.",
                s -> s.traffic().octetsOut());
    }

    private void articles() {
        counter("spillway_articles_served", "Articles and parts of them given to readers.",
                s -> s.traffic().served());
        counters("spillway_articles_received",
                "Articles that were sent to this relay, by what became of them.",
                (s, sink) -> s.sources().forEach(source -> received(source, sink)),
                "source", "outcome");
        counters("spillway_articles_stored_bytes", "Octets of the articles that were stored.",
                (s, sink) -> s.sources().forEach(source -> sink.put(source.bytes(),
                        name(source))), "source");
        counters("spillway_articles_offered", "Articles that peers offered to this relay.",
                (s, sink) -> s.sources().forEach(source -> sink.put(source.offered(),
                        name(source))), "source");
    }

    private static void received(SourceFigures source, Sink sink) {
        sink.put(source.stored(), name(source), "stored");
        sink.put(source.duplicates(), name(source), "duplicate");
        sink.put(source.refused(), name(source), "refused");
        sink.put(source.deferred(), name(source), "deferred");
    }

    private static String name(SourceFigures source) {
        return source.source().isEmpty() ? "posts" : source.source();
    }

    private void feeds() {
        gauges("spillway_feed_connections", "Connections of a feed that are past their greeting.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.status().connections(),
                        f.status().peer())), "peer");
        gauges("spillway_feed_up", "Whether a feed is connected.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(isUp(f.status()) ? 1 : 0,
                        f.status().peer())), "peer");
        counters("spillway_feed_offered_articles", "Articles that a peer was offered.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.status().offered(),
                        f.status().peer())), "peer");
        counters("spillway_feed_answers", "What a peer said to offers and to articles.",
                (s, sink) -> s.feeds().forEach(f -> answers(f.status(), sink)),
                "peer", "answer");
        counters("spillway_feed_sent_bytes", "Octets of the articles that a peer took.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.status().bytes(),
                        f.status().peer())), "peer");
        gauges("spillway_feed_backlog_articles", "Articles that a peer has yet to be offered.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.backlog().articles(),
                        f.status().peer())), "peer");
        gauges("spillway_feed_backlog_bytes", "Octets of them.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.backlog().bytes(),
                        f.status().peer())), "peer");
        gauges("spillway_feed_backlog_age_seconds", "How long the oldest of them has been here.",
                (s, sink) -> s.feeds().forEach(f -> sink.put(f.backlog().oldest()
                        .map(oldest -> Duration.between(oldest, s.at()).toMillis() / 1000.0)
                        .orElse(0.0), f.status().peer())), "peer");
    }

    private static boolean isUp(FeedStatus feed) {
        return feed.state() == FeedState.STREAMING || feed.state() == FeedState.IHAVE;
    }

    private static void answers(FeedStatus feed, Sink sink) {
        sink.put(feed.accepted(), feed.peer(), "accepted");
        sink.put(feed.refused(), feed.peer(), "refused");
        sink.put(feed.rejected(), feed.peer(), "rejected");
        sink.put(feed.deferred(), feed.peer(), "deferred");
    }

    private void spool() {
        gauge("spillway_spool_articles", "Articles that can be read.", s -> s.spool().articles());
        gauge("spillway_spool_groups", "Groups.", s -> s.spool().groups());
        gauge("spillway_history_entries", "Message-IDs that are known.",
                s -> s.spool().historyEntries());
        gauge("spillway_index_lag_articles", "Articles on disk that are not in the index yet.",
                s -> s.spool().indexLag());
        gauge("spillway_spool_waiting_bytes", "Octets that wait to be written.",
                s -> s.spool().backlogBytes());
        gauge("spillway_spool_damaged_places", "Damaged places whose articles have not come back.",
                s -> s.spool().damage().size());
        gauge("spillway_spool_missing_articles",
                "Articles that were damaged or lost and have not come back.",
                s -> s.spool().missing());
        gauge("spillway_spool_in_trouble", "Whether nothing can be stored at the moment.",
                s -> s.spool().trouble().isEmpty() ? 0 : 1);
        gauges("spillway_storage_bytes", "Octets of a storage class.",
                (s, sink) -> s.storage().forEach(c -> sink.put(c.stats().bytes(),
                        c.stats().name())), "class");
        gauges("spillway_storage_articles", "Articles stored in a class, removed ones included.",
                (s, sink) -> s.storage().forEach(c -> sink.put(c.stats().articles(),
                        c.stats().name())), "class");
        gauges("spillway_storage_free_bytes", "Octets that can be written to its disk.",
                (s, sink) -> s.storage().stream().filter(c -> c.free().isPresent()).forEach(c ->
                        sink.put(c.free().getAsLong(), c.stats().name())), "class");
        gauges("spillway_storage_in_trouble", "Whether it takes nothing at the moment.",
                (s, sink) -> s.storage().forEach(c -> sink.put(
                        c.stats().trouble().isEmpty() ? 0 : 1, c.stats().name())), "class");
        gauges("spillway_storage_reach_seconds", "How old its oldest article is.",
                (s, sink) -> s.storage().forEach(c -> sink.put(reach(c, s), c.stats().name())),
                "class");
    }

    private static double reach(StorageFigures storage, Snapshot at) {
        return storage.reach(at.at()).map(age -> age.toMillis() / 1000.0).orElse(0.0);
    }

    private void jvm() {
        gauge("spillway_heap_used_bytes", "Heap in use, garbage included.",
                s -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        gauge("spillway_heap_limit_bytes", "The most that the heap may take.",
                s -> Runtime.getRuntime().maxMemory());
    }

    private void gauge(String name, String help, ToDoubleFunction<Snapshot> value) {
        gauges(name, help, (s, sink) -> sink.put(value.applyAsDouble(s)));
    }

    private void counter(String name, String help, ToDoubleFunction<Snapshot> value) {
        counters(name, help, (s, sink) -> sink.put(value.applyAsDouble(s)));
    }

    private void gauges(String name, String help, BiConsumer<Snapshot, Sink> values,
            String... labels) {
        GaugeWithCallback.builder().name(name).help(help).labelNames(labels)
                .callback(callback -> values.accept(now, callback::call)).register(registry);
    }

    private void counters(String name, String help, BiConsumer<Snapshot, Sink> values,
            String... labels) {
        CounterWithCallback.builder().name(name).help(help).labelNames(labels)
                .callback(callback -> values.accept(now, callback::call)).register(registry);
    }
}
