package net.spillway.feed;

import static net.spillway.protocol.ReplyCode.CHECK_UNWANTED;
import static net.spillway.protocol.ReplyCode.TAKETHIS_REJECTED;
import static net.spillway.protocol.ReplyCode.TRANSFER_REJECTED;
import static net.spillway.protocol.ReplyCode.TRANSFER_UNWANTED;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;

/** Counts why a peer does not take articles, in its own words, of which it has any number. */
final class Refusals {
    /** What is counted apart; beyond that all is one. */
    private static final int MAX_REASONS = 16;
    private static final int MAX_LENGTH = 120;
    static final String OTHER = "other reasons";
    static final String UNWANTED = "not wanted when offered";
    static final String UNSAID = "sent, and rejected without a reason";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts the reply if it is a refusal. */
    void said(MessageId id, Reply reply) {
        switch (reply.code()) {
            // Thousands a second; the few that add words to it say no more than that.
            case CHECK_UNWANTED, TRANSFER_UNWANTED -> count(UNWANTED);
            case TAKETHIS_REJECTED, TRANSFER_REJECTED -> count(reason(id, reply.text()));
            default -> { }
        }
    }

    private static String reason(MessageId id, String text) {
        String words = text.startsWith(id.value()) ? text.substring(id.value().length()) : text;
        String plain = words.replaceAll("\\p{Cntrl}", "?").strip();
        return plain.isEmpty() ? UNSAID : plain.substring(0, Math.min(MAX_LENGTH, plain.length()));
    }

    private void count(String reason) {
        LongAdder known = counts.get(reason);
        if (known == null) {
            String kept = counts.size() < MAX_REASONS ? reason : OTHER;
            known = counts.computeIfAbsent(kept, r -> new LongAdder());
        }
        known.increment();
    }

    /** How often each reason was given. */
    Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
