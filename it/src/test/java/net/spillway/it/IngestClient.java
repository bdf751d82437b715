package net.spillway.it;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Sends articles to a relay until the connection breaks, and notes which were acknowledged. */
final class IngestClient {
    private static final int WINDOW = 20;
    private static final String DATE = DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC));

    private final String group;
    private final AtomicLong seeds;
    private final Map<String, TestArticle> sent;
    private final Queue<TestArticle> acknowledged;
    private final AtomicBoolean stop = new AtomicBoolean();

    /** Takes seeds from {@code seeds}; notes every article before it is sent, and every 2xx. */
    IngestClient(String group, AtomicLong seeds, Map<String, TestArticle> sent,
            Queue<TestArticle> acknowledged) {
        this.group = group;
        this.seeds = seeds;
        this.sent = sent;
        this.acknowledged = acknowledged;
    }

    /** Lets the senders end after the article in hand. */
    void stop() {
        stop.set(true);
    }

    private TestArticle next() {
        long seed = seeds.incrementAndGet();
        TestArticle article = TestArticle.seeded(seed, group, (int) (seed * 7919 % 30_000));
        sent.put(article.id(), article);
        return article;
    }

    /** Posts one after the other; the relay being gone ends it, any other trouble is an error. */
    void post(NntpWire wire) {
        untilGone(() -> {
            TestArticle article = next();
            note(article, "240", wire.post(article.wire()));
        });
    }

    /** Offers one after the other with IHAVE. */
    void ihave(NntpWire wire) {
        untilGone(() -> {
            TestArticle article = next();
            note(article, "235", wire.ihave(article.id(), relayed(article)));
        });
    }

    /** Sends with TAKETHIS, many ahead of the replies. */
    void takethis(NntpWire wire) {
        Deque<TestArticle> waiting = new ArrayDeque<>();
        untilGone(() -> {
            TestArticle article = next();
            wire.send("TAKETHIS " + article.id());
            wire.send(relayed(article));
            waiting.add(article);
            if (waiting.size() >= WINDOW) {
                String reply = wire.readLine();
                TestArticle first = waiting.remove();
                note(first, "239 " + first.id(), reply);
            }
        });
    }

    private byte[] relayed(TestArticle article) {
        return article.relayedWire("feeder.example.org!not-for-mail", DATE);
    }

    private void note(TestArticle article, String wanted, String reply) {
        if (!reply.startsWith(wanted)) {
            throw new AssertionError("instead of " + wanted + ": " + reply);
        }
        acknowledged.add(article);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void untilGone(Step step) {
        try {
            while (!stop.get()) {
                step.run();
            }
        } catch (IOException e) {
            // The relay was killed: what was acknowledged until then is noted.
        }
    }
}
