package net.spillway.tools.fetch;

import java.util.Locale;
import net.spillway.tools.progress.Figures;

/**
 * What can come of a manifest, as far as mirrors have said what they have.
 *
 * @param articles of the data
 * @param lostArticles of these, those that no mirror has
 * @param slices of the data; 0 if that is not known
 * @param lostSlices of these, those of which something is in a lost article
 * @param recovery recovery slices that some mirror has
 * @param rough whether lost slices may be more, and recovery slices fewer
 */
record Outlook(int articles, int lostArticles, int slices, int lostSlices, int recovery,
        boolean rough) {
    boolean isRecoverable() {
        return lostSlices <= recovery;
    }

    /** Such as {@code 97.3 % here, 4 of 12 spare recovery slices needed: recoverable}. */
    String line() {
        double here = articles == 0 ? 100 : 100.0 * (articles - lostArticles) / articles;
        // Nobody is to read that all is there when a little is lacking.
        double shown = lostArticles > 0 ? Math.min(99.9, here) : here;
        String text = String.format(Locale.ROOT, "%.1f %% of the data's articles are here", shown);
        if (lostArticles == 0) {
            return rough && recovery == 0 ? text
                    : text + ", " + Figures.count(recovery, "spare recovery slice");
        }
        if (rough && slices == 0) {
            return text + (isRecoverable() ? "" : ", and no parity: not recoverable");
        }
        return text + ", " + (rough ? "at least " : "") + Figures.count(lostSlices)
                + (isRecoverable() ? " of " + Figures.count(recovery, "spare recovery slice")
                        + " needed: "
                        : " recovery slices needed, " + Figures.count(recovery) + " there: ")
                + (!isRecoverable() ? "not recoverable"
                        : rough ? "perhaps recoverable" : "recoverable");
    }
}
