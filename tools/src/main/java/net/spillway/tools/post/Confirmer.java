package net.spillway.tools.post;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import net.spillway.protocol.MessageId;
import net.spillway.tools.Durations;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Inventory;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.progress.Progress;

/**
 * Asks mirrors time and again which articles they have, each in a thread of its own, until enough
 * of them have all. By XHAVE where a mirror offers it, else by pipelined STATs.
 */
final class Confirmer implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final PostRequest.Confirm wanted;
    private final IntFunction<MessageId> ids;
    private final Duration timeout;
    private final List<Watched> mirrors = new ArrayList<>();
    private final Progress.Task task;
    private final int articles;

    private static final class Watched {
        final ServerAddress address;
        final BitSet missing = new BitSet();
        Thread thread;
        String error = "no answer so far";

        Watched(ServerAddress address) {
            this.address = address;
        }
    }

    /**
     * Begins to ask.
     *
     * @param ids the message-IDs of all {@code articles}
     * @param timeout how long a mirror may be silent
     */
    Confirmer(PostRequest.Confirm wanted, int articles, IntFunction<MessageId> ids,
            Duration timeout, Progress progress) {
        this.wanted = wanted;
        this.ids = ids;
        this.timeout = timeout;
        this.articles = articles;
        this.task = progress.start("confirming",
                (long) articles * wanted.copies(), Progress.Unit.ARTICLES);
        for (ServerAddress address : wanted.mirrors()) {
            Watched mirror = new Watched(address);
            mirror.missing.set(0, articles);
            mirrors.add(mirror);
            mirror.thread = Thread.ofVirtual().name("confirm").unstarted(() -> watch(mirror));
        }
        mirrors.forEach(mirror -> mirror.thread.start());
    }

    /** Waits until enough mirrors have everything; false if they have not after that long. */
    synchronized boolean await(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (complete() < wanted.copies()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private long complete() {
        return mirrors.stream().filter(mirror -> mirror.missing.isEmpty()).count();
    }

    /** Articles that no mirror has; none unless one has said so. */
    synchronized BitSet missingEverywhere() {
        BitSet all = new BitSet();
        if (mirrors.stream().noneMatch(mirror -> mirror.error.isEmpty())) {
            return all;
        }
        all.set(0, articles);
        mirrors.forEach(mirror -> all.and(mirror.missing));
        return all;
    }

    /** What each mirror has, in the order they were named. */
    synchronized List<PostResult.Mirror> reports() {
        return mirrors.stream().map(mirror -> new PostResult.Mirror(mirror.address.toString(),
                mirror.missing.cardinality(), mirror.error)).toList();
    }

    /** The first few message-IDs that a mirror has not got. */
    synchronized List<String> examples(int mirror, int most) {
        return mirrors.get(mirror).missing.stream().limit(most)
                .mapToObj(n -> ids.apply(n).value()).toList();
    }

    private void watch(Watched mirror) {
        Duration pause = FIRST_PAUSE;
        try {
            while (!ask(mirror)) {
                Thread.sleep(pause);
                pause = Durations.doubled(pause, LONGEST_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    /** Asks once for what is missing; true if nothing is any more. */
    private boolean ask(Watched mirror) {
        BitSet missing;
        synchronized (this) {
            missing = (BitSet) mirror.missing.clone();
        }
        String error = "";
        BitSet found = new BitSet();
        try (PipelinedClient client = PipelinedClient.open(mirror.address, timeout, timeout)) {
            int[] numbers = missing.stream().toArray();
            List<MessageId> asked = missing.stream().mapToObj(ids).toList();
            boolean answers = Inventory.take(client, asked, (from, to, held) -> {
                held.stream().forEach(i -> found.set(numbers[from + i]));
                return true;
            });
            error = answers ? "" : mirror.address + " does not say which articles it has";
            client.quit();
        } catch (NntpException e) {
            error = e.getMessage();
        }
        synchronized (this) {
            mirror.missing.andNot(found);
            mirror.error = error;
            long had = mirrors.stream().mapToLong(m -> articles - m.missing.cardinality())
                    .sorted().skip(mirrors.size() - wanted.copies()).sum();
            task.at(had);
            notifyAll();
            return mirror.missing.isEmpty();
        }
    }

    @Override
    public void close() {
        mirrors.forEach(mirror -> mirror.thread.interrupt());
        task.close();
    }
}
