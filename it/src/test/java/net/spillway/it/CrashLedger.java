package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What was sent to a relay that is killed time and again, and what it said to it. Afterwards every
 * article it acknowledged must be readable byte for byte, under the number it was ever seen with,
 * or have expired with all before it and still be known; and no number may ever be two articles'.
 * Safe for use by many threads.
 */
final class CrashLedger {
    private static final int OLDER_ONES = 100;
    /** All that one client sends may come in before a reader who was held up asks for them. */
    private static final int RECENT = 20;
    /** So many are asked for before the first answer is read. */
    private static final int AHEAD = 50;

    /** An article that can be made again from its seed. */
    record Sent(String id, long seed) {}

    private final String group;
    private final Pattern xref;
    private final AtomicLong seeds = new AtomicLong();
    private final Map<String, Long> seedOf = new HashMap<>();
    private final List<Sent> acknowledged = new ArrayList<>();
    private final Map<String, Long> numberOf = new HashMap<>();
    private final Map<Long, String> idOf = new HashMap<>();
    private int checkedUpTo;
    private long readAgain;
    private long expired;

    CrashLedger(String group) {
        this.group = group;
        this.xref = Pattern.compile("^Xref: \\S+ .*?" + Pattern.quote(group) + ":(\\d+)",
                Pattern.MULTILINE);
    }

    /** The next article to be sent; noted before it is. */
    TestArticle next() {
        long seed = seeds.incrementAndGet();
        TestArticle article = make(seed);
        synchronized (this) {
            seedOf.put(article.id(), seed);
        }
        return article;
    }

    private TestArticle make(long seed) {
        return TestArticle.seeded(seed, group, (int) (seed * 7919 % 24_000));
    }

    /** The relay has said that it has this article. */
    synchronized void acknowledged(TestArticle article) {
        acknowledged.add(new Sent(article.id(), seedOf.get(article.id())));
    }

    synchronized int acknowledged() {
        return acknowledged.size();
    }

    /** Any of the last that were acknowledged, for a reader. */
    synchronized String recent(Random random) {
        int from = Math.max(0, acknowledged.size() - RECENT);
        return acknowledged.isEmpty() ? ""
                : acknowledged.get(from + random.nextInt(acknowledged.size() - from)).id();
    }

    /** Compares an article that was read, and notes its number. */
    void seen(String id, byte[] received) {
        long seed;
        synchronized (this) {
            seed = seedOf.get(id);
        }
        assertEquals("", make(seed).differenceFrom(received), id);
        note(id, received);
    }

    private synchronized void note(String id, byte[] received) {
        Matcher matcher = xref.matcher(new String(received, StandardCharsets.ISO_8859_1));
        assertTrue(matcher.find(), () -> id + " has no Xref for " + group);
        long number = Long.parseLong(matcher.group(1));
        Long before = numberOf.putIfAbsent(id, number);
        assertTrue(before == null || before == number,
                () -> id + " was number " + before + " and is " + number);
        String other = idOf.putIfAbsent(number, id);
        assertTrue(other == null || other.equals(id),
                () -> number + " is " + id + " and was " + other);
    }

    /**
     * Reads what was acknowledged since the last time, and some of what came before.
     *
     * @param everything all of what came before, and all that is listed besides
     */
    void check(NntpWire wire, boolean everything, Random random) throws IOException {
        List<Sent> fresh;
        List<Sent> old;
        synchronized (this) {
            fresh = List.copyOf(acknowledged.subList(checkedUpTo, acknowledged.size()));
            old = List.copyOf(acknowledged.subList(0, checkedUpTo));
            checkedUpTo = acknowledged.size();
        }
        read(wire, fresh);
        read(wire, everything ? old : Stream.generate(() -> old.get(random.nextInt(old.size())))
                .limit(Math.min(OLDER_ONES, old.size())).toList());
        if (everything) {
            readAllListed(wire);
        }
    }

    /** Reads as many of the first that were acknowledged; of those none may have expired. */
    void checkFirst(NntpWire wire, int count) throws IOException {
        List<Sent> first;
        synchronized (this) {
            first = List.copyOf(acknowledged.subList(0, count));
        }
        read(wire, first);
        assertEquals(0, expired, "something is not there any more");
    }

    private void read(NntpWire wire, List<Sent> all) throws IOException {
        for (int from = 0; from < all.size(); from += AHEAD) {
            readSome(wire, all.subList(from, Math.min(from + AHEAD, all.size())));
        }
    }

    private void readSome(NntpWire wire, List<Sent> some) throws IOException {
        for (Sent one : some) {
            wire.send("ARTICLE " + one.id());
        }
        List<String> gone = new ArrayList<>();
        for (Sent one : some) {
            String reply = wire.readLine();
            if (reply.startsWith("220")) {
                seen(one.id(), wire.readBlock());
                readAgain++;
            } else {
                assertTrue(reply.startsWith("430") && numberOf.containsKey(one.id()),
                        () -> one.id() + " was acknowledged, and then: " + reply);
                gone.add(one.id());
            }
        }
        requireExpired(wire, gone);
    }

    private void requireExpired(NntpWire wire, List<String> gone) throws IOException {
        if (gone.isEmpty()) {
            return;
        }
        long last = gone.stream().mapToLong(numberOf::get).max().getAsLong();
        awaitExpiryOf(last, gone.toString(), wire);
        for (String id : gone) {
            wire.send("CHECK " + id);
        }
        for (String id : gone) {
            String reply = wire.readLine();
            assertTrue(reply.startsWith("438 " + id),
                    () -> id + " is not known any more: " + reply);
        }
        expired += gone.size();
    }

    /** It may be expiring at this very moment. */
    private void awaitExpiryOf(long last, String gone, NntpWire wire) throws IOException {
        if (lowest(wire) <= last) {
            Awaitility.await("the group to begin after " + last + ", or one of " + gone
                    + " is lost").atMost(Duration.ofMinutes(1)).until(() -> lowest(wire) > last);
        }
    }

    /** Articles that were found to have expired, and to be known. */
    synchronized long expired() {
        return expired;
    }

    private long lowest(NntpWire wire) throws IOException {
        return Long.parseLong(wire.ask("GROUP " + group).split(" ")[2]);
    }

    /** Also what was not acknowledged is whole if it is there, and under its own number. */
    private void readAllListed(NntpWire wire) throws IOException {
        for (String number : wire.askLines("LISTGROUP " + group)) {
            String reply = wire.ask("ARTICLE " + number);
            if (reply.startsWith("423")) {
                awaitExpiryOf(Long.parseLong(number), number, wire);
                continue;
            }
            assertTrue(reply.startsWith("220 " + number + " <"), reply);
            String id = reply.split(" ")[2];
            seen(id, wire.readBlock());
            assertEquals(Long.parseLong(number), numberOf.get(id));
        }
    }

    /** The counts. Whatever should not be has thrown before. */
    synchronized String summary() {
        return String.format("%d articles sent, %d acknowledged, 0 lost, 0 numbers given twice"
                + " (read again %d times, found expired and known %d times)", seedOf.size(),
                acknowledged.size(), readAgain, expired);
    }
}
