package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillDuringIngestIT {
    private static final String GROUP = "it.crash";
    private static final int KILLS = 10;
    private static final Pattern XREF =
            Pattern.compile("^Xref: \\S+ .*?" + Pattern.quote(GROUP) + ":(\\d+)",
                    Pattern.MULTILINE);

    @TempDir
    Path temp;
    private final Map<String, TestArticle> sent = new ConcurrentHashMap<>();
    private final Queue<TestArticle> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong seeds = new AtomicLong();
    private final Map<String, Long> numberOf = new HashMap<>();
    private final Map<Long, String> idOf = new HashMap<>();

    @Test
    void tenKillsDuringIngestLoseNoAcknowledgedArticle() throws Exception {
        Random random = new Random(20260101);
        try (Federation federation = new Federation(temp)) {
            RelayProcess relay = federation.add("solo", GROUP);
            federation.extra("solo", """
                    [[peer]]
                    name = "feeder.example.org"
                    from = ["127.0.0.1"]
                    """);
            federation.start();
            for (int kill = 1; kill <= KILLS; kill++) {
                ingestAndKill(relay, acknowledged.size() + 20 + random.nextInt(200));
                relay.start();
                checkEverythingAcknowledged(relay, kill);
            }
            checkEverythingListed(relay);
            assertTrue(sent.size() > acknowledged.size(), "no kill came amid an article");
            assertEquals(0, relay.stop(), relay::log);
        }
    }

    private void ingestAndKill(RelayProcess relay, int enough) throws Exception {
        IngestClient client = new IngestClient(GROUP, seeds, sent, acknowledged);
        List<NntpWire> wires = List.of(relay.connect(), relay.connect(), relay.connect());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = List.of(
                    threads.submit(() -> client.post(wires.get(0))),
                    threads.submit(() -> client.ihave(wires.get(1))),
                    threads.submit(() -> client.takethis(wires.get(2))));
            try {
                Awaitility.await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> acknowledged.size() >= enough
                                || running.stream().anyMatch(Future::isDone));
                numbersSeenByAReader(relay);
            } finally {
                relay.kill();
                client.stop();
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
            assertTrue(acknowledged.size() >= enough, relay::log);
        } finally {
            for (NntpWire wire : wires) {
                wire.close();
            }
        }
    }

    /** Somebody who read before the crash knows articles by number, which must go on to hold. */
    private void numbersSeenByAReader(RelayProcess relay) throws Exception {
        List<TestArticle> some = new ArrayList<>(acknowledged);
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : some.subList(Math.max(0, some.size() - 10), some.size())) {
                note(article.id(), wire.askBlock("HEAD " + article.id()));
            }
        }
    }

    private void checkEverythingAcknowledged(RelayProcess relay, int kill) throws Exception {
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : acknowledged) {
                String reply = wire.ask("ARTICLE " + article.id());
                assertTrue(reply.startsWith("220"),
                        () -> "after kill " + kill + ", " + article.id() + ": " + reply);
                byte[] received = wire.readBlock();
                assertEquals("", article.differenceFrom(received), article.id());
                note(article.id(), received);
            }
        }
    }

    /** Notes the number an article has; it must never change, nor be another article's. */
    private void note(String id, byte[] received) {
        Matcher matcher = XREF.matcher(new String(received, StandardCharsets.ISO_8859_1));
        assertTrue(matcher.find(), () -> id + " has no Xref for " + GROUP);
        long number = Long.parseLong(matcher.group(1));
        Long before = numberOf.putIfAbsent(id, number);
        assertTrue(before == null || before == number,
                () -> id + " was number " + before + " and is " + number);
        String other = idOf.putIfAbsent(number, id);
        assertTrue(other == null || other.equals(id),
                () -> number + " is " + id + " and was " + other);
    }

    /** Also what was not acknowledged is whole if it is there, and under its own number. */
    private void checkEverythingListed(RelayProcess relay) throws Exception {
        try (NntpWire wire = relay.connect()) {
            assertTrue(wire.ask("GROUP " + GROUP).startsWith("211"));
            List<String> numbers = wire.askLines("LISTGROUP " + GROUP);
            assertTrue(numbers.size() >= acknowledged.size());
            for (String number : numbers) {
                String reply = wire.ask("ARTICLE " + number);
                assertTrue(reply.startsWith("220 " + number + " <"), reply);
                TestArticle article = sent.get(reply.split(" ")[2]);
                byte[] received = wire.readBlock();
                assertEquals("", article.differenceFrom(received), reply);
                note(article.id(), received);
                assertEquals(Long.parseLong(number), numberOf.get(article.id()));
            }
        }
    }
}
