package net.spillway.tools.post;

import java.util.List;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/**
 * Chooses the sizes of slices and articles.
 *
 * <p>An article carries one slice, so that a lost article costs one slice. That gives way at both
 * ends. PAR2 has at most 32,768 slices: beyond that, a slice is several whole articles. And parity
 * must not take more than 1.2 times what was asked for, which it would when a recovery slice is
 * large beside the data, or when many files are smaller than a slice: then slices are smaller than
 * the part size. Articles shrink with them where that is needed so that parity covers at least
 * {@value #ARTICLES_COVERED} lost articles; otherwise an article carries several slices.
 *
 * <p>Whatever was asked for, parity makes good one lost article of data at least: of a few kilobytes
 * that alone can be more than the 1.2 times.
 *
 * <p>Without parity there is no set, and of what it can hold each file may have as much.
 */
final class Splitter {
    static final int MOST_SLICES = 32768;
    private static final double PARITY_AT_MOST = 1.2;
    private static final int ARTICLES_COVERED = 4;
    /** Below this an article is more header than data. */
    private static final int SMALLEST_ARTICLE = 1024;
    /** Ratio between slice sizes that are tried, in parts of 16. */
    private static final int FINENESS = 16;

    private Splitter() {}

    /**
     * Plans a post.
     *
     * @param lengths of the files; empty ones take no part in parity
     * @param redundancy parity in proportion to the data
     * @param partSize largest data in an article
     */
    static Split plan(List<Long> lengths, double redundancy, int partSize) {
        long data = lengths.stream().mapToLong(Long::longValue).sum();
        int part = partSize / 4 * 4;
        if (redundancy == 0) {
            return withoutSet(lengths, part);
        }
        if (slices(lengths, part) > MOST_SLICES) {
            return ofLargeSlices(lengths, data, redundancy, part);
        }
        long longest = longest(lengths);
        Split best = null;
        for (int k = 1; part / k >= 4; k += Math.max(1, k / FINENESS)) {
            int slice = part / k / 4 * 4;
            long n = slices(lengths, slice);
            if (n > MOST_SLICES) {
                break;
            }
            best = split(slice, k, (int) n, data, redundancy);
            if (wanted(n, redundancy) <= best.recoverySlices()) {
                break;
            }
        }
        return best.recoverySlices() >= slicesInAnArticle(best, longest) ? best
                : forOneArticle(best, lengths, longest, redundancy);
    }

    /** How many slices at most are lost with an article; there is but one file in each. */
    private static int slicesInAnArticle(Split split, long longest) {
        long held = Math.min(split.articleSize(), longest);
        return Math.toIntExact(Math.ceilDiv(held, split.sliceSize()));
    }

    /** One recovery slice in place of an article; among many tiny files several, of less. */
    private static Split forOneArticle(
            Split tooFew, List<Long> lengths, long longest, double redundancy) {
        int whole = (int) Math.min(SMALLEST_ARTICLE, Math.ceilDiv(longest, 4) * 4);
        int article = Math.min(whole, tooFew.articleSize() / 4 * 4);
        long n = slices(lengths, article);
        if (n <= MOST_SLICES && wanted(n, redundancy) <= 1) {
            return new Split(article, article, (int) n, 1);
        }
        return new Split(tooFew.articleSize(), tooFew.sliceSize(), tooFew.dataSlices(),
                slicesInAnArticle(tooFew, longest));
    }

    /** Article and slice are whole multiples one way or the other; parity is what is allowed. */
    private static Split split(int slice, int k, int n, long data, double redundancy) {
        long allowed = (long) Math.floor(PARITY_AT_MOST * redundancy * data / slice);
        int recovery = (int) Math.min(wanted(n, redundancy), allowed);
        int perArticle = Math.clamp(recovery / ARTICLES_COVERED, 1, k);
        int atLeast = Math.min(k, (SMALLEST_ARTICLE + slice - 1) / slice);
        return new Split(slice * Math.max(perArticle, atLeast), slice, n, recovery);
    }

    private static Split withoutSet(List<Long> lengths, int part) {
        long longest = longest(lengths);
        int slice = Math.ceilDiv(longest, part) <= MOST_SLICES ? part
                : ofLargeSlices(List.of(longest), longest, 0, part).sliceSize();
        return new Split(part, slice, Math.toIntExact(slices(lengths, slice)), 0);
    }

    private static Split ofLargeSlices(
            List<Long> lengths, long data, double redundancy, int part) {
        long files = lengths.stream().filter(length -> length > 0).count();
        if (files > MOST_SLICES) {
            throw new CommandFailure(ExitCode.FAILED, files + " files are more than one PAR2 set"
                    + " can hold (" + MOST_SLICES + "). Post them in several parts, or as an"
                    + " archive. Nothing was posted.");
        }
        for (long k = 2; k * part <= 1 << 30; k++) {
            int slice = (int) (k * part);
            long n = slices(lengths, slice);
            if (n <= MOST_SLICES) {
                Split split = split(slice, 1, (int) n, data, redundancy);
                return new Split(part, slice, (int) n, Math.max(1, split.recoverySlices()));
            }
        }
        throw new CommandFailure(ExitCode.FAILED, "The input is more than one PAR2 set can hold ("
                + MOST_SLICES + " slices of 1 GiB). Post it in several parts. Nothing was posted.");
    }

    private static long longest(List<Long> lengths) {
        return lengths.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static long slices(List<Long> lengths, long size) {
        return lengths.stream().mapToLong(length -> Math.ceilDiv(length, size)).sum();
    }

    private static long wanted(long slices, double redundancy) {
        // The tiny amount keeps 10 % of 100 from being 11 for want of binary digits.
        return Math.min(MOST_SLICES, (long) Math.ceil(slices * redundancy - 1e-9));
    }
}
