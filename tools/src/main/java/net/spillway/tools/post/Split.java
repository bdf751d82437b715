package net.spillway.tools.post;

/**
 * Into what sizes a post is cut.
 *
 * @param articleSize octets of data in an article, but for the last of a file
 * @param sliceSize octets in a PAR2 slice: {@code articleSize} divided by a whole number, or
 *     multiplied by one
 * @param dataSlices slices of all files
 * @param recoverySlices slices of parity
 */
record Split(int articleSize, int sliceSize, int dataSlices, int recoverySlices) {
    Split {
        if (articleSize % sliceSize != 0 && sliceSize % articleSize != 0) {
            throw new IllegalArgumentException(
                    "an article is whole slices, or a slice whole articles");
        }
    }

    /** How many articles carry one slice; 1 if an article carries one or more. */
    int articlesPerSlice() {
        return Math.max(1, sliceSize / articleSize);
    }
}
