package net.spillway.relay.intake;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.relay.trace.Decisions;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Presence;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes articles out that their posters cancel or supersede (RFC 5537, sections 5.3 and 5.4). Only
 * who shows the key to a lock of the article may (RFC 8315); an article without a lock stays. Every
 * other control message is stored and does nothing. Safe for use by many threads.
 */
final class Withdrawals {
    private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);
    private static final int MAX_KEYS_OCTETS = 4096;

    private static final int MAX_WAITING = 10_000;

    private final Spool spool;
    private final Executor worker;
    private final Decisions decisions;
    private final AtomicInteger waiting = new AtomicInteger();
    private final EarlyCancels early;

    /**
     * @param worker may wait for the disk
     * @param decisions is told what cancels do
     * @param early keeps those that come before their articles
     */
    Withdrawals(Spool spool, Executor worker, Decisions decisions, EarlyCancels early) {
        this.early = early;
        this.decisions = decisions;
        this.spool = spool;
        this.worker = worker;
    }

    /** What an article cancels or supersedes; empty if nothing. */
    static Optional<MessageId> target(ArticleHead head) {
        Optional<String> control = head.first("Control");
        if (control.isEmpty()) {
            return head.first("Supersedes").flatMap(MessageId::parse);
        }
        String[] words = control.get().strip().split("[ \t]+");
        return words.length == 2 && words[0].equalsIgnoreCase("cancel")
                ? MessageId.parse(words[1]) : Optional.empty();
    }

    /**
     * An article has been stored: does what it asks for, and what was asked for about it, a little
     * later.
     */
    void stored(NewArticle article) {
        if (!mentionsCancelling(article.head())) {
            return;
        }
        ArticleHead head;
        try {
            head = ArticleHead.parse(article.head(), 0, article.head().length);
        } catch (MalformedArticle e) {
            LOG.warn("the head of {} cannot be read: {}", article.id(), e.getMessage());
            return;
        }
        Optional<MessageId> target = target(head);
        List<CancelLock> keys = entries(head, "Cancel-Key");
        if (target.isPresent()) {
            run(() -> {
                if (keys.isEmpty()) {
                    ignore(target.get(), article.id());
                } else {
                    withdraw(target.get(), keys, article.id());
                }
            });
        }
        List<CancelLock> locks = entries(head, "Cancel-Lock");
        if (!locks.isEmpty() && wasCancelledEarly(article.id(), locks)) {
            run(() -> {
                spool.remove(article.id());
                decisions.cancel(article.id(), "removed: it had been cancelled before it came");
            });
        }
    }

    /** Few articles have such fields, and every article comes by here: so it is a mere glance. */
    private static boolean mentionsCancelling(byte[] head) {
        for (int i = 0; i + 7 < head.length; i++) {
            if ((i == 0 || head[i - 1] == '\n') && switch (head[i] | 0x20) {
                case 'c' -> begins(head, i, "cancel-") || begins(head, i, "control:");
                case 's' -> begins(head, i, "supersedes:");
                default -> false;
            }) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] head, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (from + i >= head.length
                    || Character.toLowerCase(head[from + i]) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean wasCancelledEarly(MessageId id, List<CancelLock> locks) {
        return CancelLock.opens(early.take(id), locks);
    }

    /** Removing waits for the disk, which the spool's own threads must not. */
    private void run(Removal removal) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            LOG.warn("too many cancels at once; one is not acted on");
            return;
        }
        worker.execute(() -> {
            try {
                removal.run();
            } catch (IOException e) {
                LOG.warn("a cancel could not be acted on: {}", e.getMessage());
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    /** Something that can fail with the disk. */
    @FunctionalInterface
    private interface Removal {
        void run() throws IOException;
    }

    private static List<CancelLock> entries(ArticleHead head, String field) {
        return head.first(field).filter(value -> value.length() <= MAX_KEYS_OCTETS)
                .map(CancelLock::parse).orElse(List.of());
    }

    /** Without a key nothing is done, and those who wonder why can read it in a trace. */
    private void ignore(MessageId target, MessageId by) {
        if (spool.presence(target) == Presence.STORED) {
            decisions.cancel(target, "not removed by " + by + ": it shows no key");
        }
        decisions.cancel(by, "takes nothing back: it shows no key to " + target);
    }

    private void withdraw(MessageId target, List<CancelLock> keys, MessageId by)
            throws IOException {
        // Noted first: the article may arrive between the two.
        early.note(target, keys);
        Optional<StoredArticle> found = spool.open(target);
        if (found.isEmpty()) {
            early.keep(target);
            decisions.cancel(by, "cancels " + target + ", which is not here; it will not stay if"
                    + " it comes and the key fits");
            return;
        }
        // It may have come a moment ago, and others have been early.
        List<CancelLock> all = Stream.concat(keys.stream(), early.take(target).stream()).toList();
        List<CancelLock> locks;
        try (StoredArticle article = found.get()) {
            byte[] head = article.readHead();
            locks = entries(ArticleHead.parse(head, 0, head.length), "Cancel-Lock");
        } catch (MalformedArticle e) {
            throw new IOException("the stored article " + target + " cannot be read", e);
        }
        boolean opened = CancelLock.opens(all, locks);
        if (opened) {
            spool.remove(target);
        }
        decisions.cancel(target, opened ? "removed: cancelled by " + by
                : "not removed by " + by + ": its key does not fit");
        decisions.cancel(by, (opened ? "took back " : "has no key that fits ") + target);
    }
}
