package net.spillway.tools.fetch;

import java.util.BitSet;
import java.util.Collection;
import java.util.OptionalLong;

/**
 * Which slices of a file of ours are in which of its articles, before any of them has come: all
 * articles but the last are of one size, and slices are whole articles or articles whole slices.
 */
final class SliceMap {
    private final long length;
    private final long sliceSize;
    private final OptionalLong articleSize;

    /**
     * A file's slices.
     *
     * @param length octets of the file
     * @param articles how many there are
     * @param articlesPerSlice how many articles carry a slice if that is more than one; else 1
     */
    SliceMap(long length, int articles, long sliceSize, int articlesPerSlice) {
        this.length = length;
        this.sliceSize = sliceSize;
        this.articleSize = articleSize(articles, articlesPerSlice);
    }

    /** Octets of the file in each article but the last, if it can be told. */
    OptionalLong articleSize() {
        return articleSize;
    }

    private OptionalLong articleSize(int articles, int articlesPerSlice) {
        if (articlesPerSlice > 1) {
            return check(sliceSize / articlesPerSlice, articles);
        }
        return check(sliceSize * Math.ceilDiv(slices(), articles), articles);
    }

    private OptionalLong check(long size, int articles) {
        return size > 0 && Math.ceilDiv(length, size) == articles
                ? OptionalLong.of(size) : OptionalLong.empty();
    }

    /** Whether it can be told. */
    boolean isKnown() {
        return articleSize.isPresent();
    }

    int slices() {
        return (int) Math.ceilDiv(length, sliceSize);
    }

    /** The slices, counted from 0 in the file, that these articles carry something of. */
    BitSet slicesOf(Collection<Wanted> articles) {
        BitSet slices = new BitSet();
        long size = articleSize.orElseThrow();
        for (Wanted article : articles) {
            long from = article.position() * size;
            slices.set((int) (from / sliceSize),
                    (int) Math.ceilDiv(Math.min(length, from + size), sliceSize));
        }
        return slices;
    }
}
