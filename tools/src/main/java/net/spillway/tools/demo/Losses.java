package net.spillway.tools.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.spillway.protocol.MessageId;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/** Chooses which articles get lost: so many that it hurts, and never more than parity covers. */
final class Losses {
    private Losses() {}

    /**
     * Chooses about {@code share} of all articles, at least one if parity covers that.
     *
     * @param sliceSize octets in a slice
     * @param recoverySlices how many there are
     * @param share of the articles, 0 to 1
     */
    static List<MessageId> choose(
            NzbFile manifest, long sliceSize, int recoverySlices, double share, long seed) {
        List<Article> articles = articles(manifest, sliceSize);
        Collections.shuffle(articles, new Random(seed));
        long wanted = Math.max(1, Math.round(articles.size() * share));
        List<MessageId> lost = new ArrayList<>();
        long spare = recoverySlices;
        for (Article article : articles) {
            if (lost.size() < wanted && article.slices() <= spare) {
                lost.add(article.id());
                spare -= article.slices();
            }
        }
        return lost;
    }

    /**
     * An article and what its loss costs: the slices it carries that then have to be repaired, or
     * the recovery slice that then is lacking.
     */
    private record Article(MessageId id, long slices) {}

    private static List<Article> articles(NzbFile manifest, long sliceSize) {
        Map<MessageId, Long> lengths = new HashMap<>();
        manifest.meta().stream().filter(meta -> meta.type().equals(NzbFile.FILE))
                .flatMap(meta -> FileNote.parse(meta.value()).stream())
                .forEach(note -> note.firstArticle().ifPresent(
                        id -> lengths.put(id, note.length())));
        List<Article> articles = new ArrayList<>();
        for (NzbFile.Entry entry : manifest.entries()) {
            long cost = 1;
            if (!entry.segments().isEmpty()) {
                Long length = lengths.get(entry.segments().getFirst().id());
                // An article of a file without a note counts as parity: one slice each.
                long slices = length == null ? 1 : Math.ceilDiv(length, sliceSize);
                cost = Math.max(1, Math.ceilDiv(slices, entry.segments().size()));
            }
            for (NzbFile.Segment segment : entry.segments()) {
                articles.add(new Article(segment.id(), cost));
            }
        }
        return articles;
    }
}
