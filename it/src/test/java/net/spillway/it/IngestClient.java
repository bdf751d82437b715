package net.spillway.it;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends articles to a relay until the connection breaks, and notes which were acknowledged. */
final class IngestClient {
    private static final int WINDOW = 20;
    /** More would push out of a small spool what nobody has read back. */
    private static final int MOST_SENT = 180;
    private static final String DATE = DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC));

    private final CrashLedger ledger;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore left = new Semaphore(MOST_SENT);

    /** Takes articles from the ledger, and notes every 2xx there. */
    IngestClient(CrashLedger ledger) {
        this.ledger = ledger;
    }

    /** Lets the senders end after the article in hand. */
    void stop() {
        stop.set(true);
        stopped.countDown();
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

    /** Reads what was acknowledged just before. */
    void read(NntpWire wire, long seed) {
        Random random = new Random(seed);
        untilGone(() -> {
            String id = ledger.recent(random);
            String reply = wire.ask(id.isEmpty() ? "DATE" : "ARTICLE " + id);
            if (reply.startsWith("220")) {
                ledger.seen(id, wire.readBlock());
            } else if (!reply.startsWith("111")) {
                throw new AssertionError(id + " was acknowledged, and then: " + reply);
            }
        });
    }

    /** Waits to be stopped once enough was sent, with the connection as it is. */
    private TestArticle next() throws IOException {
        if (left.tryAcquire()) {
            return ledger.next();
        }
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("enough was sent");
    }

    private byte[] relayed(TestArticle article) {
        return article.relayedWire("feeder.example.org!not-for-mail", DATE);
    }

    private void note(TestArticle article, String wanted, String reply) {
        if (!reply.startsWith(wanted)) {
            throw new AssertionError("instead of " + wanted + ": " + reply);
        }
        ledger.acknowledged(article);
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
            // The relay was killed, or enough was sent: what was acknowledged until then is noted.
        }
    }
}
